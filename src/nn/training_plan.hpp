// Where everything that a training step touches lies, decided before any of it exists.
#pragma once

#include <array>
#include <cstddef>
#include <vector>

#include "nn/graph.hpp"
#include "tensor/memory_planner.hpp"

namespace sortlab {

/// Gradients are summed over this many slots, whatever the number of threads: sample i of a batch of n belongs to the
/// slot whose fixed_part(n, kGradientSlots, slot) holds it, a slot adds up its samples in order, and slots are summed
/// in a fixed tree. So 1, 2 and 4 threads give the same bits.
inline constexpr int kGradientSlots = 8;

/// Where one value lies: in the arena as a matrix (batch, count), or in every thread's scratch.
struct Place {
  bool batch = false;      // true: arena; false: scratch
  std::size_t offset = 0;  // bytes
  std::size_t count = 0;   // floats, a sample
};

struct OperationPlan {
  std::size_t statistics = 0, codes = 0;  // arena, (batch, size of one)
  std::size_t prepared = 0;               // arena: weights packed for forward, then for backward
  bool backward = false;                  // whether anything before it learns
  /// Gradients of the inputs: the last reader of a value comes first on the way back and overwrites; earlier readers
  /// write beside it and add.
  struct InputGradient {
    bool wanted = false, add = false;
    Place beside;  // where `add`
  };
  std::array<InputGradient, 2> input_gradients{};
};

/// Offsets in bytes into one arena; sizes of the three groups for people.
struct TrainingPlan {
  int batch_size = 0, threads = 0;
  std::vector<Place> values, gradients;  // by value; a gradient's place counts only where the value needs one
  std::vector<OperationPlan> operations;
  std::size_t slots = 0, slot_stride = 0;       // the trunk's gradients: all slots but the first, which is the sum
  std::size_t scratch = 0, scratch_stride = 0;  // a thread's: values or gradients first, the workspace behind
  std::size_t forward_workspace = 0, backward_workspace = 0;  // offsets inside a scratch
  std::size_t partial = 0;                                    // the dense layers' partial sums
  std::size_t labels = 0, losses = 0, probs = 0;              // (batch), (batch), (batch, classes)
  std::size_t activation_bytes = 0, workspace_bytes = 0;
};

/// Adds what `graph` needs to `arena`; the plan is good only where arena.fits().
TrainingPlan plan_training(const Graph& graph, int batch_size, int threads, BumpPlanner& arena);

}  // namespace sortlab
