#include "train/trainer.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <string>

#include "coloured_dataset.hpp"
#include "train/classifier.hpp"

namespace sortlab {
namespace {

using test::coloured_dataset;

TrainOptions small_options(const char* preset, int size, int epochs) {
  TrainOptions options = preset_train_options(preset);
  options.preprocessing.size = size;
  options.epochs = epochs;
  options.batch_size = 16;
  options.seed = 3;
  return options;
}

Status train_to_end(Trainer& trainer) {
  Status status;
  while (status.ok() && trainer.progress().phase != Phase::kDone) status = trainer.train_for(1e9);
  return status;
}

struct Outcome {
  std::vector<EpochResult> history;
  Model model;
  Progress progress;
};

Outcome run(const TrainOptions& options, const Dataset& dataset, int threads, double slice = 1e9) {
  ThreadPool pool(threads);
  Result<std::unique_ptr<Trainer>> trainer = Trainer::create(options, dataset, pool);
  REQUIRE_MESSAGE(trainer.ok(), trainer.status().message());
  while ((*trainer)->progress().phase != Phase::kDone) {
    const Status status = (*trainer)->train_for(slice);
    REQUIRE_MESSAGE(status.ok(), status.message());
  }
  const std::vector<EpochResult> history = (*trainer)->history();
  const Progress progress = (*trainer)->progress();
  return {history, (*trainer)->finish(), progress};
}

bool same_history(const std::vector<EpochResult>& a, const std::vector<EpochResult>& b) {
  if (a.size() != b.size()) return false;
  for (std::size_t i = 0; i < a.size(); ++i) {
    if (a[i].train_loss != b[i].train_loss || a[i].train_accuracy != b[i].train_accuracy ||
        a[i].validation_loss != b[i].validation_loss || a[i].validation_accuracy != b[i].validation_accuracy) {
      return false;
    }
  }
  return true;
}

}  // namespace

TEST_CASE("each preset learns") {
  const Dataset dataset = coloured_dataset(32, 3, 30);
  for (const char* preset : {"notebook", "compact"}) {
    CAPTURE(preset);
    TrainOptions options = small_options(preset, 32, 10);
    options.augment.enabled = false;
    const Outcome outcome = run(options, dataset, 2);
    REQUIRE(outcome.history.size() == 10);
    CHECK(outcome.history.back().train_loss < 0.75 * outcome.history.front().train_loss);
    CHECK(outcome.history[static_cast<std::size_t>(outcome.progress.best_epoch)].validation_accuracy > 0.8);
  }
}

TEST_CASE("threads and time slices do not change a bit; the seed does") {
  const Dataset dataset = coloured_dataset(32, 3, 20);
  for (const char* preset : {"notebook", "compact"}) {
    CAPTURE(preset);
    const TrainOptions options = small_options(preset, 32, 2);
    const Outcome one = run(options, dataset, 1);
    for (const int threads : {2, 3, 4}) {
      CAPTURE(threads);
      const Outcome other = run(options, dataset, threads, /*slice=*/0);
      CHECK(same_history(one.history, other.history));
      CHECK(one.model.weights == other.model.weights);
    }
    TrainOptions reseeded = options;
    reseeded.seed = 4;
    CHECK_FALSE(same_history(one.history, run(reseeded, dataset, 1).history));
  }
}

TEST_CASE("stopped in the middle of a step, the weights are those of the last whole step") {
  const Dataset dataset = coloured_dataset(32, 3, 40);
  const TrainOptions options = small_options("compact", 32, 1);
  for (const int threads : {1, 2}) {
    CAPTURE(threads);
    ThreadPool pool(threads);
    const Result<std::unique_ptr<Trainer>> made = Trainer::create(options, dataset, pool);
    REQUIRE(made.ok());
    Trainer& trainer = **made;
    const auto weights = [&] {
      return std::vector<float>(trainer.best_weights().begin(), trainer.best_weights().end());
    };
    std::vector<float> whole = weights();
    int pauses = 0;
    for (int step = 0; step < 3; pauses += trainer.progress().step == step) {
      if (trainer.progress().step > step) {
        step = trainer.progress().step;
        const std::vector<float> next = weights();
        CHECK(next != whole);
        whole = next;
      } else {
        CHECK(weights() == whole);
      }
      REQUIRE(trainer.train_for(0).ok());
    }
    CHECK(pauses > 3 * 2);
    CHECK(trainer.progress().images_trained == trainer.progress().step * options.batch_size);
  }
}

TEST_CASE("the model is the best epoch's") {
  const Dataset dataset = coloured_dataset(32, 3, 30);
  TrainOptions options = small_options("notebook", 32, 8);
  options.optimizer.learning_rate = 4e-3f;
  const Outcome outcome = run(options, dataset, 2);
  std::size_t best = 0;
  for (std::size_t i = 0; i < outcome.history.size(); ++i) {
    if (outcome.history[i].validation_loss < outcome.history[best].validation_loss) best = i;
  }
  CHECK(outcome.progress.best_epoch == static_cast<int>(best));

  ThreadPool pool(2);
  Result<std::unique_ptr<Trainer>> trainer = Trainer::create(options, dataset, pool);
  REQUIRE(trainer.ok());
  Result<std::unique_ptr<Classifier>> classifier = Classifier::create(Model(outcome.model), pool);
  REQUIRE_MESSAGE(classifier.ok(), classifier.status().message());
  Result<Evaluator> evaluator = Evaluator::create(**classifier, dataset, (*trainer)->split().validation);
  REQUIRE(evaluator.ok());
  double share = 0;
  while (share < 1) {
    Result<double> done = evaluator->run_for(0);
    REQUIRE(done.ok());
    share = *done;
  }
  const Evaluation& evaluation = evaluator->evaluation();
  CHECK(evaluation.loss == doctest::Approx(outcome.history[best].validation_loss).epsilon(1e-4));
  CHECK(classification_report(evaluation.confusion).accuracy ==
        doctest::Approx(outcome.history[best].validation_accuracy));
}

TEST_CASE("the model names what it was trained on, never the test part") {
  const Dataset dataset = coloured_dataset(32, 2, 20);
  const Outcome outcome = run(small_options("compact", 32, 1), dataset, 1);
  ThreadPool pool(1);
  Result<std::unique_ptr<Trainer>> trainer = Trainer::create(small_options("compact", 32, 1), dataset, pool);
  REQUIRE(trainer.ok());
  const Split& split = (*trainer)->split();
  CHECK(outcome.model.trained_on.size() == split.train.size() + split.validation.size());
  for (const std::uint32_t index : split.test) {
    const std::uint64_t hash = dataset.hash(static_cast<int>(index));
    CHECK(std::find(outcome.model.trained_on.begin(), outcome.model.trained_on.end(), hash) ==
          outcome.model.trained_on.end());
  }
  CHECK(outcome.model.classes == dataset.classes());
  CHECK(outcome.model.training_json.find("\"seed\":3") != std::string::npos);
  CHECK(outcome.model.training_json.find("\"best_epoch\":0") != std::string::npos);
  std::size_t end = 0;
  for (const WeightTensor& tensor : outcome.model.tensors) {
    CAPTURE(tensor.name);
    CHECK(tensor.offset == end);
    std::size_t count = 1;
    for (const int size : tensor.shape) count *= static_cast<std::size_t>(size);
    end += count;
  }
  CHECK(end == outcome.model.weights.size());
}

TEST_CASE("a rate that is far too high is halved, then given up") {
  const Dataset dataset = coloured_dataset(32, 2, 20);
  TrainOptions options = small_options("notebook", 32, 50);
  options.optimizer.kind = OptimizerKind::kSgd;
  options.schedule.kind = ScheduleKind::kConstant;
  SUBCASE("hopeless") {
    options.optimizer.learning_rate = 1e30f;
    ThreadPool pool(1);
    Result<std::unique_ptr<Trainer>> trainer = Trainer::create(options, dataset, pool);
    REQUIRE(trainer.ok());
    const std::vector<float> initial((*trainer)->best_weights().begin(), (*trainer)->best_weights().end());
    const Status status = train_to_end(**trainer);
    CHECK(status.code() == StatusCode::kDiverged);
    CHECK((*trainer)->progress().rate_halvings == 5);
    CHECK((*trainer)->progress().diverged);
    CHECK((*trainer)->progress().phase == Phase::kDone);
    CHECK((*trainer)->finish().weights == initial);  // nothing that diverged is left
  }
  SUBCASE("hopeless after some epochs") {
    // Each step, an epoch of its own, multiplies the weights by 97 and turns their sign; still by two after five
    // halvings.
    options.epochs = 400;
    options.batch_size = 64;
    options.optimizer = {.kind = OptimizerKind::kAdamW, .learning_rate = 1e-3f, .weight_decay = 98e3f};
    ThreadPool pool(1);
    Result<std::unique_ptr<Trainer>> trainer = Trainer::create(options, dataset, pool);
    REQUIRE(trainer.ok());
    const Status status = train_to_end(**trainer);
    CHECK_MESSAGE(status.ok(), status.message());
    const Progress progress = (*trainer)->progress();
    CHECK(progress.diverged);
    CHECK(progress.best_epoch >= 0);
    CHECK((*trainer)->history().size() < 400);
    // More work asked for changes nothing.
    CHECK((*trainer)->train_for(1).ok());
    CHECK((*trainer)->progress().phase == Phase::kDone);
    const std::vector<float> best((*trainer)->best_weights().begin(), (*trainer)->best_weights().end());
    const Model model = (*trainer)->finish();
    CHECK(model.weights == best);
    CHECK(std::all_of(best.begin(), best.end(), [](float weight) { return std::isfinite(weight); }));
  }
  SUBCASE("saved by halving") {
    // Too high for the first steps, fine after some halvings.
    options.epochs = 12;
    options.optimizer.learning_rate = 1.0f;
    ThreadPool pool(1);
    Result<std::unique_ptr<Trainer>> trainer = Trainer::create(options, dataset, pool);
    REQUIRE(trainer.ok());
    const Status status = train_to_end(**trainer);
    CHECK_MESSAGE(status.ok(), status.message());
    CHECK((*trainer)->progress().rate_halvings > 0);
    // An epoch in which something was undone tells of what it learnt, not of nothing.
    for (const EpochResult& epoch : (*trainer)->history()) CHECK(epoch.train_loss > 0);
    const std::vector<float> weights = (*trainer)->finish().weights;
    CHECK(std::all_of(weights.begin(), weights.end(), [](float weight) { return std::isfinite(weight); }));
  }
}

TEST_CASE("weights that nobody validated and no step could use are not kept") {
  const Dataset dataset = coloured_dataset(32, 2, 2);
  TrainOptions options = small_options("notebook", 32, 50);
  options.optimizer = {.kind = OptimizerKind::kSgd, .learning_rate = 1e30f};
  options.schedule.kind = ScheduleKind::kConstant;
  ThreadPool pool(1);
  Result<std::unique_ptr<Trainer>> trainer = Trainer::create(options, dataset, pool);
  REQUIRE(trainer.ok());
  REQUIRE((*trainer)->split().validation.empty());
  const Status status = train_to_end(**trainer);
  CHECK(status.code() == StatusCode::kDiverged);
}

TEST_CASE("wrong settings are refused by name") {
  const Dataset dataset = coloured_dataset(32, 2, 10);
  ThreadPool pool(1);
  const auto subject_of = [&](auto change) {
    TrainOptions options = small_options("notebook", 32, 1);
    change(options);
    const Result<std::unique_ptr<Trainer>> trainer = Trainer::create(options, dataset, pool);
    REQUIRE(!trainer.ok());
    CHECK(trainer.status().code() == StatusCode::kInvalidArgument);
    CHECK_FALSE(trainer.status().message().empty());
    return trainer.status().subject();
  };
  CHECK(subject_of([](TrainOptions& o) { o.preset = "huge"; }) == "preset");
  CHECK(subject_of([](TrainOptions& o) { o.epochs = 0; }) == "epochs");
  CHECK(subject_of([](TrainOptions& o) { o.batch_size = 0; }) == "batch_size");
  CHECK(subject_of([](TrainOptions& o) { o.label_smoothing = 1.0f; }) == "label_smoothing");
  CHECK(subject_of([](TrainOptions& o) { o.preprocessing.size = 24; }) == "size");
  CHECK(subject_of([](TrainOptions& o) { o.preprocessing.deviation = 0; }) == "preprocessing");
  CHECK(subject_of([](TrainOptions& o) { o.augment.zoom = 1.5f; }) == "zoom");
}

TEST_CASE("a preset's options carry its defaults") {
  const TrainOptions notebook = preset_train_options("notebook");
  CHECK(notebook.preprocessing.size == 224);
  CHECK(notebook.batch_size == 32);
  CHECK(notebook.optimizer.kind == OptimizerKind::kAdam);
  CHECK(notebook.optimizer.learning_rate == 1e-3f);
  CHECK(preset_train_options("nothing").preset == "nothing");
}

}  // namespace sortlab
