// What training will take, in bytes, computed before anything is allocated.
#pragma once

#include <cstddef>

namespace sortlab {

struct MemoryPlan {
  std::size_t parameters = 0;   // weights, gradients, optimizer state, best weights
  std::size_t activations = 0;  // kept for backward, a whole batch
  std::size_t workspaces = 0;   // per-thread scratch, gradient slots, packed weights
  std::size_t dataset = 0;
  std::size_t total() const { return parameters + activations + workspaces + dataset; }
};

}  // namespace sortlab
