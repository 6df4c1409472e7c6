// Input rows copied together with their padding, so that the loops over taps need no tests. Used by the conv2d_*.cpp
// files only.
#pragma once

#include <algorithm>
#include <cstddef>

#include "kernels/conv2d.hpp"
#include "simd/copy.hpp"

namespace sortlab::kernels {

/// padded (rows, row_size): input rows first_row on, shifted right by pad_left pixels, zeros wherever there is no
/// image.
inline void copy_padded_rows(const Conv2dShape& shape, const float* input, int first_row, std::ptrdiff_t rows,
                             std::ptrdiff_t row_size, float* padded) {
  const std::ptrdiff_t channels = shape.in_channels, before = shape.pad_left * channels;
  const std::ptrdiff_t inside = std::min(shape.width * channels, row_size - before);
  for (std::ptrdiff_t y = first_row; y < first_row + rows; ++y, padded += row_size) {
    if (y < 0 || y >= shape.height) {
      simd::fill(row_size, 0.0f, padded);
      continue;
    }
    simd::fill(before, 0.0f, padded);
    simd::copy(inside, input + y * shape.width * channels, padded + before);
    simd::fill(row_size - before - inside, 0.0f, padded + before + inside);
  }
}

}  // namespace sortlab::kernels
