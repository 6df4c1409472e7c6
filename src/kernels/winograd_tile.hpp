// Input tiles of Winograd convolutions on their way into the transformed planes V, a group of tiles at a time.
//
//    one tile, four channels a vector            V: a plane for each of the 36 (or 16) places of a tile
//      | d d d d d d |   down its six columns       plane 0   | tile 0 | tile 1 | ... | tile 11 |  (kGroup, channels)
//      | d d d d d d |   and along its six rows     plane 1   | tile 0 | tile 1 | ... | tile 11 |
//      | ...         |         ----->                 ...          each plane is the left side of one product
//
// Used by the conv2d_winograd*.cpp files only, whose rates include it: with the output's transform a quarter of their
// time.
#pragma once

#include <algorithm>
#include <cstddef>

#include "kernels/conv2d.hpp"
#include "kernels/winograd_ends.hpp"
#include "kernels/winograd_transform.hpp"
#include "simd/copy.hpp"

namespace sortlab::kernels::winograd {

inline constexpr int kGroup = 12;
// Keeps the planes of V and M from falling on the same cache sets where their size is a power of two.
inline constexpr std::ptrdiff_t kPlanePadding = 16;

inline std::ptrdiff_t plane_size(int channels) { return std::ptrdiff_t{kGroup} * channels + kPlanePadding; }

/// One input tile to V at one place of the group. d: first element, rows row_stride and columns column_stride apart.
template <typename F>
void transform_input(const float* d, std::ptrdiff_t row_stride, int channels, float* v, std::ptrdiff_t plane) {
  constexpr int n = F::kIn;
  const F f;
  for (int c = 0; c < channels; c += 4) {
    f32x4 columns[n][n];  // [column][row]
    for (int x = 0; x < n; ++x) {
      f32x4 column[n];
      for (int y = 0; y < n; ++y) column[y] = simd::load(d + y * row_stride + x * channels + c);
      f.input(column, columns[x]);
    }
    for (int y = 0; y < n; ++y) {
      f32x4 row[n], transformed[n];
      for (int x = 0; x < n; ++x) row[x] = columns[x][y];
      f.input(row, transformed);
      for (int x = 0; x < n; ++x) simd::store(v + (y * n + x) * plane + c, transformed[x]);
    }
  }
}

/// The input tile, from a padded copy where it reaches over the edge.
template <typename F>
void load_tile(const Conv2dShape& shape, const float* input, Tile tile, float* padded, float* v, std::ptrdiff_t plane) {
  constexpr int n = F::kIn;
  const int top = tile.y - shape.pad_top, left = tile.x - shape.pad_left, channels = shape.in_channels;
  const std::ptrdiff_t row_stride = std::ptrdiff_t{shape.width} * channels;
  if (top >= 0 && left >= 0 && top + n <= shape.height && left + n <= shape.width) {
    transform_input<F>(input + top * row_stride + std::ptrdiff_t{left} * channels, row_stride, channels, v, plane);
    return;
  }
  const int x_begin = std::clamp(-left, 0, n), x_end = std::clamp(shape.width - left, x_begin, n);
  simd::fill(std::ptrdiff_t{n} * n * channels, 0.0f, padded);
  for (int y = std::clamp(-top, 0, n); y < std::min(n, shape.height - top); ++y) {
    simd::copy(std::ptrdiff_t{x_end - x_begin} * channels,
               input + (top + y) * row_stride + std::ptrdiff_t{left + x_begin} * channels,
               padded + (std::ptrdiff_t{y} * n + x_begin) * channels);
  }
  transform_input<F>(padded, std::ptrdiff_t{n} * channels, channels, v, plane);
}

}  // namespace sortlab::kernels::winograd
