#include "train/trainer.hpp"

namespace sortlab {

TrainOptions preset_train_options(std::string_view name) {
  const Preset* found = find_preset(name);
  const Preset& preset = found != nullptr ? *found : presets().front();
  TrainOptions options;
  options.preset = std::string(name);
  options.preprocessing.size = preset.defaults.image_size;
  options.epochs = preset.defaults.epochs;
  options.batch_size = preset.defaults.batch_size;
  options.optimizer.learning_rate = static_cast<float>(preset.defaults.learning_rate);
  if (std::string_view(preset.name) == "notebook") {
    // Keras' own: Adam at one rate, plain cross-entropy.
    options.optimizer.kind = OptimizerKind::kAdam;
    options.schedule.kind = ScheduleKind::kConstant;
  } else {
    options.optimizer.kind = OptimizerKind::kAdamW;
    options.optimizer.weight_decay = 0.05f;
    options.schedule.kind = ScheduleKind::kOneCycle;
    options.schedule.rise_share = 0.15f;
    options.label_smoothing = 0.1f;
    options.augment.flip_vertical = true;
  }
  return options;
}

}  // namespace sortlab
