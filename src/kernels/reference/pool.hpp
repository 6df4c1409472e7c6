// Plain-loop oracles of the poolings, in double; shapes as in kernels/pool.hpp.
#pragma once

#include <cstdint>

#include "kernels/pool.hpp"

namespace sortlab::kernels::reference {

/// f(output index, window element, input index) for every element of every window.
template <typename F>
void for_windows(const PoolShape& shape, F&& f) {
  for (int y = 0; y < shape.out_height(); ++y) {
    for (int x = 0; x < shape.out_width(); ++x) {
      for (int row = 0; row < shape.size; ++row) {
        for (int column = 0; column < shape.size; ++column) {
          for (int c = 0; c < shape.channels; ++c) {
            const int in_y = y * shape.stride + row, in_x = x * shape.stride + column;
            f((y * shape.out_width() + x) * shape.channels + c, shape.size * row + column,
              (in_y * shape.width + in_x) * shape.channels + c);
          }
        }
      }
    }
  }
}

inline void max_pool_forward(const PoolShape& shape, const double* input, double* output, std::uint8_t* code) {
  for_windows(shape, [&](int to, int element, int from) {
    if (element > 0 && !(input[from] > output[to])) return;
    output[to] = input[from];
    code[to] = static_cast<std::uint8_t>(element);
  });
}

inline void average_pool_forward(const PoolShape& shape, const double* input, double* output) {
  for_windows(shape, [&](int to, int element, int from) {
    if (element == 0) output[to] = 0;
    output[to] += input[from] / (shape.size * shape.size);
  });
}

inline void global_average_pool_forward(int pixels, int channels, const double* input, double* output) {
  for (int c = 0; c < channels; ++c) {
    output[c] = 0;
    for (int pixel = 0; pixel < pixels; ++pixel) output[c] += input[pixel * channels + c] / pixels;
  }
}

}  // namespace sortlab::kernels::reference
