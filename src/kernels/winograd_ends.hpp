// What becomes of a finished 4 x 4 (or 2 x 2) output tile of a Winograd convolution: stored as it is, or pooled.
//
//    y y | y y                 plain: + bias, activation, 16 pixels       edge of the image: what lies behind it is
//    y y | y y                 pooled: the maximum of each quarter         not stored
//    ----+----   -- here -->           + bias, ReLU, 4 pixels
//    y y | y y                         and 4 codes
//    y y | y y
//
// Used by the conv2d_winograd*.cpp files only, whose rates include it.
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

/// One type for both ends, and a test a tile: the transforms before it are then compiled once.
class TileEnd {
 public:
  /// output (out_height, out_width, out_channels)
  TileEnd(float* output, const float* bias, Activation activation) : output_(output), bias_(bias), clamp_(activation) {}
  /// With ReLU and a 2x2 max-pool: pooled, code (out_height / 2, out_width / 2, out_channels); code may be null.
  TileEnd(float* pooled, std::uint8_t* code, const float* bias)
      : output_(pooled), bias_(bias), clamp_(Activation::kRelu), pooled_(true), code_(code) {}

  /// y: four channels of the tile, without bias.
  template <int kOut>
  void store(const Conv2dShape& shape, Tile tile, int channel, const f32x4 (&y)[kOut][kOut]) const {
    if (kOut == F4::kOut && pooled_) {
      store_pooled(shape, tile, channel, y);
    } else {
      store_plain(shape, tile, channel, y);
    }
  }

 private:
  template <int kOut>
  void store_plain(const Conv2dShape& shape, Tile tile, int channel, const f32x4 (&y)[kOut][kOut]) const {
    const std::ptrdiff_t channels = shape.out_channels, row_stride = shape.out_width * channels;
    const int rows = std::min(kOut, shape.out_height - tile.y), columns = std::min(kOut, shape.out_width - tile.x);
    float* target = output_ + tile.y * row_stride + tile.x * channels + channel;
    const f32x4 start = load_bias(bias_, channel);
    for (int i = 0; i < kOut; ++i) {
      for (int j = 0; j < kOut; ++j) {
        if (i < rows && j < columns) {
          simd::store(target + i * row_stride + j * channels, clamp_.apply(y[i][j] + start));
        }
      }
    }
  }

  template <int kOut>
  void store_pooled(const Conv2dShape& shape, Tile tile, int channel, const f32x4 (&y)[kOut][kOut]) const {
    const std::ptrdiff_t channels = shape.out_channels, width = shape.out_width / 2;
    const std::ptrdiff_t rows = shape.out_height / 2 - tile.y / 2, columns = width - tile.x / 2;
    const std::ptrdiff_t target = (tile.y / 2 * width + tile.x / 2) * channels + channel;
    const f32x4 start = load_bias(bias_, channel);
    for (int i = 0; i < kOut / 2; ++i) {
      for (int j = 0; j < kOut / 2; ++j) {
        if (i >= rows || j >= columns) continue;
        const PooledVector window =
            pool_(y[2 * i][2 * j], y[2 * i][2 * j + 1], y[2 * i + 1][2 * j], y[2 * i + 1][2 * j + 1], start);
        const std::ptrdiff_t at = target + (i * width + j) * channels;
        simd::store(output_ + at, window.value);
        if (code_ != nullptr) simd::store_u8(code_ + at, window.code);
      }
    }
  }

  float* output_;
  const float* bias_;
  Clamp clamp_;
  bool pooled_ = false;
  std::uint8_t* code_ = nullptr;
  PoolWindow pool_;
};

}  // namespace sortlab::kernels::winograd
