#include "nn/training_plan.hpp"

#include <algorithm>

#include "nn/layers/dense.hpp"

namespace sortlab {
namespace {

class TrainingPlanner {
 public:
  TrainingPlanner(const Graph& graph, int batch_size, int threads, BumpPlanner& arena)
      : graph_(graph), arena_(arena), batch_(static_cast<std::uint64_t>(batch_size)) {
    plan_.batch_size = batch_size;
    plan_.threads = threads;
    plan_.operations.resize(graph.operations().size());
  }

  TrainingPlan plan() {
    const std::size_t begin = arena_.total();
    place_values();
    place_kept_beside();
    plan_.labels = arena_.add(batch_ * sizeof(std::int32_t));
    plan_.losses = arena_.add_floats(batch_);
    plan_.probs = arena_.add_floats(batch_ * static_cast<std::size_t>(graph_.classes()));
    const std::size_t middle = arena_.total();
    place_gradients();
    place_prepared();
    place_slots();
    place_scratch();
    plan_.activation_bytes = middle - begin;
    plan_.workspace_bytes = arena_.total() - middle;
    return std::move(plan_);
  }

 private:
  Place batch_place(std::size_t count) { return {true, arena_.add_floats(batch_ * count), count}; }

  void place_values() {
    for (const Value& value : graph_.values()) {
      if (value.kept) {
        plan_.values.push_back(batch_place(value.count));
      } else {
        const int last = std::max(value.producer, value.last_reader);
        plan_.values.push_back(
            {false, forward_.add(std::uint64_t{value.count} * sizeof(float), value.producer, last), value.count});
      }
    }
  }

  void place_kept_beside() {
    for (std::size_t i = 0; i < graph_.operations().size(); ++i) {
      const LayerNeeds& needs = graph_.operations()[i].layer->needs();
      plan_.operations[i].statistics = arena_.add_floats(batch_ * needs.statistics_size);
      plan_.operations[i].codes = arena_.add(batch_ * needs.codes_size);
    }
  }

  /// On the way back operation i runs at time -i.
  void place_gradients() {
    for (const Value& value : graph_.values()) {
      Place place{value.head, 0, value.count};
      if (value.needs_gradient && value.head) place = batch_place(value.count);
      if (value.needs_gradient && !value.head) {
        place.offset = backward_.add(std::uint64_t{value.count} * sizeof(float), -value.last_reader, -value.producer);
      }
      plan_.gradients.push_back(place);
    }
    for (std::size_t i = 0; i < graph_.operations().size(); ++i) place_input_gradients(static_cast<int>(i));
  }

  void place_input_gradients(int index) {
    const Operation& operation = graph_.operations()[static_cast<std::size_t>(index)];
    OperationPlan& planned = plan_.operations[static_cast<std::size_t>(index)];
    planned.backward = graph_.values()[static_cast<std::size_t>(operation.output)].needs_gradient;
    for (std::size_t i = 0; i < 2; ++i) {
      if (operation.inputs[i] < 0) continue;
      const Value& value = graph_.values()[static_cast<std::size_t>(operation.inputs[i])];
      OperationPlan::InputGradient& gradient = planned.input_gradients[i];
      gradient.wanted = value.needs_gradient;
      const bool second_of_same = i == 1 && operation.inputs[0] == operation.inputs[1];
      gradient.add = gradient.wanted && (value.last_reader != index || second_of_same);
      if (!gradient.add) continue;
      if (operation.head) {
        gradient.beside = batch_place(value.count);
      } else {
        gradient.beside = {false, backward_.add(std::uint64_t{value.count} * sizeof(float), -index, -index),
                           value.count};
      }
    }
  }

  void place_prepared() {
    for (std::size_t i = 0; i < graph_.operations().size(); ++i) {
      const LayerNeeds& needs = graph_.operations()[i].layer->needs();
      OperationPlan& planned = plan_.operations[i];
      const std::size_t backward = planned.input_gradients[0].wanted ? needs.prepared_backward_size : 0;
      planned.prepared = arena_.add_floats(std::max(needs.prepared_forward_size, backward));
    }
  }

  void place_slots() {
    plan_.slot_stride = align_up(graph_.trunk_parameter_count() * sizeof(float));
    plan_.slots = arena_.add(std::uint64_t{plan_.slot_stride} * (kGradientSlots - 1));
  }

  void place_scratch() {
    std::uint64_t forward = 0, backward = 0, partial = 0;
    for (const Operation& operation : graph_.operations()) {
      const LayerNeeds& needs = operation.layer->needs();
      forward = std::max<std::uint64_t>(forward, needs.forward_workspace_size);
      backward = std::max<std::uint64_t>(backward, needs.backward_workspace_size);
      if (const DenseLayer* dense = operation.layer->as_dense()) {
        forward = std::max<std::uint64_t>(forward, dense->workspace_size(plan_.batch_size));
        backward = std::max<std::uint64_t>(backward, dense->workspace_size(plan_.batch_size));
        partial = std::max<std::uint64_t>(partial, dense->partial_size(plan_.batch_size));
      }
    }
    plan_.partial = arena_.add_floats(partial);
    plan_.forward_workspace = static_cast<std::size_t>(forward_.total());
    plan_.backward_workspace = static_cast<std::size_t>(backward_.total());
    BumpPlanner scratch;
    scratch.add(std::max(forward_.total() + forward * sizeof(float), backward_.total() + backward * sizeof(float)));
    plan_.scratch_stride = scratch.total();
    plan_.scratch = arena_.add(scratch.total_bytes() * static_cast<std::uint64_t>(plan_.threads));
  }

  const Graph& graph_;
  BumpPlanner& arena_;
  std::uint64_t batch_;  // 64 bits: products that a 32-bit machine cannot hold are for the planner to notice
  TrainingPlan plan_;
  LifetimePlanner forward_, backward_;
};

}  // namespace

TrainingPlan plan_training(const Graph& graph, int batch_size, int threads, BumpPlanner& arena) {
  return TrainingPlanner(graph, batch_size, threads, arena).plan();
}

}  // namespace sortlab
