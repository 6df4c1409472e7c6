#include "train/batch_trainer.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <limits>
#include <vector>

#include "allocation_count.hpp"
#include "coloured_dataset.hpp"
#include "compare.hpp"
#include "nn/inference_network.hpp"
#include "test_data.hpp"
#include "train/classifier.hpp"
#include "train/trainer.hpp"

namespace sortlab {
namespace {

using test::allocation_count;

Architecture preset_architecture(const char* name) { return *parse_architecture(find_preset(name)->json); }

std::unique_ptr<BatchTrainer> make_trainer(const Architecture& architecture, int size,
                                           const BatchTrainerOptions& options, ThreadPool& pool) {
  Result<std::unique_ptr<BatchTrainer>> trainer = BatchTrainer::create(architecture, size, 3, options, pool);
  REQUIRE_MESSAGE(trainer.ok(), trainer.status().message());
  return std::move(*trainer);
}

void fill(BatchTrainer& trainer, int size, int count, std::uint64_t seed) {
  const std::vector<float> pictures = test::uniform_values(static_cast<std::size_t>(size * size * 3 * count), seed);
  std::copy(pictures.begin(), pictures.end(), trainer.input(0));
  for (int i = 0; i < count; ++i) trainer.labels()[i] = i % 3;
}

/// Of the bytes that a new trainer asked for: the room of the best weights is asked for twice, the first time to see
/// whether it is there.
double held(std::int64_t bytes, const MemoryPlan& plan) {
  return static_cast<double>(bytes) - static_cast<double>(plan.best_weights);
}

}  // namespace

TEST_CASE("one batch of noise is learnt by heart") {
  for (const char* preset : {"notebook", "compact"}) {
    CAPTURE(preset);
    ThreadPool pool(2);
    Architecture architecture = preset_architecture(preset);
    for (LayerSpec& layer : architecture.layers) layer.rate = 0;  // no dropout
    const int size = 32, count = 6;
    const auto trainer =
        make_trainer(architecture, size, {.batch_size = count, .optimizer = {.kind = OptimizerKind::kAdam}}, pool);
    fill(*trainer, size, count, 5);
    BatchResult result;
    for (int step = 0; step < 40; ++step) {
      const Result<BatchResult> trained = trainer->train(count, 2e-3f);
      REQUIRE(trained.ok());
      result = *trained;
    }
    CHECK(result.loss_sum / count < 0.1);
    CHECK(result.correct == count);
    CHECK(trainer->evaluate(count).correct == count);
  }
}

TEST_CASE("a step allocates nothing") {
  for (const char* preset : {"notebook", "compact"}) {
    for (const int threads : {1, 2}) {
      CAPTURE(preset);
      CAPTURE(threads);
      ThreadPool pool(threads);
      const auto trainer = make_trainer(preset_architecture(preset), 32, {.batch_size = 8}, pool);
      fill(*trainer, 32, 8, 5);
      REQUIRE(trainer->train(8, 1e-3f).ok());
      const std::int64_t before = allocation_count().calls;
      bool trained = trainer->train(8, 1e-3f).ok() && trainer->train(5, 1e-3f).ok();
      trainer->begin_training(7);
      while (!trainer->advance(Deadline::after(0))) continue;
      trained &= trainer->end_training(1e-3f).ok();
      trainer->evaluate(8);
      trainer->keep_best();
      trainer->restore_best();
      const std::int64_t after = allocation_count().calls;
      CHECK(trained);
      CHECK(after - before == 0);
      const bool proof = Arena::allocate(1).ok();
      CHECK(proof);
      CHECK(allocation_count().calls > after);  // the counter counts
    }
  }
}

TEST_CASE("a prediction allocates nothing") {
  for (const char* preset : {"notebook", "compact"}) {
    for (const int threads : {1, 2}) {
      CAPTURE(preset);
      CAPTURE(threads);
      constexpr int kSize = 32, kMost = 40;  // more than one batch
      const Architecture architecture = preset_architecture(preset);
      ThreadPool pool(threads);
      const Result<Graph> graph = Graph::compile(architecture, kSize, 3, GraphUse::kInference);
      REQUIRE(graph.ok());
      std::vector<float> weights(graph->parameter_count());
      graph->initialise_parameters(3, weights);
      const auto network = InferenceNetwork::create(architecture, kSize, 3, weights, pool);
      REQUIRE(network.ok());
      const std::vector<float> pictures = test::uniform_values(std::size_t{kSize * kSize * 3} * kMost, 4);
      std::vector<float> probs(3 * kMost);
      const InferenceNetwork::Reader read = [&](int index, float* picture) {
        std::copy_n(pictures.begin() + std::ptrdiff_t{kSize * kSize * 3} * index, kSize * kSize * 3, picture);
      };
      const std::int64_t before = allocation_count().calls;
      for (const int count : {1, 7, kMost}) (*network)->predict(count, read, probs.data());
      CHECK(allocation_count().calls == before);
    }
  }
}

TEST_CASE("a whole slice of training allocates nothing within an epoch") {
  const Dataset dataset = test::coloured_dataset(24, 2, 40);
  TrainOptions options = preset_train_options("notebook");
  options.preprocessing.size = 24;
  options.batch_size = 4;
  ThreadPool pool(2);
  Result<std::unique_ptr<Trainer>> trainer = Trainer::create(options, dataset, pool);
  REQUIRE(trainer.ok());
  REQUIRE((*trainer)->train_for(0).ok());
  const std::int64_t before = allocation_count().calls;
  bool trained = true;
  int calls = 0;
  for (; (*trainer)->progress().step < 6; ++calls) trained &= (*trainer)->train_for(0).ok();
  CHECK(allocation_count().calls == before);
  CHECK(calls > 2 * 6);  // and every step paused in its middle
  CHECK(trained);
  CHECK((*trainer)->progress().step == 6);
}

TEST_CASE("the memory plan is what is allocated, within 5 %") {
  struct Case {
    const char* preset;
    int size, batch, threads;
  };
  for (const Case& c : {Case{"notebook", 64, 32, 2}, Case{"notebook", 32, 7, 1}, Case{"compact", 96, 32, 2},
                        Case{"compact", 64, 8, 4}}) {
    CAPTURE(c.preset);
    CAPTURE(c.size);
    CAPTURE(c.batch);
    const Architecture architecture = preset_architecture(c.preset);
    const BatchTrainerOptions options{.batch_size = c.batch};
    ThreadPool pool(c.threads);
    const Result<MemoryPlan> plan = BatchTrainer::plan(architecture, c.size, 3, options, pool.threads());
    REQUIRE(plan.ok());
    const std::int64_t before = allocation_count().bytes;
    const auto trainer = make_trainer(architecture, c.size, options, pool);
    const double allocated = held(allocation_count().bytes - before, *plan);
    CHECK(static_cast<double>(plan->total()) == doctest::Approx(allocated).epsilon(0.05));
    CHECK(trainer->memory_plan().total() == plan->total());
    CHECK(plan->parameters > 0);
    CHECK(plan->activations > 0);
    CHECK(plan->workspaces > 0);
  }
}

TEST_CASE("the plan counts the finished model, within 5 %") {
  const Dataset dataset = test::coloured_dataset(64, 3, 4);
  TrainOptions options = preset_train_options("notebook");
  options.preprocessing.size = 64;
  for (const int threads : {1, 2}) {
    CAPTURE(threads);
    ThreadPool pool(threads);
    const int classes = static_cast<int>(dataset.classes().size());
    const Result<MemoryPlan> plan = Trainer::plan(options, dataset.count(), classes, pool.threads());
    const Result<std::unique_ptr<Trainer>> trainer = Trainer::create(options, dataset, pool);
    REQUIRE(plan.ok());
    REQUIRE(trainer.ok());
    CHECK((*trainer)->memory_plan().total() == plan->total());
    const double weights = static_cast<double>((*trainer)->best_weights().size_bytes());
    const std::int64_t before = allocation_count().bytes;
    Model model = (*trainer)->finish();
    const std::int64_t finished = allocation_count().bytes;
    CHECK(finished - before < 16384);  // names and hashes; the weights lay where the model has them
    REQUIRE(Classifier::create(std::move(model), pool).ok());
    const double allocated = weights + static_cast<double>(allocation_count().bytes - finished);
    CHECK(static_cast<double>(plan->model) == doctest::Approx(allocated).epsilon(0.05));
  }
}

TEST_CASE("a run in the memory of the one before gives the same bits and takes no other") {
  const Dataset dataset = test::coloured_dataset(32, 3, 8);
  TrainOptions options = preset_train_options("compact");
  options.preprocessing.size = 32;
  options.batch_size = 8;
  ThreadPool pool(2);
  std::vector<float> first;
  Arena spare;
  for (int run = 0; run < 2; ++run) {
    const std::int64_t before = allocation_count().bytes;
    Result<std::unique_ptr<Trainer>> trainer = Trainer::create(options, dataset, pool, std::move(spare));
    REQUIRE(trainer.ok());
    const double allocated = held(allocation_count().bytes - before, (*trainer)->memory_plan());
    const double weights = static_cast<double>((*trainer)->best_weights().size_bytes());
    CHECK((allocated > static_cast<double>((*trainer)->memory_plan().parameters)) == (run == 0));
    CHECK((allocated < 1.2 * weights) == (run == 1));  // the finished model's own
    while ((*trainer)->progress().epoch < 2) REQUIRE((*trainer)->train_for(0).ok());
    const Model model = (*trainer)->finish();
    if (run == 0) first = model.weights;
    CHECK(model.weights == first);
    spare = (*trainer)->release();
  }
}

TEST_CASE("the notebook's network trains at 224 px in under 200 MB") {
  const Result<MemoryPlan> plan = BatchTrainer::plan(preset_architecture("notebook"), 224, 6, {.batch_size = 32}, 2);
  REQUIRE(plan.ok());
  MESSAGE("parameters " << plan->parameters << ", activations " << plan->activations << ", workspaces "
                        << plan->workspaces);
  CHECK(plan->total() < 200'000'000);
}

TEST_CASE("what no memory can hold is refused, not wrapped around") {
  ThreadPool pool(1);
  Architecture architecture = *parse_architecture(R"({"version": 1, "layers": [
    {"type": "conv2d", "filters": 60}, {"type": "conv2d", "filters": 60}, {"type": "conv2d", "filters": 60},
    {"type": "conv2d", "filters": 60}, {"type": "global_average_pool"}, {"type": "dense", "units": "classes"}]})");
  // 1024 pictures of 4 x 240 MB: past 32 bits everywhere, and past what this program is allowed.
  const Result<MemoryPlan> plan = BatchTrainer::plan(architecture, 1024, 3, {.batch_size = 1024}, 1);
  if (sizeof(std::size_t) == 4) {
    CHECK(plan.status().code() == StatusCode::kTooLarge);
    CHECK(BatchTrainer::create(architecture, 1024, 3, {.batch_size = 1024}, pool).status().code() ==
          StatusCode::kTooLarge);
  } else {
    REQUIRE(plan.ok());
    CHECK(plan->activations > std::size_t{1024} * 4 * 60 * 1024 * 1024 * 3);
  }
}

