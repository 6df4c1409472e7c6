// The forward phase of a batch: the trunk sample by sample, which threads share out, then the head with the whole
// batch.
#include <algorithm>

#include "nn/layers/dense.hpp"
#include "nn/training_network.hpp"

namespace sortlab {

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

}  // namespace sortlab
