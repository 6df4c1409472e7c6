// Forward and backward of one batch over a pool of threads, in phases:
//   1. weights are packed once;                    2. samples go through the trunk, any thread, any order;
//   3. the head, forward and back, whole batch;    4. samples go back through the trunk, slot by slot;
//   5. slots are summed.
// The work may pause after any sample of 2 and 4 and go on later, with the same bits.
// Owns no buffer: it works in an arena that plan_training laid out, and allocates nothing while it runs.
#pragma once

#include <array>
#include <atomic>
#include <cstdint>
#include <span>
#include <vector>

#include "base/deadline.hpp"
#include "base/parallel.hpp"
#include "nn/graph.hpp"
#include "nn/training_plan.hpp"
#include "tensor/arena.hpp"

namespace sortlab {

/// What a batch cost.
struct BatchResult {
  double loss_sum = 0;  // over its samples
  int correct = 0;      // samples whose largest probability is the label's
};

struct LossOptions {
  float label_smoothing = 0.0f;
};

class TrainingNetwork {
 public:
  /// `graph`, `plan`, `arena` and `pool` must outlive it; weights and gradients are flat buffers in the graph's layout.
  TrainingNetwork(const Graph& graph, const TrainingPlan& plan, Arena& arena, std::span<const float> weights,
                  std::span<float> gradients, ThreadPool& pool);

  /// Where sample `sample` of the next batch is to be written: (size, size, 3) floats.
  float* input(int sample);
  std::int32_t* labels();
  const float* probs() const;  // (batch, classes) of the last batch

  /// Must follow every change of the weights, which may not come between the begin and the end of a batch.
  void weights_changed() { packed_forward_ = false; }
  /// Loss without dropout, for validation. 1 <= count <= batch size.
  BatchResult evaluate(int count);
  /// Loss, and the gradient of the mean loss over `mean_over` samples (count, unless this is a part of a larger batch),
  /// which overwrites the whole gradient buffer. `seed` and `step` choose the dropout masks.
  BatchResult gradients(int count, int mean_over, const LossOptions& options, std::uint64_t seed, std::uint32_t step);

  /// The same two in pieces: begin one, then advance() until it says that it is done; then result() is there. A batch
  /// that is begun before the last one is done takes its place.
  void begin_evaluation(int count);
  void begin_gradients(int count, int mean_over, const LossOptions& options, std::uint64_t seed, std::uint32_t step);
  /// Works until the deadline, at least on one sample.
  bool advance(const Deadline& deadline);
  const BatchResult& result() const { return batch_.result; }

 private:
  static constexpr int kNotBegun = -1;
  enum class Direction { kForward, kBackward };
  struct PrepareTask {
    int operation;
    Direction direction;
  };
  struct Mode {
    bool training = false;
    std::uint64_t seed = 0;
    std::uint32_t step = 0;
  };
  enum class Phase { kForward, kBackward, kDone };
  /// The batch under way.
  struct Batch {
    int count = 0, mean_over = 0;
    bool backward = false;
    LossOptions loss{};
    Mode mode{};
    Phase phase = Phase::kDone;
    BatchResult result{};
  };

  float* scratch(int thread) {
    return arena_.floats(plan_.scratch + plan_.scratch_stride * static_cast<std::size_t>(thread));
  }
  float* at(const Place& place, int sample, int thread);
  float* workspace(Direction direction, int thread);
  /// The first is the gradient itself, in which the others are summed.
  float* slot(int index) {
    if (index == 0) return gradients_.data();
    return arena_.floats(plan_.slots + plan_.slot_stride * static_cast<std::size_t>(index - 1));
  }

  void begin(const Batch& batch);
  void prepare(const std::vector<PrepareTask>& tasks);
  void forward_operation(int index, int sample, int thread, const Mode& mode);
  void backward_operation(int index, int sample, int thread, float* dparameters, const Mode& mode);
  bool forward_trunk(const Deadline& deadline);  // true: done
  void forward_head(int count, const Mode& mode);
  void forward_dense(int index, int count);
  BatchResult loss(int count, int mean_over, const LossOptions& options, bool backward);
  void backward_head(int count, const Mode& mode);
  void backward_dense(int index, int count);
  bool backward_trunk(const Deadline& deadline);  // true: done
  void reduce_slots();

  const Graph& graph_;
  const TrainingPlan& plan_;
  Arena& arena_;
  std::span<const float> weights_;
  std::span<float> gradients_;
  ThreadPool& pool_;
  std::vector<PrepareTask> prepare_forward_tasks_, prepare_backward_tasks_;
  bool packed_forward_ = false;  // whether the weights, as they are now, lie packed for forward
  Batch batch_;
  std::vector<std::uint8_t> forwarded_;          // by sample: through the trunk
  std::array<int, kGradientSlots> next_back_{};  // by slot: the sample that goes back next; kNotBegun before the first
  std::atomic<bool> paused_{false};
};

}  // namespace sortlab
