// What training will take, in bytes, computed before anything is allocated.
#pragma once

#include <cstddef>

namespace sortlab {

struct MemoryPlan {
  std::size_t parameters = 0;   // weights, gradients, optimizer state, best weights
  std::size_t activations = 0;  // kept for backward, a whole batch
  std::size_t workspaces = 0;   // per-thread scratch, gradient slots, packed weights
  std::size_t dataset = 0;
  std::size_t model = 0;  // the finished model and what it predicts in
  /// All that a run takes besides the data set and the finished model: one arena.
  std::size_t arena() const { return parameters + activations + workspaces; }
  std::size_t total() const { return arena() + dataset + model; }
};

}  // namespace sortlab
