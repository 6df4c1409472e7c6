// The lower half of training: one network, one batch at a time, from floats that the caller writes in place. Trainer is
// written on top of it; benchmarks use it alone.
//
//   std::copy(pictures, .., trainer.input(0));  std::copy(labels, .., trainer.labels());
//   Result<BatchResult> result = trainer.train(count, learning_rate);
//
// train() is gradients() and then step(). Workers without shared memory can call gradients() on their parts of a batch,
// exchange and add gradient(), and each call step(): all stay equal.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <utility>
#include <vector>

#include "base/deadline.hpp"
#include "base/parallel.hpp"
#include "base/status.hpp"
#include "nn/training_network.hpp"
#include "optim/optimizer.hpp"
#include "tensor/arena.hpp"
#include "train/memory_plan.hpp"

namespace sortlab {

struct BatchTrainerOptions {
  int batch_size = 32;  // at most
  OptimizerOptions optimizer{};
  LossOptions loss{};
  std::uint64_t seed = 1;  // initial weights and dropout
};

class BatchTrainer {
 public:
  /// What create() would allocate.
  static Result<MemoryPlan> plan(const Architecture& architecture, int image_size, int classes,
                                 const BatchTrainerOptions& options, int threads);
  /// `pool` must outlive it. Everything that training needs is allocated here, and nothing later.
  static Result<std::unique_ptr<BatchTrainer>> create(const Architecture& architecture, int image_size, int classes,
                                                      const BatchTrainerOptions& options, ThreadPool& pool,
                                                      Arena spare = {});
  /// Gives its memory up, as `spare` for another; nothing else may be called after it.
  Arena release() { return std::move(arena_); }

  const Graph& graph() const { return graph_; }
  const MemoryPlan& memory_plan() const { return memory_; }
  int batch_size() const { return options_.batch_size; }

  /// Sample `sample`'s place: (size, size, 3) floats; samples follow each other.
  float* input(int sample) { return network_->input(sample); }
  std::int32_t* labels() { return network_->labels(); }
  const float* probs() const { return network_->probs(); }  // (count, classes) of the last batch

  /// gradients(count) and step(). kDiverged where loss or gradient is not finite: then the weights have not changed.
  Result<BatchResult> train(int count, float learning_rate);

  /// The gradient of the mean loss over `mean_over` samples: 0 stands for `count`; more where this is a part of a
  /// batch.
  BatchResult gradients(int count, int mean_over = 0);
  /// One step of the optimizer along gradient(). kDiverged as train().
  Status step(float learning_rate);
  std::span<float> gradient() { return {arena_.floats(layout_.gradients), graph_.parameter_count()}; }

  /// Loss without dropout, weights left alone.
  BatchResult evaluate(int count);

  /// train() and evaluate() in pieces, with the same bits: begin, advance() until it says that the batch is done, then
  /// end. The weights stay as they were until end_training().
  void begin_training(int count) { begin_gradients(count, count); }
  void begin_evaluation(int count) { network_->begin_evaluation(count); }
  /// Works until the deadline, at least on one sample.
  bool advance(const Deadline& deadline) { return network_->advance(deadline); }
  Result<BatchResult> end_training(float learning_rate);
  BatchResult end_evaluation() const { return network_->result(); }

  std::span<const float> weights() const { return {arena_.floats(layout_.weights), graph_.parameter_count()}; }
  void set_weights(std::span<const float> weights);
  /// A second set of weights: the initial ones until keep_best() is called.
  std::span<const float> best_weights() const { return best_; }
  /// The same, for a model to keep: nothing is copied. Only release() may be called after it.
  std::vector<float> take_best_weights() { return std::move(best_); }
  void keep_best();
  /// Back to the best weights, with a fresh optimizer: the way out of divergence.
  void restore_best();

  std::int64_t steps() const { return steps_; }

 private:
  struct Layout {
    std::size_t weights = 0, gradients = 0, state = 0;
    std::size_t state_count = 0;
    TrainingPlan network;
  };
  BatchTrainer(Graph graph, const BatchTrainerOptions& options, ThreadPool& pool)
      : graph_(std::move(graph)), options_(options), pool_(pool) {}
  static Layout lay_out(const Graph& graph, const BatchTrainerOptions& options, int threads, BumpPlanner& planner,
                        MemoryPlan& memory);
  Status start(Arena spare);
  void begin_gradients(int count, int mean_over);
  std::span<float> mutable_weights() { return {arena_.floats(layout_.weights), graph_.parameter_count()}; }

  Graph graph_;
  BatchTrainerOptions options_;
  ThreadPool& pool_;
  MemoryPlan memory_;
  Layout layout_;
  Arena arena_;
  std::vector<float> best_;  // beside the arena: the finished model takes them over, so that no room must be found then
  std::optional<Optimizer> optimizer_;
  std::optional<TrainingNetwork> network_;
  std::int64_t steps_ = 0;  // batches whose gradient was asked for: the key of dropout
};

}  // namespace sortlab
