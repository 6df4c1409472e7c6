#include "train/batch_trainer.hpp"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <utility>

#include "base/can_allocate.hpp"

namespace sortlab {
namespace {

constexpr int kMaxBatch = 1024;

Status check(const BatchTrainerOptions& options) {
  if (options.batch_size < 1 || options.batch_size > kMaxBatch) {
    return {
        StatusCode::kInvalidArgument, {"The batch size must be 1 to ", std::to_string(kMaxBatch), "."}, "batch_size"};
  }
  if (!(options.loss.label_smoothing >= 0.0f && options.loss.label_smoothing < 1.0f)) {
    return {StatusCode::kInvalidArgument, "Label smoothing must be at least 0 and below 1.", "label_smoothing"};
  }
  // Over no parameters at all: only its settings are checked.
  return Optimizer::create(options.optimizer, {}, {}, {}, {}).status();
}

Status too_large() {
  return {StatusCode::kTooLarge,
          "Training would take more memory than a page can have; choose smaller pictures or a smaller batch.", "size"};
}

std::vector<ParameterSegment> trainable_segments(const Graph& graph) {
  std::vector<ParameterSegment> segments;
  for (const ParameterTensor& tensor : graph.parameters()) {
    if (tensor.trainable) segments.push_back({tensor.offset, tensor.shape.count(), tensor.decay});
  }
  return segments;
}

}  // namespace

BatchTrainer::Layout BatchTrainer::lay_out(const Graph& graph, const BatchTrainerOptions& options, int threads,
                                           BumpPlanner& planner, MemoryPlan& memory) {
  Layout layout;
  layout.weights = planner.add_floats(graph.parameter_count());
  layout.gradients = planner.add_floats(graph.parameter_count());
  layout.state_count = Optimizer::state_size(options.optimizer.kind, graph.parameter_count());
  layout.state = planner.add_floats(layout.state_count);
  memory.best_weights = graph.parameter_count() * sizeof(float);
  memory.parameters = planner.total() + memory.best_weights;
  layout.network = plan_training(graph, options.batch_size, threads, planner);
  memory.activations = layout.network.activation_bytes;
  memory.workspaces = layout.network.workspace_bytes;
  return layout;
}

Result<MemoryPlan> BatchTrainer::plan(const Architecture& architecture, int image_size, int classes,
                                      const BatchTrainerOptions& options, int threads) {
  SORTLAB_RETURN_IF_ERROR(check(options));
  const Result<Graph> graph = Graph::compile(architecture, image_size, classes, GraphUse::kTraining);
  if (!graph.ok()) return graph.status();
  BumpPlanner planner;
  MemoryPlan memory;
  lay_out(*graph, options, threads, planner, memory);
  if (!planner.fits()) return too_large();
  return memory;
}

Result<std::unique_ptr<BatchTrainer>> BatchTrainer::create(const Architecture& architecture, int image_size,
                                                           int classes, const BatchTrainerOptions& options,
                                                           ThreadPool& pool, Arena spare) {
  SORTLAB_RETURN_IF_ERROR(check(options));
  Result<Graph> graph = Graph::compile(architecture, image_size, classes, GraphUse::kTraining);
  if (!graph.ok()) return graph.status();
  std::unique_ptr<BatchTrainer> trainer(new BatchTrainer(std::move(graph).value(), options, pool));
  SORTLAB_RETURN_IF_ERROR(trainer->start(std::move(spare)));
  return trainer;
}

Status BatchTrainer::start(Arena spare) {
  BumpPlanner planner;
  layout_ = lay_out(graph_, options_, pool_.threads(), planner, memory_);
  if (!planner.fits()) return too_large();
  if (!can_allocate(graph_.parameter_count() * sizeof(float))) {
    return {StatusCode::kOutOfMemory, "There is not enough memory for the trained weights; choose smaller pictures."};
  }
  best_.resize(graph_.parameter_count());
  Result<Arena> arena = Arena::allocate(planner.total(), std::move(spare));
  if (!arena.ok()) return arena.status();
  arena_ = std::move(arena).value();
  graph_.initialise_parameters(options_.seed, mutable_weights());
  keep_best();
  Result<Optimizer> optimizer =
      Optimizer::create(options_.optimizer, trainable_segments(graph_), mutable_weights(), gradient(),
                        std::span<float>(arena_.floats(layout_.state), layout_.state_count));
  if (!optimizer.ok()) return optimizer.status();
  optimizer_.emplace(std::move(optimizer).value());
  network_.emplace(graph_, layout_.network, arena_, weights(), gradient(), pool_);
  return {};
}

void BatchTrainer::begin_gradients(int count, int mean_over) {
  network_->begin_gradients(count, mean_over, options_.loss, options_.seed, static_cast<std::uint32_t>(steps_++));
}

BatchResult BatchTrainer::gradients(int count, int mean_over) {
  begin_gradients(count, mean_over > 0 ? mean_over : count);
  network_->advance({});
  return network_->result();
}

Status BatchTrainer::step(float learning_rate) {
  network_->weights_changed();
  return optimizer_->step(learning_rate, pool_);
}

Result<BatchResult> BatchTrainer::train(int count, float learning_rate) {
  begin_training(count);
  advance({});
  return end_training(learning_rate);
}

Result<BatchResult> BatchTrainer::end_training(float learning_rate) {
  const BatchResult result = network_->result();
  if (!std::isfinite(result.loss_sum)) return Status(StatusCode::kDiverged, "The loss is no longer a number.");
  SORTLAB_RETURN_IF_ERROR(step(learning_rate));
  return result;
}

BatchResult BatchTrainer::evaluate(int count) { return network_->evaluate(count); }

void BatchTrainer::set_weights(std::span<const float> weights) {
  std::copy_n(weights.begin(), std::min(weights.size(), graph_.parameter_count()), mutable_weights().begin());
  network_->weights_changed();
}

void BatchTrainer::keep_best() { std::copy_n(arena_.floats(layout_.weights), best_.size(), best_.begin()); }

void BatchTrainer::restore_best() {
  std::copy(best_.begin(), best_.end(), arena_.floats(layout_.weights));
  std::memset(arena_.floats(layout_.state), 0, layout_.state_count * sizeof(float));
  optimizer_->set_steps(0);
  network_->weights_changed();
}

}  // namespace sortlab
