// Winograd F(4x4, 3x3) of a first layer: with three input channels the products between the transforms are only three
// multiply-adds long, so they are done where their results are needed, in registers, and M is never stored.
//
//   six padded input rows  --B^T d B-->  V (tile, 36, 4): a pixel is one vector, its last lane unused
//   for each four output channels and each tile:
//     for each of the six rows of the transformed tile:
//        6 sums = U (row, 6, 3 channels) x V   --A^T-->  row of 4
//     columns of six  --A^T-->  4 x 4 outputs of four channels  -->  bias, ReLU, pool
//
// U is (out_channels / 4, 36, 3, 4): 1.7 KiB a turn.
// Measured in V8, relaxed: 224x224 3 -> 32 in 1.5 ms, 97 % of the peak of multiply-add counted directly.
#include "kernels/conv2d_winograd_rgb.hpp"

#include <algorithm>

#include "kernels/conv2d_rows.hpp"

namespace sortlab::kernels::winograd::rgb {
namespace {

constexpr int kColors = 3, kIn = F4::kIn, kOut = F4::kOut, kPlanes = kIn * kIn;
constexpr int kGroup = 28;  // tiles; V of a group is 16 KiB
constexpr std::ptrdiff_t kTileSize = kPlanes * 4, kWeightSize = kPlanes * kColors * 4;

std::ptrdiff_t row_size(const Conv2dShape& shape) {
  const std::ptrdiff_t tiles = (shape.out_width + kOut - 1) / kOut;
  return (tiles * kOut + 2) * kColors + 4;
}

/// V of one tile. d: its first pixel, in padded rows.
void transform_input(const float* d, std::ptrdiff_t row_stride, float* v) {
  const F4 f;
  f32x4 columns[kIn][kIn];  // [column][row]
  for (int x = 0; x < kIn; ++x) {
    f32x4 column[kIn];
    for (int y = 0; y < kIn; ++y) column[y] = simd::load(d + y * row_stride + x * kColors);
    f.input(column, columns[x]);
  }
  for (int y = 0; y < kIn; ++y) {
    f32x4 row[kIn], transformed[kIn];
    for (int x = 0; x < kIn; ++x) row[x] = columns[x][y];
    f.input(row, transformed);
    for (int x = 0; x < kIn; ++x) simd::store(v + (y * kIn + x) * 4, transformed[x]);
  }
}

/// Four output channels of one tile. The rows of sums go through memory, in a loop that is not unrolled: in one long
/// block LLVM would collect all loads at the front and V8 would spill them.
void multiply_tile(const Conv2dShape& shape, const float* v, const float* u, int channel, Tile tile,
                   const TileEnd& end) {
  const F4 f;
  f32x4 rows[kIn][kOut];
#pragma clang loop unroll(disable)
  for (int i = 0; i < kIn; ++i, v += 4 * kIn, u += 4 * kIn * kColors) {
    f32x4 m[kIn];
    for (int j = 0; j < kIn; ++j) {
      const f32x4 red = simd::load_splat(v + 4 * j) * simd::load(u + 12 * j);
      const f32x4 yellow = simd::madd(simd::load_splat(v + 4 * j + 1), simd::load(u + 12 * j + 4), red);
      m[j] = simd::madd(simd::load_splat(v + 4 * j + 2), simd::load(u + 12 * j + 8), yellow);
    }
    f.output(m, rows[i]);
  }
  f32x4 y[kOut][kOut];
  for (int j = 0; j < kOut; ++j) {
    f32x4 column[kIn], out[kOut];
    for (int i = 0; i < kIn; ++i) column[i] = rows[i][j];
    f.output(column, out);
    for (int i = 0; i < kOut; ++i) y[i][j] = out[i];
  }
  end.store(shape, tile, channel, y);
}

}  // namespace

std::size_t prepared_size(const Conv2dShape& shape) {
  return static_cast<std::size_t>(shape.out_channels / 4 * kWeightSize);
}

[[clang::minsize]] void prepare(const Conv2dShape& shape, const float* weight, float* prepared) {
  const std::ptrdiff_t out = shape.out_channels;
  for (std::ptrdiff_t channel = 0; channel < out; channel += 4, prepared += kWeightSize) {
    for (int c = 0; c < kColors; ++c) {
      f32x4 columns[3][kIn];
      for (int x = 0; x < 3; ++x) {
        f32x4 column[3];
        for (int y = 0; y < 3; ++y) column[y] = simd::load(weight + ((3 * y + x) * kColors + c) * out + channel);
        F4::weight(column, columns[x]);
      }
      for (int y = 0; y < kIn; ++y) {
        const f32x4 row[3] = {columns[0][y], columns[1][y], columns[2][y]};
        f32x4 transformed[kIn];
        F4::weight(row, transformed);
        for (int x = 0; x < kIn; ++x) simd::store(prepared + ((y * kIn + x) * kColors + c) * 4, transformed[x]);
      }
    }
  }
}

std::size_t workspace_size(const Conv2dShape& shape) {
  return static_cast<std::size_t>(kIn * row_size(shape) + kGroup * kTileSize);
}

void convolve(const Conv2dShape& shape, const float* input, const float* prepared, int row_begin, int row_end,
              const TileEnd& end, float* workspace) {
  const std::ptrdiff_t row = row_size(shape);
  float* padded = workspace;
  float* v = padded + kIn * row;
  for (int y = row_begin; y < row_end; y += kOut) {
    copy_padded_rows(shape, input, y - shape.pad_top, kIn, row, padded);
    for (int begin = 0; begin < shape.out_width; begin += kGroup * kOut) {
      const int tiles = std::min(kGroup, (shape.out_width - begin + kOut - 1) / kOut);
      for (int t = 0; t < tiles; ++t) transform_input(padded + (begin + t * kOut) * kColors, row, v + t * kTileSize);
      for (int channel = 0; channel < shape.out_channels; channel += 4) {
        const float* u = prepared + channel / 4 * kWeightSize;
        for (int t = 0; t < tiles; ++t) {
          multiply_tile(shape, v + t * kTileSize, u, channel, {y, begin + t * kOut}, end);
        }
      }
    }
  }
}

}  // namespace sortlab::kernels::winograd::rgb
