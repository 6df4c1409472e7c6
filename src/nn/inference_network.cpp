#include "nn/inference_network.hpp"

#include <algorithm>

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

/// Bytes of values up to which every thread gets a picture of its own. Small ones are done faster side by side (96 px
/// on two threads: 0.44 ms a picture in `compact`, 0.74 in rows); with large ones rows are as fast and take no more
/// memory.
constexpr std::uint64_t kSmallLane = std::uint64_t{1} << 20;

Status too_large() {
  return {StatusCode::kTooLarge, "This network is too large for this device; choose smaller pictures.", "size"};
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
  BumpPlanner planner;
  Layout layout = lay_out(*graph, pool.threads(), planner);
  if (!planner.fits()) return too_large();
  Result<Arena> arena = Arena::allocate(planner.total());
  if (!arena.ok()) return arena.status();
  std::unique_ptr<InferenceNetwork> network(
      new InferenceNetwork(std::move(graph).value(), std::move(layout), std::move(arena).value(), weights, pool));
  network->prepare();
  return network;
}

Result<std::size_t> InferenceNetwork::plan(const Architecture& architecture, int image_size, int classes, int threads) {
  const Result<Graph> graph = Graph::compile(architecture, image_size, classes, GraphUse::kInference);
  if (!graph.ok()) return graph.status();
  BumpPlanner planner;
  lay_out(*graph, threads, planner);
  if (!planner.fits()) return too_large();
  return planner.total() + graph->parameter_count() * sizeof(float);
}

InferenceNetwork::Layout InferenceNetwork::lay_out(const Graph& graph, int threads, BumpPlanner& planner) {
  Layout layout;
  LifetimePlanner lane;
  for (const Value& value : graph.values()) {
    if (value.head) {
      layout.values.push_back({true, planner.add_floats(std::uint64_t{kMaxBatch} * value.count), value.count});
    } else {
      layout.values.push_back({false,
                               lane.add(std::uint64_t{value.count} * sizeof(float), value.producer, value.last_reader),
                               value.count});
    }
  }
  std::size_t workspace = 0, partial = 0;
  for (std::size_t i = 0; i < graph.operations().size(); ++i) {
    const LayerNeeds& needs = graph.operations()[i].layer->needs();
    const int index = static_cast<int>(i);
    layout.statistics.push_back(lane.add(needs.statistics_size * sizeof(float), index, index));
    const DenseLayer* dense = graph.operations()[i].layer->as_dense();
    layout.prepared.push_back(
        planner.add_floats(dense != nullptr ? dense->packed_size() : needs.prepared_forward_size));
    workspace = std::max(workspace, needs.forward_workspace_size);
    if (dense != nullptr) {
      workspace = std::max(workspace, dense->packed_workspace_size(kMaxBatch));
      partial = std::max(partial, dense->partial_size(kMaxBatch));
    }
  }
  layout.partial = planner.add_floats(partial);
  layout.lane_count = lane.total() <= kSmallLane ? threads : 1;
  BumpPlanner lanes;
  lanes.add(lane.total());
  layout.lane_stride = lanes.total();
  layout.lanes = planner.add(lanes.total_bytes() * static_cast<std::uint64_t>(layout.lane_count));
  layout.workspace_stride = align_up(workspace * sizeof(float));
  layout.workspaces = planner.add(std::uint64_t{layout.workspace_stride} * static_cast<std::uint64_t>(threads));
  return layout;
}

void InferenceNetwork::prepare() {
  pool_.parallel_for(static_cast<int>(graph_.operations().size()), [&](int index, int) {
    const Operation& operation = graph_.operations()[static_cast<std::size_t>(index)];
    const float* parameters = weights_ + operation.parameter_offset;
    float* prepared = arena_.floats(layout_.prepared[static_cast<std::size_t>(index)]);
    if (const DenseLayer* dense = operation.layer->as_dense()) {
      dense->pack(parameters, prepared);
    } else {
      operation.layer->prepare_forward(parameters, prepared);
    }
  });
}

float* InferenceNetwork::at(int value, int sample, int lane) {
  const Place& place = layout_.values[static_cast<std::size_t>(value)];
  if (place.batch) return arena_.floats(place.offset) + static_cast<std::size_t>(sample) * place.count;
  return arena_.floats(layout_.lanes + layout_.lane_stride * static_cast<std::size_t>(lane) + place.offset);
}

ForwardPass InferenceNetwork::pass_of(int index, int sample, int lane, int thread) {
  const auto i = static_cast<std::size_t>(index);
  const Operation& operation = graph_.operations()[i];
  ForwardPass pass;
  for (std::size_t input = 0; input < 2; ++input) {
    if (operation.inputs[input] >= 0) pass.inputs[input] = at(operation.inputs[input], sample, lane);
  }
  pass.output = at(operation.output, sample, lane);
  pass.parameters = weights_ + operation.parameter_offset;
  pass.prepared = arena_.floats(layout_.prepared[i]);
  pass.statistics =
      arena_.floats(layout_.lanes + layout_.lane_stride * static_cast<std::size_t>(lane) + layout_.statistics[i]);
  pass.workspace = arena_.floats(layout_.workspaces + layout_.workspace_stride * static_cast<std::size_t>(thread));
  pass.row_end = operation.layer->needs().rows;
  return pass;
}

void InferenceNetwork::run_trunk(int sample, int lane) {
  for (int i = 0; i < graph_.trunk_operations(); ++i) {
    graph_.operations()[static_cast<std::size_t>(i)].layer->forward(pass_of(i, sample, lane, lane));
  }
}

// Tried with MobileNetV2 at 224 px: depthwise, projection, addition and the next expansion together, stripe by stripe,
// with a third of the waits, changed nothing on two threads and cost 1 to 8 % on one; an expansion kept in a band of a
// few rows for the depthwise behind it gained 2 % for 112x112x96 and nothing for smaller ones. Neither is worth a
// second way through the network.
void InferenceNetwork::run_trunk_in_rows(int sample) {
  for (int i = 0; i < graph_.trunk_operations(); ++i) {
    const Layer& layer = *graph_.operations()[static_cast<std::size_t>(i)].layer;
    const LayerNeeds& needs = layer.needs();
    const int tiles = needs.row_tile > 0 ? (needs.rows + needs.row_tile - 1) / needs.row_tile : 1;
    const int tasks = row_tasks(tiles, pool_.threads());
    pool_.parallel_for(tasks, [&](int task, int thread) {
      ForwardPass pass = pass_of(i, sample, 0, thread);
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
  float* partial = arena_.floats(layout_.partial);
  pool_.parallel_for(dense.forward_parts(), [&](int part, int thread) {
    dense.forward_packed_part(
        part, count, pass.inputs[0], pass.prepared, partial,
        arena_.floats(layout_.workspaces + layout_.workspace_stride * static_cast<std::size_t>(thread)));
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
    if (batch == 1 || layout_.lane_count == 1) {
      for (int sample = 0; sample < batch; ++sample) {
        read(begin + sample, at(0, sample, 0));
        run_trunk_in_rows(sample);
      }
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
