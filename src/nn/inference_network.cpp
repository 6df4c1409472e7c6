#include "nn/inference_network.hpp"

#include <algorithm>
#include <cstring>

#include "kernels/softmax.hpp"
#include "nn/layers/dense.hpp"
#include "tensor/memory_planner.hpp"

namespace sortlab {
namespace {

/// Tasks that the operation of a single picture is cut into: equal parts for the threads, or smaller ones where there
/// are so many rows that a thread which is held up may leave some to the others.
int row_tasks(int tiles, int threads) {
  if (threads == 1) return 1;
  return std::min(tiles, tiles >= 16 * threads ? 4 * threads : threads);
}

}  // namespace

Result<std::unique_ptr<InferenceNetwork>> InferenceNetwork::create(const Architecture& architecture, int image_size,
                                                                   int classes, std::span<const float> weights,
                                                                   ThreadPool& pool) {
  Result<Graph> graph = Graph::compile(architecture, image_size, classes, GraphUse::kInference);
  if (!graph.ok()) return graph.status();
  if (weights.size() != graph->parameter_count()) {
    return Status(StatusCode::kInvalidArgument,
                  {"The network needs ", std::to_string(graph->parameter_count()), " weights, but ",
                   std::to_string(weights.size()), " were given."},
                  "weights");
  }
  std::unique_ptr<InferenceNetwork> network(new InferenceNetwork(std::move(graph).value(), pool));
  BumpPlanner planner;
  network->plan(planner);
  if (!planner.fits()) {
    return Status(StatusCode::kTooLarge, "This network is too large for this device; choose smaller pictures.", "size");
  }
  Result<Arena> arena = Arena::allocate(planner.total());
  if (!arena.ok()) return arena.status();
  network->arena_ = std::move(arena).value();
  std::memcpy(network->arena_.floats(network->weights_), weights.data(), weights.size_bytes());
  network->prepare();
  return network;
}

void InferenceNetwork::plan(BumpPlanner& planner) {
  LifetimePlanner lane;
  weights_ = planner.add_floats(graph_.parameter_count());
  for (const Value& value : graph_.values()) {
    if (value.head) {
      values_.push_back({true, planner.add_floats(std::uint64_t{kMaxBatch} * value.count), value.count});
    } else {
      values_.push_back({false, lane.add(std::uint64_t{value.count} * sizeof(float), value.producer, value.last_reader),
                         value.count});
    }
  }
  std::size_t workspace = 0, partial = 0;
  for (std::size_t i = 0; i < graph_.operations().size(); ++i) {
    const LayerNeeds& needs = graph_.operations()[i].layer->needs();
    const int index = static_cast<int>(i);
    statistics_.push_back(lane.add(needs.statistics_size * sizeof(float), index, index));
    prepared_.push_back(planner.add_floats(needs.prepared_forward_size));
    workspace = std::max(workspace, needs.forward_workspace_size);
    if (const DenseLayer* dense = graph_.operations()[i].layer->as_dense()) {
      workspace = std::max(workspace, dense->workspace_size(kMaxBatch));
      partial = std::max(partial, dense->partial_size(kMaxBatch));
    }
  }
  const auto threads = static_cast<std::size_t>(pool_.threads());
  partial_ = planner.add_floats(partial);
  BumpPlanner lanes;
  lanes.add(lane.total());
  lane_stride_ = lanes.total();
  lanes_ = planner.add(lanes.total_bytes() * threads);
  workspace_stride_ = align_up(workspace * sizeof(float));
  workspaces_ = planner.add(std::uint64_t{workspace_stride_} * threads);
}

void InferenceNetwork::prepare() {
  pool_.parallel_for(static_cast<int>(graph_.operations().size()), [&](int index, int) {
    const Operation& operation = graph_.operations()[static_cast<std::size_t>(index)];
    operation.layer->prepare_forward(arena_.floats(weights_) + operation.parameter_offset,
                                     arena_.floats(prepared_[static_cast<std::size_t>(index)]));
  });
}

float* InferenceNetwork::at(int value, int sample, int lane) {
  const Place& place = values_[static_cast<std::size_t>(value)];
  if (place.batch) return arena_.floats(place.offset) + static_cast<std::size_t>(sample) * place.count;
  return arena_.floats(lanes_ + lane_stride_ * static_cast<std::size_t>(lane) + place.offset);
}

ForwardPass InferenceNetwork::pass_of(int index, int sample, int lane, int thread) {
  const auto i = static_cast<std::size_t>(index);
  const Operation& operation = graph_.operations()[i];
  ForwardPass pass;
  for (std::size_t input = 0; input < 2; ++input) {
    if (operation.inputs[input] >= 0) pass.inputs[input] = at(operation.inputs[input], sample, lane);
  }
  pass.output = at(operation.output, sample, lane);
  pass.parameters = arena_.floats(weights_) + operation.parameter_offset;
  pass.prepared = arena_.floats(prepared_[i]);
  pass.statistics = arena_.floats(lanes_ + lane_stride_ * static_cast<std::size_t>(lane) + statistics_[i]);
  pass.workspace = arena_.floats(workspaces_ + workspace_stride_ * static_cast<std::size_t>(thread));
  pass.row_end = operation.layer->needs().rows;
  return pass;
}

void InferenceNetwork::run_trunk(int sample, int lane) {
  for (int i = 0; i < graph_.trunk_operations(); ++i) {
    graph_.operations()[static_cast<std::size_t>(i)].layer->forward(pass_of(i, sample, lane, lane));
  }
}

void InferenceNetwork::run_trunk_in_rows() {
  for (int i = 0; i < graph_.trunk_operations(); ++i) {
    const Layer& layer = *graph_.operations()[static_cast<std::size_t>(i)].layer;
    const LayerNeeds& needs = layer.needs();
    const int tiles = needs.row_tile > 0 ? (needs.rows + needs.row_tile - 1) / needs.row_tile : 1;
    const int tasks = row_tasks(tiles, pool_.threads());
    pool_.parallel_for(tasks, [&](int task, int thread) {
      ForwardPass pass = pass_of(i, 0, 0, thread);
      const Range range = fixed_part(tiles, tasks, task);
      pass.row_begin = range.begin * needs.row_tile;
      pass.row_end = std::min(range.end * needs.row_tile, needs.rows);
      layer.forward(pass);
    });
  }
}

void InferenceNetwork::run_dense(int index, int count) {
  const Operation& operation = graph_.operations()[static_cast<std::size_t>(index)];
  const DenseLayer& dense = *operation.layer->as_dense();
  const ForwardPass pass = pass_of(index, 0, 0, 0);
  float* partial = arena_.floats(partial_);
  pool_.parallel_for(dense.forward_parts(), [&](int part, int thread) {
    dense.forward_part(part, count, pass.inputs[0], pass.prepared, partial,
                       arena_.floats(workspaces_ + workspace_stride_ * static_cast<std::size_t>(thread)));
  });
  dense.finish_forward(count, pass.parameters, partial, pass.output);
}

void InferenceNetwork::run_head(int count) {
  for (int i = graph_.trunk_operations(); i < static_cast<int>(graph_.operations().size()); ++i) {
    const Layer& layer = *graph_.operations()[static_cast<std::size_t>(i)].layer;
    if (layer.as_dense() != nullptr) {
      run_dense(i, count);
    } else {
      for (int sample = 0; sample < count; ++sample) layer.forward(pass_of(i, sample, 0, 0));
    }
  }
}

void InferenceNetwork::predict(int count, const Reader& read, float* probs) {
  for (int begin = 0; begin < count; begin += kMaxBatch) {
    const int batch = std::min(kMaxBatch, count - begin);
    if (batch == 1) {
      read(begin, at(0, 0, 0));
      run_trunk_in_rows();
    } else {
      pool_.parallel_for(batch, [&](int sample, int thread) {
        read(begin + sample, at(0, sample, thread));
        run_trunk(sample, thread);
      });
    }
    run_head(batch);
    kernels::softmax(batch, graph_.classes(), at(graph_.logits(), 0, 0),
                     probs + static_cast<std::ptrdiff_t>(begin) * graph_.classes());
  }
}

}  // namespace sortlab
