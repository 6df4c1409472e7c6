// Plain-loop oracle of the activations, in double.
#pragma once

#include <cstddef>

#include "kernels/activation.hpp"

namespace sortlab::kernels::reference {

inline double activated(Activation activation, double x) {
  if (activation == Activation::kNone) return x;
  if (x < 0) return 0;
  if (activation == Activation::kRelu6 && x > 6) return 6;
  return x;
}

inline void activation_forward(Activation activation, std::size_t count, const double* input, double* output) {
  for (std::size_t i = 0; i < count; ++i) output[i] = activated(activation, input[i]);
}

}  // namespace sortlab::kernels::reference
