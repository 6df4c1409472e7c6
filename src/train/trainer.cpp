// Checks the settings and builds a run.
#include "train/trainer.hpp"

#include <cmath>
#include <cstdint>

#include "nn/inference_network.hpp"
#include "train/training_run.hpp"

namespace sortlab {
namespace {

constexpr int kMaxEpochs = 10000;

Status invalid(std::string_view message, std::string_view subject) {
  return {StatusCode::kInvalidArgument, message, subject};
}
Status invalid(std::initializer_list<std::string_view> message, std::string_view subject) {
  return {StatusCode::kInvalidArgument, message, subject};
}

Result<Architecture> architecture_of(const TrainOptions& options) {
  if (!options.architecture_json.empty()) return parse_architecture(options.architecture_json);
  const Preset* preset = find_preset(options.preset);
  if (preset == nullptr) return invalid("There is no preset of this name; choose compact or notebook.", "preset");
  return parse_architecture(preset->json);
}

Status check_augmentation(const AugmentOptions& options) {
  const auto within = [](float value, float high) { return value >= 0.0f && value <= high; };
  if (!within(options.rotation, 180.0f)) return invalid("Rotation must be 0 to 180 degrees.", "rotation");
  if (!within(options.shift, 1.0f)) return invalid("Shift must be 0 to 1.", "shift");
  if (!within(options.zoom, 0.9f)) return invalid("Zoom must be 0 to 0.9.", "zoom");
  if (!within(options.brightness, 1.0f)) return invalid("Brightness must be 0 to 1.", "brightness");
  if (!within(options.contrast, 1.0f)) return invalid("Contrast must be 0 to 1.", "contrast");
  return {};
}

Status check(const TrainOptions& options) {
  if (options.epochs < 1 || options.epochs > kMaxEpochs) {
    return invalid({"The number of epochs must be 1 to ", std::to_string(kMaxEpochs), "."}, "epochs");
  }
  const Preprocessing& preprocessing = options.preprocessing;
  if (!std::isfinite(preprocessing.mean) || !(preprocessing.deviation > 0.0f) ||
      !std::isfinite(preprocessing.deviation)) {
    return invalid("Preprocessing needs a finite mean and a deviation above 0.", "preprocessing");
  }
  SORTLAB_RETURN_IF_ERROR(check_augmentation(options.augment));
  return check_schedule(options.schedule);
}

BatchTrainerOptions batch_options(const TrainOptions& options) {
  return {.batch_size = options.batch_size,
          .optimizer = options.optimizer,
          .loss = {.label_smoothing = options.label_smoothing},
          .seed = options.seed};
}

}  // namespace

Result<MemoryPlan> Trainer::plan(const TrainOptions& options, int photos, int classes, int threads) {
  SORTLAB_RETURN_IF_ERROR(check(options));
  const Result<Architecture> architecture = architecture_of(options);
  if (!architecture.ok()) return architecture.status();
  const int side = options.preprocessing.size;
  Result<MemoryPlan> plan = BatchTrainer::plan(*architecture, side, classes, batch_options(options), threads);
  if (!plan.ok()) return plan.status();
  const std::uint64_t dataset = static_cast<std::uint64_t>(photos < 0 ? 0 : photos) * static_cast<std::uint64_t>(side) *
                                static_cast<std::uint64_t>(side) * 3;
  if (dataset + plan->total() > static_cast<std::uint64_t>(PTRDIFF_MAX)) {
    return Status(StatusCode::kTooLarge,
                  "So many photos of this size do not fit into a page's memory; choose a smaller size.", "size");
  }
  plan->dataset = static_cast<std::size_t>(dataset);
  const Result<std::size_t> model = InferenceNetwork::plan(*architecture, side, classes, threads);
  if (!model.ok()) return model.status();
  plan->model = *model;
  return plan;
}

Result<std::unique_ptr<Trainer>> Trainer::create(const TrainOptions& options, const Dataset& dataset, ThreadPool& pool,
                                                 Arena spare) {
  SORTLAB_RETURN_IF_ERROR(check(options));
  if (options.preprocessing.size != dataset.size()) {
    return invalid({"The photos were read at ", std::to_string(dataset.size()), " pixels, but training asks for ",
                    std::to_string(options.preprocessing.size), "; read them again."},
                   "size");
  }
  Result<Architecture> architecture = architecture_of(options);
  if (!architecture.ok()) return architecture.status();
  std::vector<std::uint64_t> hashes;
  hashes.reserve(static_cast<std::size_t>(dataset.count()));
  for (int i = 0; i < dataset.count(); ++i) hashes.push_back(dataset.hash(i));
  Result<Split> split = stratified_split(dataset.labels(), hashes, dataset.classes(), options.split);
  if (!split.ok()) return split.status();
  const int classes = static_cast<int>(dataset.classes().size());
  const Result<std::size_t> model_bytes =
      InferenceNetwork::plan(*architecture, dataset.size(), classes, pool.threads());
  if (!model_bytes.ok()) return model_bytes.status();
  Result<std::unique_ptr<BatchTrainer>> batches =
      BatchTrainer::create(*architecture, dataset.size(), classes, batch_options(options), pool, std::move(spare));
  if (!batches.ok()) return batches.status();
  return std::unique_ptr<Trainer>(std::make_unique<TrainingRun>(options, std::move(architecture).value(), dataset,
                                                                std::move(split).value(), std::move(batches).value(),
                                                                *model_bytes, pool));
}

}  // namespace sortlab
