#include "nn/training_network.hpp"

#include <algorithm>
#include <cstring>

#include "kernels/elementwise.hpp"
#include "kernels/softmax.hpp"
#include "nn/layers/dense.hpp"

namespace sortlab {
namespace {

constexpr int kNotBegun = -1;
constexpr std::size_t kReduceChunk = 8192;  // floats: eight of them and their sum stay in the first-level cache

}  // namespace

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

void TrainingNetwork::forward_operation(int index, int sample, int thread, const Mode& mode) {
  const Operation& operation = graph_.operations()[static_cast<std::size_t>(index)];
  const OperationPlan& planned = plan_.operations[static_cast<std::size_t>(index)];
  const LayerNeeds& needs = operation.layer->needs();
  const auto row = static_cast<std::size_t>(sample);
  ForwardPass pass;
  for (std::size_t i = 0; i < 2; ++i) {
    if (operation.inputs[i] >= 0)
      pass.inputs[i] = at(plan_.values[static_cast<std::size_t>(operation.inputs[i])], sample, thread);
  }
  pass.output = at(plan_.values[static_cast<std::size_t>(operation.output)], sample, thread);
  pass.parameters = weights_.data() + operation.parameter_offset;
  pass.prepared = arena_.floats(planned.prepared);
  pass.statistics = arena_.floats(planned.statistics) + row * needs.statistics_size;
  pass.codes = arena_.bytes_at(planned.codes) + row * needs.codes_size;
  pass.workspace = workspace(Direction::kForward, thread);
  pass.training = mode.training;
  pass.dropout_key = {mode.seed, mode.step, static_cast<std::uint32_t>(sample), operation.random_layer};
  pass.row_end = needs.rows;
  operation.layer->forward(pass);
}

bool TrainingNetwork::forward_trunk(const Deadline& deadline) {
  paused_ = false;
  pool_.parallel_for(batch_.count, [&](int sample, int thread) {
    std::uint8_t& done = forwarded_[static_cast<std::size_t>(sample)];
    if (done != 0 || paused_.load(std::memory_order_relaxed)) return;
    for (int i = 0; i < graph_.trunk_operations(); ++i) forward_operation(i, sample, thread, batch_.mode);
    done = 1;
    if (deadline.passed()) paused_.store(true, std::memory_order_relaxed);
  });
  return std::all_of(forwarded_.begin(), forwarded_.begin() + batch_.count,
                     [](std::uint8_t done) { return done != 0; });
}

void TrainingNetwork::forward_dense(int index, int count) {
  const Operation& operation = graph_.operations()[static_cast<std::size_t>(index)];
  const DenseLayer& dense = *operation.layer->as_dense();
  const float* input = at(plan_.values[static_cast<std::size_t>(operation.inputs[0])], 0, 0);
  const float* parameters = weights_.data() + operation.parameter_offset;
  float* partial = arena_.floats(plan_.partial);
  pool_.parallel_for(dense.forward_parts(), [&](int part, int thread) {
    dense.forward_part(part, count, input, parameters, partial, workspace(Direction::kForward, thread));
  });
  dense.finish_forward(count, parameters, partial, at(plan_.values[static_cast<std::size_t>(operation.output)], 0, 0));
}

void TrainingNetwork::forward_head(int count, const Mode& mode) {
  for (int i = graph_.trunk_operations(); i < static_cast<int>(graph_.operations().size()); ++i) {
    if (graph_.operations()[static_cast<std::size_t>(i)].layer->as_dense() != nullptr) {
      forward_dense(i, count);
    } else {
      for (int sample = 0; sample < count; ++sample) forward_operation(i, sample, 0, mode);
    }
  }
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

void TrainingNetwork::backward_operation(int index, int sample, int thread, float* dparameters, const Mode& mode) {
  const Operation& operation = graph_.operations()[static_cast<std::size_t>(index)];
  const OperationPlan& planned = plan_.operations[static_cast<std::size_t>(index)];
  const LayerNeeds& needs = operation.layer->needs();
  const auto row = static_cast<std::size_t>(sample);
  BackwardPass pass;
  for (std::size_t i = 0; i < 2; ++i) {
    if (operation.inputs[i] < 0) continue;
    const auto input = static_cast<std::size_t>(operation.inputs[i]);
    if (needs.input_in_backward) pass.inputs[i] = at(plan_.values[input], sample, thread);
    const OperationPlan::InputGradient& gradient = planned.input_gradients[i];
    if (gradient.wanted) pass.dinputs[i] = at(gradient.add ? gradient.beside : plan_.gradients[input], sample, thread);
  }
  const auto output = static_cast<std::size_t>(operation.output);
  pass.doutput = at(plan_.gradients[output], sample, thread);
  pass.output = needs.output_in_backward ? at(plan_.values[output], sample, thread) : pass.doutput;
  pass.parameters = weights_.data() + operation.parameter_offset;
  pass.dparameters = dparameters + operation.parameter_offset;
  // A frozen norm folds one scale for both directions; a convolution packs its weights in another order.
  pass.prepared = arena_.floats(planned.prepared);
  pass.statistics = arena_.floats(planned.statistics) + row * needs.statistics_size;
  pass.codes = arena_.bytes_at(planned.codes) + row * needs.codes_size;
  pass.workspace = workspace(Direction::kBackward, thread);
  pass.dropout_key = {mode.seed, mode.step, static_cast<std::uint32_t>(sample), operation.random_layer};
  operation.layer->backward(pass);
  for (std::size_t i = 0; i < 2; ++i) {
    if (!planned.input_gradients[i].add) continue;
    const Place& target = plan_.gradients[static_cast<std::size_t>(operation.inputs[i])];
    kernels::accumulate(target.count, pass.dinputs[i], at(target, sample, thread));
  }
}

void TrainingNetwork::backward_dense(int index, int count) {
  const Operation& operation = graph_.operations()[static_cast<std::size_t>(index)];
  const OperationPlan& planned = plan_.operations[static_cast<std::size_t>(index)];
  const DenseLayer& dense = *operation.layer->as_dense();
  const auto input = static_cast<std::size_t>(operation.inputs[0]), output = static_cast<std::size_t>(operation.output);
  const OperationPlan::InputGradient& gradient = planned.input_gradients[0];
  float* doutput = at(plan_.gradients[output], 0, 0);
  float* dinput = nullptr;
  if (gradient.wanted) dinput = at(gradient.add ? gradient.beside : plan_.gradients[input], 0, 0);
  dense.undo_activation(count, at(plan_.values[output], 0, 0), doutput);
  pool_.parallel_for(dense.backward_parts(), [&](int part, int thread) {
    dense.backward_part(part, count, at(plan_.values[input], 0, 0), doutput,
                        weights_.data() + operation.parameter_offset, gradients_.data() + operation.parameter_offset,
                        dinput, workspace(Direction::kBackward, thread));
  });
  if (gradient.add) {
    const Place& target = plan_.gradients[input];
    kernels::accumulate(static_cast<std::size_t>(count) * target.count, dinput, at(target, 0, 0));
  }
}

void TrainingNetwork::backward_head(int count, const Mode& mode) {
  for (int i = static_cast<int>(graph_.operations().size()) - 1; i >= graph_.trunk_operations(); --i) {
    const auto index = static_cast<std::size_t>(i);
    if (!plan_.operations[index].backward) continue;
    if (graph_.operations()[index].layer->as_dense() != nullptr) {
      backward_dense(i, count);
    } else {
      for (int sample = 0; sample < count; ++sample) backward_operation(i, sample, 0, gradients_.data(), mode);
    }
  }
}

bool TrainingNetwork::backward_trunk(const Deadline& deadline) {
  paused_ = false;
  pool_.parallel_for(kGradientSlots, [&](int index, int thread) {
    float* dparameters = slot(index);
    int& sample = next_back_[static_cast<std::size_t>(index)];
    const Range samples = fixed_part(batch_.count, kGradientSlots, index);
    while (sample != samples.end && !paused_.load(std::memory_order_relaxed)) {
      if (sample == kNotBegun) {
        std::memset(dparameters, 0, graph_.trunk_parameter_count() * sizeof(float));
        sample = samples.begin;
        continue;
      }
      for (int i = graph_.trunk_operations() - 1; i >= 0; --i) {
        if (plan_.operations[static_cast<std::size_t>(i)].backward)
          backward_operation(i, sample, thread, dparameters, batch_.mode);
      }
      ++sample;
      if (deadline.passed()) paused_.store(true, std::memory_order_relaxed);
    }
  });
  for (int index = 0; index < kGradientSlots; ++index) {
    if (next_back_[static_cast<std::size_t>(index)] != fixed_part(batch_.count, kGradientSlots, index).end)
      return false;
  }
  return true;
}

void TrainingNetwork::reduce_slots() {
  const std::size_t total = graph_.trunk_parameter_count();
  const int chunks = static_cast<int>((total + kReduceChunk - 1) / kReduceChunk);
  pool_.parallel_for(chunks, [&](int chunk, int) {
    const std::size_t begin = static_cast<std::size_t>(chunk) * kReduceChunk;
    const std::size_t count = std::min(kReduceChunk, total - begin);
    for (int distance = 1; distance < kGradientSlots; distance *= 2) {
      for (int i = 0; i < kGradientSlots; i += 2 * distance)
        kernels::accumulate(count, slot(i + distance) + begin, slot(i) + begin);
    }
  });
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
