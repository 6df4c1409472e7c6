// The backward phase of a batch: the head with the whole batch, then the trunk sample by sample into the gradient
// slots, then their sum in an order that does not depend on the threads.
#include <algorithm>
#include <cstring>

#include "kernels/elementwise.hpp"
#include "nn/layers/dense.hpp"
#include "nn/training_network.hpp"

namespace sortlab {
namespace {

constexpr std::size_t kReduceChunk = 8192;  // floats: eight of them and their sum stay in the first-level cache

}  // namespace

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

}  // namespace sortlab
