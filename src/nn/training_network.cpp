#include "nn/training_network.hpp"

#include <algorithm>

#include "kernels/softmax.hpp"

namespace sortlab {
TrainingNetwork::TrainingNetwork(const Graph& graph, const TrainingPlan& plan, Arena& arena,
                                 std::span<const float> weights, std::span<float> gradients, ThreadPool& pool)
    : graph_(graph),
      plan_(plan),
      arena_(arena),
      weights_(weights),
      gradients_(gradients),
      pool_(pool),
      forwarded_(static_cast<std::size_t>(plan.batch_size)) {
  for (int i = 0; i < static_cast<int>(graph.operations().size()); ++i) {
    const auto index = static_cast<std::size_t>(i);
    const Layer& layer = *graph.operations()[index].layer;
    if (layer.needs().prepared_forward_size > 0) prepare_forward_tasks_.push_back({i, Direction::kForward});
    if (layer.needs().prepared_backward_size > 0 && plan.operations[index].input_gradients[0].wanted) {
      prepare_backward_tasks_.push_back({i, Direction::kBackward});
    }
  }
}

float* TrainingNetwork::input(int sample) { return at(plan_.values[0], sample, 0); }
std::int32_t* TrainingNetwork::labels() { return arena_.ints(plan_.labels); }
const float* TrainingNetwork::probs() const { return arena_.floats(plan_.probs); }

float* TrainingNetwork::at(const Place& place, int sample, int thread) {
  if (place.batch) return arena_.floats(place.offset) + static_cast<std::size_t>(sample) * place.count;
  return scratch(thread) + place.offset / sizeof(float);
}

float* TrainingNetwork::workspace(Direction direction, int thread) {
  const std::size_t offset = direction == Direction::kForward ? plan_.forward_workspace : plan_.backward_workspace;
  return scratch(thread) + offset / sizeof(float);
}

void TrainingNetwork::prepare(const std::vector<PrepareTask>& tasks) {
  pool_.parallel_for(static_cast<int>(tasks.size()), [&](int task, int) {
    const auto [index, direction] = tasks[static_cast<std::size_t>(task)];
    const Operation& operation = graph_.operations()[static_cast<std::size_t>(index)];
    const OperationPlan& planned = plan_.operations[static_cast<std::size_t>(index)];
    const float* parameters = weights_.data() + operation.parameter_offset;
    if (direction == Direction::kBackward) {
      operation.layer->prepare_backward(parameters, arena_.floats(planned.prepared));
    } else {
      operation.layer->prepare_forward(parameters, arena_.floats(planned.prepared));
    }
  });
}

BatchResult TrainingNetwork::loss(int count, int mean_over, const LossOptions& options, bool backward) {
  const auto logits = static_cast<std::size_t>(graph_.logits());
  float* losses = arena_.floats(plan_.losses);
  float* probs = arena_.floats(plan_.probs);
  kernels::softmax_cross_entropy(
      count, graph_.classes(), at(plan_.values[logits], 0, 0), labels(),
      {.label_smoothing = options.label_smoothing, .gradient_scale = 1.0f / static_cast<float>(mean_over)}, losses,
      probs, backward ? at(plan_.gradients[logits], 0, 0) : nullptr);
  BatchResult result;
  for (int sample = 0; sample < count; ++sample) {
    const float* row = probs + static_cast<std::ptrdiff_t>(sample) * graph_.classes();
    result.loss_sum += static_cast<double>(losses[sample]);
    result.correct += std::max_element(row, row + graph_.classes()) - row == labels()[sample] ? 1 : 0;
  }
  return result;
}

void TrainingNetwork::begin(const Batch& batch) {
  batch_ = batch;
  batch_.phase = Phase::kForward;
  std::fill(forwarded_.begin(), forwarded_.end(), std::uint8_t{0});
  next_back_.fill(kNotBegun);
}

void TrainingNetwork::begin_evaluation(int count) { begin({.count = count, .mean_over = count}); }

void TrainingNetwork::begin_gradients(int count, int mean_over, const LossOptions& options, std::uint64_t seed,
                                      std::uint32_t step) {
  begin({.count = count,
         .mean_over = mean_over,
         .backward = true,
         .loss = options,
         .mode = {.training = true, .seed = seed, .step = step}});
}

bool TrainingNetwork::advance(const Deadline& deadline) {
  if (batch_.phase == Phase::kForward) {
    if (!packed_forward_) prepare(prepare_forward_tasks_);
    packed_forward_ = true;
    if (!forward_trunk(deadline)) return false;
    forward_head(batch_.count, batch_.mode);
    batch_.result = loss(batch_.count, batch_.mean_over, batch_.loss, batch_.backward);
    batch_.phase = batch_.backward ? Phase::kBackward : Phase::kDone;
    if (batch_.backward) {
      // In the place of the weights packed for forward, which nothing in this batch needs any more.
      packed_forward_ = false;
      prepare(prepare_backward_tasks_);
      backward_head(batch_.count, batch_.mode);
      if (deadline.passed()) return false;
    }
  }
  if (batch_.phase == Phase::kBackward) {
    if (!backward_trunk(deadline)) return false;
    reduce_slots();
    batch_.phase = Phase::kDone;
  }
  return true;
}

BatchResult TrainingNetwork::evaluate(int count) {
  begin_evaluation(count);
  advance({});
  return batch_.result;
}

BatchResult TrainingNetwork::gradients(int count, int mean_over, const LossOptions& options, std::uint64_t seed,
                                       std::uint32_t step) {
  begin_gradients(count, mean_over, options, seed, step);
  advance({});
  return batch_.result;
}

}  // namespace sortlab