TEST_CASE("a batch that is no longer a number changes nothing") {
  ThreadPool pool(1);
  const auto trainer = make_trainer(preset_architecture("notebook"), 16, {.batch_size = 4}, pool);
  fill(*trainer, 16, 4, 5);
  const std::vector<float> before(trainer->weights().begin(), trainer->weights().end());
  trainer->input(1)[5] = std::numeric_limits<float>::quiet_NaN();
  CHECK(trainer->train(4, 1e-3f).status().code() == StatusCode::kDiverged);
  CHECK(std::equal(before.begin(), before.end(), trainer->weights().begin()));
  trainer->input(1)[5] = 0.5f;
  CHECK(trainer->train(4, 1e-3f).ok());
  CHECK_FALSE(std::equal(before.begin(), before.end(), trainer->weights().begin()));
  trainer->restore_best();
  CHECK(std::equal(before.begin(), before.end(), trainer->weights().begin()));
}

TEST_CASE("settings out of range are refused") {
  ThreadPool pool(1);
  const Architecture architecture = preset_architecture("notebook");
  CHECK(BatchTrainer::create(architecture, 16, 3, {.batch_size = 0}, pool).status().subject() == "batch_size");
  CHECK(BatchTrainer::create(architecture, 16, 1, {}, pool).status().subject() == "classes");
  CHECK(BatchTrainer::create(architecture, 4, 3, {}, pool).status().subject() == "max_pool_3");
  CHECK(BatchTrainer::create(architecture, 16, 3, {.optimizer = {.beta1 = 2.0f}}, pool).status().code() ==
        StatusCode::kInvalidArgument);
}

}  // namespace sortlab
