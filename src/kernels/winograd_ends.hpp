// What becomes of a finished 4 x 4 (or 2 x 2) output tile of a Winograd convolution: stored as it is, or pooled. Tiles
// that reach over the edge are clipped here. Used by the conv2d_winograd*.cpp files only.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>

#include "kernels/clamp.hpp"
#include "kernels/conv2d_pool.hpp"
#include "kernels/winograd_transform.hpp"

namespace sortlab::kernels::winograd {

/// Where a tile lies.
struct Tile {
  int y, x;  // of its first output
};

inline f32x4 load_bias(const float* bias, int channel) {
  return bias != nullptr ? simd::load(bias + channel) : simd::zero();
}

struct PlainEnd {
  float* output;
  const float* bias;
  Clamp clamp;

  /// y: four channels of the tile, without bias.
  template <int kOut>
  void store(const Conv2dShape& shape, Tile tile, int channel, const f32x4 (&y)[kOut][kOut]) const {
    const std::ptrdiff_t channels = shape.out_channels, row_stride = shape.out_width * channels;
    const int rows = std::min(kOut, shape.out_height - tile.y), columns = std::min(kOut, shape.out_width - tile.x);
    float* target = output + tile.y * row_stride + tile.x * channels + channel;
    const f32x4 start = load_bias(bias, channel);
    for (int i = 0; i < kOut; ++i) {
      for (int j = 0; j < kOut; ++j) {
        if (i < rows && j < columns) {
          simd::store(target + i * row_stride + j * channels, clamp.apply(y[i][j] + start));
        }
      }
    }
  }
};

struct PooledEnd {
  float* pooled;
  std::uint8_t* code;  // may be null
  const float* bias;
  PoolWindow pool = {};

  template <int kOut>
  void store(const Conv2dShape& shape, Tile tile, int channel, const f32x4 (&y)[kOut][kOut]) const {
    const std::ptrdiff_t channels = shape.out_channels, width = shape.out_width / 2;
    const std::ptrdiff_t rows = shape.out_height / 2 - tile.y / 2, columns = width - tile.x / 2;
    const std::ptrdiff_t target = (tile.y / 2 * width + tile.x / 2) * channels + channel;
    const f32x4 start = load_bias(bias, channel);
    for (int i = 0; i < kOut / 2; ++i) {
      for (int j = 0; j < kOut / 2; ++j) {
        if (i >= rows || j >= columns) continue;
        const PooledVector window =
            pool(y[2 * i][2 * j], y[2 * i][2 * j + 1], y[2 * i + 1][2 * j], y[2 * i + 1][2 * j + 1], start);
        const std::ptrdiff_t at = target + (i * width + j) * channels;
        simd::store(pooled + at, window.value);
        if (code != nullptr) simd::store_u8(code + at, window.code);
      }
    }
  }
};

}  // namespace sortlab::kernels::winograd
