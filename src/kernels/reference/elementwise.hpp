// Plain-loop oracles of the sums and masks over flat buffers.
#pragma once

#include <cstddef>
#include <cstdint>

#include "base/random.hpp"
#include "kernels/elementwise.hpp"
#include "kernels/reference/activation.hpp"

namespace sortlab::kernels::reference {

inline void add_forward(std::size_t count, const double* a, const double* b, Activation activation, double* output) {
  for (std::size_t i = 0; i < count; ++i) output[i] = activated(activation, a[i] + b[i]);
}

inline double sum_of_squares(std::size_t count, const float* values) {
  double sum = 0;
  for (std::size_t i = 0; i < count; ++i) sum += static_cast<double>(values[i]) * static_cast<double>(values[i]);
  return sum;
}

inline void accumulate_column_sums(int rows, int columns, const double* values, double* sums) {
  for (int row = 0; row < rows; ++row) {
    for (int column = 0; column < columns; ++column) sums[column] += values[row * columns + column];
  }
}

/// One block of random numbers for every element, of which one number is used.
inline void dropout(std::size_t count, float rate, const DropoutKey& key, const double* input, double* output) {
  for (std::size_t i = 0; i < count; ++i) {
    const auto block = philox4x32({static_cast<std::uint32_t>(i / 4), key.step, key.sample, key.layer * 16 + 5},
                                  {static_cast<std::uint32_t>(key.seed), static_cast<std::uint32_t>(key.seed >> 32)});
    const double uniform = static_cast<double>(block[i % 4] / 256) / 16777216.0;
    output[i] = uniform < static_cast<double>(rate) ? 0.0 : input[i] / (1.0 - static_cast<double>(rate));
  }
}

}  // namespace sortlab::kernels::reference
