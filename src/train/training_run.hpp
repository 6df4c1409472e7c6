// The upper half of training: epochs, validation, the best weights, and the guard against divergence.
#pragma once

#include <memory>
#include <vector>

#include "train/batch_trainer.hpp"
#include "train/trainer.hpp"

namespace sortlab {

class TrainingRun final : public Trainer {
 public:
  TrainingRun(const TrainOptions& options, Architecture architecture, const Dataset& dataset, Split split,
              std::unique_ptr<BatchTrainer> batches, std::size_t model_bytes, ThreadPool& pool);

  const TrainOptions& options() const override { return options_; }
  const Split& split() const override { return split_; }
  MemoryPlan memory_plan() const override;
  Status train_for(double milliseconds) override;
  Progress progress() const override;
  const std::vector<EpochResult>& history() const override { return history_; }
  std::span<const float> best_weights() const override;
  Model finish() override;
  Arena release() override { return batches_->release(); }

 private:
  /// Running sums over the samples of an epoch or a validation.
  struct Sums {
    double loss = 0;
    std::int64_t correct = 0, count = 0;
    void add(const BatchResult& result, int samples);
    double mean_loss() const { return count > 0 ? loss / static_cast<double>(count) : 0; }
    double accuracy() const { return count > 0 ? static_cast<double>(correct) / static_cast<double>(count) : 0; }
  };

  /// On one batch of training or validation, until it is done or the deadline has passed.
  Status work(const Deadline& deadline);
  void begin_batch();
  Status end_train_step(int count);
  Status end_validation_step(int count);
  void begin_epoch();
  Status end_epoch();
  Status recover();                 // the divergence guard
  std::string description() const;  // a JSON object for people
  int assemble(std::span<const std::uint32_t> indices, std::size_t begin, bool augmented);

  TrainOptions options_;
  Architecture architecture_;
  const Dataset& dataset_;
  Split split_;
  std::unique_ptr<BatchTrainer> batches_;
  std::size_t model_bytes_;
  ThreadPool& pool_;

  Phase phase_ = Phase::kTraining;
  int epoch_ = 0, step_ = 0, steps_per_epoch_ = 0;
  int batch_count_ = 0;  // samples of the batch under way; 0: none is
  std::size_t validated_ = 0;
  std::vector<std::uint32_t> order_;  // indices into the data set, this epoch
  Sums train_, validation_;
  std::int64_t images_trained_ = 0;
  std::vector<EpochResult> history_;
  int best_epoch_ = -1;
  double best_loss_ = 0;
  int rate_halvings_ = 0;
  bool diverged_ = false;
  std::int64_t kept_ = 0;            // samples that this epoch has learnt from and not undone
  std::int64_t since_restored_ = 0;  // samples learnt from since the best weights came back, in any epoch
  float rate_factor_ = 1.0f, last_rate_ = 0.0f;
};

}  // namespace sortlab
