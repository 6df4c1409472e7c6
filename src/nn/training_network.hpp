// Forward and backward of one batch over a pool of threads, in phases:
//   1. weights are packed once;                    2. samples go through the trunk, any thread, any order;
//   3. the head, forward and back, whole batch;    4. samples go back through the trunk, slot by slot;
//   5. slots are summed.
// Owns no memory: it works in an arena that plan_training laid out, and allocates nothing while it runs.
#pragma once

#include <span>
#include <vector>

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

  /// Must follow every change of the weights.
  void prepare_forward();
  /// Loss without dropout, for validation. 1 <= count <= batch size.
  BatchResult evaluate(int count);
  /// Loss, and the gradient of the mean loss over `mean_over` samples (count, unless this is a part of a larger batch),
  /// which overwrites the whole gradient buffer. `seed` and `step` choose the dropout masks.
  BatchResult gradients(int count, int mean_over, const LossOptions& options, std::uint64_t seed, std::uint32_t step);

 private:
  enum class Direction { kForward, kBackward };
  struct PrepareTask {
    int operation;
    Direction direction;
    int part;  // of a dense layer
  };
  struct Mode {
    bool training = false;
    std::uint64_t seed = 0;
    std::uint32_t step = 0;
  };

  float* scratch(int thread) {
    return arena_.floats(plan_.scratch + plan_.scratch_stride * static_cast<std::size_t>(thread));
  }
  float* at(const Place& place, int sample, int thread);
  float* workspace(Direction direction, int thread);
  float* slot(int index) { return arena_.floats(plan_.slots + plan_.slot_stride * static_cast<std::size_t>(index)); }

  void prepare(const std::vector<PrepareTask>& tasks);
  void forward_operation(int index, int sample, int thread, const Mode& mode);
  void backward_operation(int index, int sample, int thread, float* dparameters, const Mode& mode);
  void forward_trunk(int count, const Mode& mode);
  void forward_head(int count, const Mode& mode);
  void forward_dense(int index, int count);
  BatchResult loss(int count, int mean_over, const LossOptions& options, bool backward);
  void backward_head(int count, const Mode& mode);
  void backward_dense(int index, int count);
  void backward_trunk(int count, const Mode& mode);
  void reduce_slots();

  const Graph& graph_;
  const TrainingPlan& plan_;
  Arena& arena_;
  std::span<const float> weights_;
  std::span<float> gradients_;
  ThreadPool& pool_;
  std::vector<PrepareTask> prepare_forward_tasks_, prepare_backward_tasks_;
};

}  // namespace sortlab
