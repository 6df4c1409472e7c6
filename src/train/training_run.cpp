#include "train/training_run.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

#include "json/json.hpp"

namespace sortlab {
namespace {

constexpr int kMaxHalvings = 5;

}  // namespace

void TrainingRun::Sums::add(const BatchResult& result, int samples) {
  loss += result.loss_sum;
  correct += result.correct;
  count += samples;
}

TrainingRun::TrainingRun(const TrainOptions& options, Architecture architecture, const Dataset& dataset, Split split,
                         std::unique_ptr<BatchTrainer> batches, std::size_t model_bytes, ThreadPool& pool)
    : options_(options),
      architecture_(std::move(architecture)),
      dataset_(dataset),
      split_(std::move(split)),
      batches_(std::move(batches)),
      model_bytes_(model_bytes),
      pool_(pool) {
  const int count = static_cast<int>(split_.train.size());
  steps_per_epoch_ = (count + options_.batch_size - 1) / options_.batch_size;
  history_.reserve(static_cast<std::size_t>(options_.epochs));
  begin_epoch();
}

MemoryPlan TrainingRun::memory_plan() const {
  MemoryPlan plan = batches_->memory_plan();
  const auto side = static_cast<std::size_t>(dataset_.size());
  plan.dataset = static_cast<std::size_t>(dataset_.count()) * side * side * 3;
  plan.model = model_bytes_;
  return plan;
}

Status TrainingRun::train_for(double milliseconds) {
  const Deadline deadline = Deadline::after(milliseconds);
  while (phase_ != Phase::kDone) {
    SORTLAB_RETURN_IF_ERROR(work(deadline));
    if (deadline.passed()) break;
  }
  return {};
}

Status TrainingRun::work(const Deadline& deadline) {
  if (batch_count_ == 0) begin_batch();
  if (!batches_->advance(deadline)) return {};
  const int count = std::exchange(batch_count_, 0);
  return phase_ == Phase::kTraining ? end_train_step(count) : end_validation_step(count);
}

void TrainingRun::begin_epoch() {
  const std::vector<std::uint32_t> positions =
      epoch_order(static_cast<std::uint32_t>(split_.train.size()), options_.seed, static_cast<std::uint32_t>(epoch_));
  order_.resize(positions.size());
  std::transform(positions.begin(), positions.end(), order_.begin(),
                 [&](std::uint32_t at) { return split_.train[at]; });
  phase_ = Phase::kTraining;
  step_ = 0;
  train_ = {};
  kept_ = 0;
}

/// Writes the samples that `indices` names from `begin` on as the next batch, in parallel; gives their number.
int TrainingRun::assemble(std::span<const std::uint32_t> indices, std::size_t begin, bool augmented) {
  const int count = static_cast<int>(std::min(indices.size() - begin, static_cast<std::size_t>(options_.batch_size)));
  AugmentOptions augmentation = options_.augment;
  augmentation.enabled = augmented && augmentation.enabled;
  pool_.parallel_for(count, [&](int sample, int) {
    const std::uint32_t index = indices[begin + static_cast<std::size_t>(sample)];
    const AugmentKey key{options_.seed, static_cast<std::uint32_t>(epoch_), index};
    augment(augmentation, key, dataset_.size(), dataset_.pixels(static_cast<int>(index)).data(),
            options_.preprocessing.mean, options_.preprocessing.deviation, batches_->input(sample));
    batches_->labels()[sample] = dataset_.label(static_cast<int>(index));
  });
  return count;
}

void TrainingRun::begin_batch() {
  if (phase_ == Phase::kTraining) {
    const std::size_t begin = static_cast<std::size_t>(step_) * static_cast<std::size_t>(options_.batch_size);
    batch_count_ = assemble(order_, begin, /*augmented=*/true);
    batches_->begin_training(batch_count_);
  } else {
    batch_count_ = assemble(split_.validation, validated_, /*augmented=*/false);
    batches_->begin_evaluation(batch_count_);
  }
}

Status TrainingRun::end_train_step(int count) {
  const std::int64_t global_step = static_cast<std::int64_t>(epoch_) * steps_per_epoch_ + step_;
  const std::int64_t total_steps = static_cast<std::int64_t>(options_.epochs) * steps_per_epoch_;
  last_rate_ =
      rate_factor_ * learning_rate(options_.schedule, options_.optimizer.learning_rate, global_step, total_steps);
  const Result<BatchResult> result = batches_->end_training(last_rate_);
  if (result.ok()) {
    train_.add(*result, count);
    kept_ += count, since_restored_ += count;
  } else if (result.status().code() == StatusCode::kDiverged) {
    SORTLAB_RETURN_IF_ERROR(recover());
    if (diverged_) return {};
  } else {
    return result.status();
  }
  images_trained_ += count;
  if (++step_ < steps_per_epoch_) return {};
  phase_ = Phase::kValidating;
  validated_ = 0;
  validation_ = {};
  return split_.validation.empty() ? end_epoch() : Status();
}

Status TrainingRun::end_validation_step(int count) {
  validation_.add(batches_->end_evaluation(), count);
  validated_ += static_cast<std::size_t>(count);
  return validated_ == split_.validation.size() ? end_epoch() : Status();
}

Status TrainingRun::end_epoch() {
  const bool validated = !split_.validation.empty();
  const double loss = validated ? validation_.mean_loss() : train_.mean_loss();
  history_.push_back({.train_loss = train_.mean_loss(),
                      .train_accuracy = train_.accuracy(),
                      .validation_loss = validation_.mean_loss(),
                      .validation_accuracy = validation_.accuracy(),
                      .learning_rate = static_cast<double>(last_rate_)});
  // An epoch whose steps have all diverged or been undone has trained on nothing and cannot be the best.
  if (std::isfinite(loss) && kept_ > 0) {
    if (best_epoch_ < 0 || loss < best_loss_) {
      best_epoch_ = epoch_;
      best_loss_ = loss;
      batches_->keep_best();
    }
  } else if (!std::isfinite(loss)) {
    SORTLAB_RETURN_IF_ERROR(recover());
    if (diverged_) return {};
  }
  if (++epoch_ == options_.epochs) {
    --epoch_;
    phase_ = Phase::kDone;
    return {};
  }
  begin_epoch();
  return {};
}

Status TrainingRun::recover() {
  batches_->restore_best();
  // Without validation nobody has looked at the best weights, unless a step from them went well.
  const bool usable = best_epoch_ >= 0 && (!split_.validation.empty() || since_restored_ > 0);
  kept_ = since_restored_ = 0;
  if (rate_halvings_ == kMaxHalvings) {
    phase_ = Phase::kDone;
    diverged_ = true;
    if (usable) return {};
    return {StatusCode::kDiverged,
            {"Training keeps diverging although the learning rate was halved ", std::to_string(kMaxHalvings),
             " times; start again with a smaller learning rate."},
            "learning_rate"};
  }
  ++rate_halvings_;
  rate_factor_ *= 0.5f;
  return {};
}

Progress TrainingRun::progress() const {
  return {.phase = phase_,
          .epoch = epoch_,
          .step = step_,
          .steps_per_epoch = steps_per_epoch_,
          .train_loss = train_.mean_loss(),
          .train_accuracy = train_.accuracy(),
          .images_trained = images_trained_,
          .best_epoch = best_epoch_,
          .rate_halvings = rate_halvings_,
          .diverged = diverged_};
}

std::span<const float> TrainingRun::best_weights() const {
  return best_epoch_ < 0 ? batches_->weights() : batches_->best_weights();
}

Model TrainingRun::finish() {
  if (best_epoch_ < 0) batches_->keep_best();
  Model model;
  model.classes = dataset_.classes();
  model.preprocessing = options_.preprocessing;
  for (const ParameterTensor& tensor : batches_->graph().parameters()) {
    std::vector<int> shape;
    shape.reserve(Shape::kMaxRank);
    for (int axis = 0; axis < tensor.shape.rank(); ++axis) shape.push_back(tensor.shape[axis]);
    model.tensors.push_back({tensor.name, std::move(shape), tensor.offset});
  }
  model.weights = batches_->take_best_weights();
  model.trained_on.reserve(split_.train.size() + split_.validation.size());
  for (const std::vector<std::uint32_t>* part : {&split_.train, &split_.validation}) {
    for (const std::uint32_t index : *part) {
      const std::uint64_t hash = dataset_.hash(static_cast<int>(index));
      if (hash != 0) model.trained_on.push_back(hash);
    }
  }
  model.training_json = description();
  model.architecture = std::move(architecture_);
  return model;
}

std::string TrainingRun::description() const {
  JsonObjectWriter run;
  run.add("preset", json_text(options_.architecture_json.empty() ? options_.preset : architecture_.name));
  run.add("seed", std::to_string(options_.seed));
  run.add("epochs", std::to_string(history_.size()));
  run.add("batch_size", std::to_string(options_.batch_size));
  run.add("learning_rate", json_text(static_cast<double>(options_.optimizer.learning_rate)));
  run.add("augment", options_.augment.enabled ? "true" : "false");
  run.add("train_count", std::to_string(split_.train.size()));
  run.add("validation_count", std::to_string(split_.validation.size()));
  if (best_epoch_ >= 0) {
    const EpochResult& best = history_[static_cast<std::size_t>(best_epoch_)];
    run.add("best_epoch", std::to_string(best_epoch_));
    run.add("validation_loss", json_text(best.validation_loss));
    run.add("validation_accuracy", json_text(best.validation_accuracy));
  }
  return run.finish();
}

}  // namespace sortlab
