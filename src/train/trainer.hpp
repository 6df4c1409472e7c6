// Training of one network on one data set, in time slices: the caller asks for some milliseconds
// of work, looks at the progress, and may stop between calls. The clock only decides when a call returns, never a
// result.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/parallel.hpp"
#include "base/status.hpp"
#include "data/dataset.hpp"
#include "data/split.hpp"
#include "image/augment.hpp"
#include "image/resize.hpp"
#include "io/model_file.hpp"
#include "optim/optimizer.hpp"
#include "optim/schedule.hpp"
#include "tensor/arena.hpp"
#include "train/memory_plan.hpp"

namespace sortlab {

struct TrainOptions {
  std::string preset = "compact";  // or architecture_json
  std::string architecture_json;   // wins where not empty
  Preprocessing preprocessing;     // its size must be the data set's
  SplitOptions split;
  AugmentOptions augment;
  OptimizerOptions optimizer;  // learning_rate is the schedule's peak
  ScheduleOptions schedule;
  float label_smoothing = 0.0f;
  int epochs = 40;
  int batch_size = 32;
  std::uint64_t seed = 1;  // everything random: initial weights, order, augmentation, dropout
};

/// The options that go with a preset: image size, epochs, batch size, rate, optimizer, schedule, augmentation,
/// smoothing. An unknown name gives the default preset's with that name, which Trainer::create then refuses.
TrainOptions preset_train_options(std::string_view preset);

struct EpochResult {
  double train_loss = 0, train_accuracy = 0;            // running means over the epoch, dropout and augmentation on
  double validation_loss = 0, validation_accuracy = 0;  // after the epoch, both off
  double learning_rate = 0;
};

enum class Phase { kTraining, kValidating, kDone };

struct Progress {
  Phase phase = Phase::kTraining;
  int epoch = 0;  // 0-based, the one under way
  int step = 0;   // within the epoch
  int steps_per_epoch = 0;
  double train_loss = 0, train_accuracy = 0;  // running means of this epoch
  std::int64_t images_trained = 0;            // all epochs
  int best_epoch = -1;                        // lowest validation loss so far; -1 before the first
  int rate_halvings = 0;                      // by the divergence guard
  bool diverged = false;                      // done early: what the guard could do was not enough
};

class Trainer {
 public:
  /// What create() would allocate for a data set of `photos` pictures in `classes` classes, without allocating it: the
  /// page shows it, and gives the run a memory of that size. kInvalidArgument as create().
  static Result<MemoryPlan> plan(const TrainOptions& options, int photos, int classes, int threads);

  /// The data set must outlive the trainer and not change. kInvalidArgument names the setting that is wrong. All that
  /// is large is allocated here: a run that has begun does not end for want of memory. `spare`: see release().
  static Result<std::unique_ptr<Trainer>> create(const TrainOptions& options, const Dataset& dataset, ThreadPool& pool,
                                                 Arena spare = {});
  virtual ~Trainer() = default;

  virtual const TrainOptions& options() const = 0;
  virtual const Split& split() const = 0;
  virtual MemoryPlan memory_plan() const = 0;

  /// Works for about `milliseconds`, at least on one picture, then returns, in the middle of a step if need be: the
  /// next call goes on from there, and the weights stay those of the last whole step. Where halving
  /// the rate from the best weights fails too often the run is done early, or, before the first epoch has ended,
  /// kDiverged.
  virtual Status train_for(double milliseconds) = 0;
  virtual Progress progress() const = 0;
  virtual const std::vector<EpochResult>& history() const = 0;

  /// The best epoch's weights, the current ones before the first epoch ended: what finish() would give.
  virtual std::span<const float> best_weights() const = 0;
  /// Ends the run: those weights, not copied, with everything needed to use them. Only release() may be called after
  /// it.
  virtual Model finish() = 0;

  /// Gives up the memory of the run, for the next one: where runs follow each other in one small memory, each finds
  /// room where the one before was. Nothing else may be called after it.
  virtual Arena release() = 0;
};

}  // namespace sortlab
