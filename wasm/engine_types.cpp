#include "engine_types.hpp"

#include "fit_names.hpp"

namespace sortlab::wasm {

using emscripten::val;

PlanBytes to_plan_bytes(const MemoryPlan& plan) {
  return {static_cast<double>(plan.parameters), static_cast<double>(plan.activations),
          static_cast<double>(plan.workspaces), static_cast<double>(plan.dataset),
          static_cast<double>(plan.model),      static_cast<double>(plan.total())};
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
          p.rate_halvings,
          p.diverged};
}

RawEpoch to_raw_epoch(const EpochResult& e) {
  return {e.train_loss, e.train_accuracy, e.validation_loss, e.validation_accuracy, e.learning_rate};
}

RawScore to_raw_score(const ClassScore& s) { return {s.precision, s.recall, s.f1, static_cast<double>(s.support)}; }

Preset to_raw_preset(const sortlab::Preset& preset) {
  const PresetDefaults& d = preset.defaults;
  return {preset.name, preset.title, d.image_size, d.epochs, d.batch_size, d.learning_rate};
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
  set(info, "name", val(model.architecture.name));
  set(info, "classes", to_array(model.classes));
  set(info, "imageSize", val(model.preprocessing.size));
  set(info, "fit", val(fit_name(model.preprocessing.fit)));
  set(info, "parameterCount", val(static_cast<double>(model.weights.size())));
  set(info, "training", parse_json(model.training_json));
  return info;
}

val to_raw_evaluation(const Evaluation& evaluation, int seen_in_training) {
  const ClassificationReport report = classification_report(evaluation.confusion);
  const int classes = evaluation.confusion.classes();
  val per_class = val::array();
  val confusion = val::array();
  std::int64_t correct = 0;
  for (int truth = 0; truth < classes; ++truth) {
    push(per_class, val(to_raw_score(report.per_class[static_cast<std::size_t>(truth)])));
    val row = val::array();
    for (int predicted = 0; predicted < classes; ++predicted) {
      push(row, val(static_cast<double>(evaluation.confusion.count(truth, predicted))));
    }
    push(confusion, row);
    correct += evaluation.confusion.count(truth, truth);
  }
  const Interval interval = wilson_interval(correct, evaluation.confusion.total());
  val result = val::object();
  set(result, "loss", val(evaluation.loss));
  set(result, "accuracy", val(report.accuracy));
  set(result, "accuracyLow", val(interval.low));
  set(result, "accuracyHigh", val(interval.high));
  set(result, "perClass", per_class);
  set(result, "macro", val(to_raw_score(report.macro)));
  set(result, "weighted", val(to_raw_score(report.weighted)));
  set(result, "confusion", confusion);
  set(result, "indices", to_typed_array<std::uint32_t>("Uint32Array", evaluation.indices));
  set(result, "probs", to_floats(evaluation.probs));
  set(result, "seenInTraining", val(seen_in_training));
  return result;
}

}  // namespace sortlab::wasm
