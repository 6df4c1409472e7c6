// What training will take, in bytes, computed before anything is allocated.
#pragma once

#include <cstddef>

namespace sortlab {

struct MemoryPlan {
  std::size_t parameters = 0;   // weights, gradients, optimizer state, best weights
  std::size_t activations = 0;  // kept for backward, a whole batch
  std::size_t workspaces = 0;   // per-thread scratch, gradient slots, packed weights
  std::size_t dataset = 0;
  std::size_t model = 0;  // one in use, its weights and what it predicts in: the run before's, then the finished one
  std::size_t best_weights = 0;  // of the parameters: beside the arena, since the finished model takes them over
  /// All that a run takes besides: one arena.
  std::size_t arena() const { return parameters - best_weights + activations + workspaces; }
  std::size_t total() const { return parameters + activations + workspaces + dataset + model; }
};

}  // namespace sortlab
