#include "engine_types.hpp"

#include "fit_names.hpp"

namespace sortlab::wasm {

using emscripten::val;

PlanBytes to_plan_bytes(const MemoryPlan& plan) {
  return {static_cast<double>(plan.parameters), static_cast<double>(plan.activations),
          static_cast<double>(plan.workspaces), static_cast<double>(plan.dataset), static_cast<double>(plan.total())};
}

RawProgress to_raw_progress(const Progress& p) {
  const char* phase = p.phase == Phase::kTraining ? "training" : p.phase == Phase::kValidating ? "validating" : "done";
  return {phase,
          p.epoch,
          p.step,
          p.steps_per_epoch,
          p.train_loss,
          p.train_accuracy,
          static_cast<double>(p.images_trained),
          p.best_epoch,
          p.rate_halvings};
}

RawEpoch to_raw_epoch(const EpochResult& e) {
  return {e.train_loss, e.train_accuracy, e.validation_loss, e.validation_accuracy, e.learning_rate};
}

RawScore to_raw_score(const ClassScore& s) { return {s.precision, s.recall, s.f1, static_cast<double>(s.support)}; }

std::vector<Preset> preset_list() {
  std::vector<Preset> list;
  for (const sortlab::Preset& preset : presets()) {
    const PresetDefaults& d = preset.defaults;
    list.push_back({preset.name, preset.title, d.image_size, d.epochs, d.batch_size, d.learning_rate});
  }
  return list;
}

Result<TrainOptions> to_train_options(const TrainSettings& settings) {
  const std::optional<Fit> fit = fit_from_name(settings.fit);
  if (!fit) return Status(StatusCode::kInvalidArgument, "The fit must be crop or squeeze.", "fit");
  if (!(settings.seed >= 0 && settings.seed <= 4294967295.0)) {
    return Status(StatusCode::kInvalidArgument, "The seed must be a whole number from 0 to 4294967295.", "seed");
  }
  TrainOptions options = preset_train_options(settings.preset);
  options.preprocessing.size = settings.imageSize;
  options.preprocessing.fit = *fit;
  options.epochs = settings.epochs;
  options.batch_size = settings.batchSize;
  options.optimizer.learning_rate = static_cast<float>(settings.learningRate);
  options.seed = static_cast<std::uint64_t>(settings.seed);
  options.split = {settings.trainPercent, settings.validationPercent, settings.testPercent, options.seed};
  options.augment.enabled = settings.augment;
  return options;
}

val to_model_info(const Model& model) {
  val info = val::object();
  info.set("name", model.architecture.name);
  info.set("classes", to_array(model.classes));
  info.set("imageSize", model.preprocessing.size);
  info.set("fit", std::string(fit_name(model.preprocessing.fit)));
  info.set("parameterCount", static_cast<double>(model.weights.size()));
  info.set("training", val::global("JSON").call<val>("parse", model.training_json));
  return info;
}

val to_raw_evaluation(const Evaluation& evaluation, int seen_in_training) {
  const ClassificationReport report = classification_report(evaluation.confusion);
  const int classes = evaluation.confusion.classes();
  val per_class = val::array();
  val confusion = val::array();
  std::int64_t correct = 0;
  for (int truth = 0; truth < classes; ++truth) {
    per_class.call<void>("push", to_raw_score(report.per_class[static_cast<std::size_t>(truth)]));
    val row = val::array();
    for (int predicted = 0; predicted < classes; ++predicted) {
      row.call<void>("push", static_cast<double>(evaluation.confusion.count(truth, predicted)));
    }
    confusion.call<void>("push", row);
    correct += evaluation.confusion.count(truth, truth);
  }
  const Interval interval = wilson_interval(correct, evaluation.confusion.total());
  val result = val::object();
  result.set("loss", evaluation.loss);
  result.set("accuracy", report.accuracy);
  result.set("accuracyLow", interval.low);
  result.set("accuracyHigh", interval.high);
  result.set("perClass", per_class);
  result.set("macro", to_raw_score(report.macro));
  result.set("weighted", to_raw_score(report.weighted));
  result.set("confusion", confusion);
  result.set("indices", to_typed_array<std::uint32_t>("Uint32Array", evaluation.indices));
  result.set("probs", to_floats(evaluation.probs));
  result.set("seenInTraining", seen_in_training);
  return result;
}

}  // namespace sortlab::wasm
