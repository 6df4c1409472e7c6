// The weight gradient by Winograd's F(4x4, 3x3) read backwards: where forward is A^T (U . V) A, the gradient of the
// weights is G^T M G with M the sum over all tiles of V times the transformed gradient of the output.
//
//   input tile (6, 6, in)      --B^T d B-->  V [36] (tiles, in)      a group of kGroup tiles at a time
//                                               | 36 products V^T W, added to M [36] (in, out)
//   doutput tile (4, 4, out)   --A y A^T-->  W [36] (tiles, out)      packed panels
//                                               v
//   dweight (3, 3, in, out)    <--G^T M G--  M, once for all tiles
//
// M is 4 times as large as dweight and must stay in cache, and its tiles must be several: conv2d_plan.cpp takes this up
// to 128 x 128 channels and from nine tiles on. Measured in V8, relaxed, of the peak of multiply-add counted directly:
// 194 to 254 % (24 to 56 pixels, 32 and 64 channels), 141 % at 14 pixels and 128 channels. Source: Lavin and Gray, CVPR
// 2016, section 4.4.
#include "kernels/conv2d_winograd_weight.hpp"

#include <algorithm>

#include "kernels/gemm.hpp"
#include "kernels/gemm_blocking.hpp"
#include "kernels/winograd_tile.hpp"

namespace sortlab::kernels::winograd {
namespace {

constexpr int kPlanes = F4::kIn * F4::kIn;

std::ptrdiff_t gradient_plane(const Conv2dShape& shape) {
  return static_cast<std::ptrdiff_t>(gemm_packed_b_size(shape.out_channels, kGroup)) + kPlanePadding;
}

std::ptrdiff_t sums_plane(const Conv2dShape& shape) {
  return std::ptrdiff_t{shape.in_channels} * shape.out_channels + kPlanePadding;
}

/// Four channels of a tile of doutput, zeros past the edge.
void load_gradient(const Conv2dShape& shape, const float* doutput, Tile tile, f32x4 (&y)[F4::kOut][F4::kOut]) {
  const std::ptrdiff_t channels = shape.out_channels, row_stride = shape.out_width * channels;
  const int rows = std::min(F4::kOut, shape.out_height - tile.y),
            columns = std::min(F4::kOut, shape.out_width - tile.x);
  const float* source = doutput + tile.y * row_stride + tile.x * channels;
  for (int i = 0; i < F4::kOut; ++i) {
    for (int j = 0; j < F4::kOut; ++j) {
      y[j][i] = i < rows && j < columns ? simd::load(source + i * row_stride + j * channels) : simd::zero();
    }
  }
}

/// Tile `place` of `count` of a group into the panels of W.
void transform_gradient(const Conv2dShape& shape, const float* doutput, Tile tile, int place, int count, float* w,
                        std::ptrdiff_t plane) {
  const F4 f;
  const int panel = gemm_panel_width(shape.out_channels);
  const int padded_out = static_cast<int>(gemm_padded_columns(shape.out_channels));
  for (int c = 0; c < padded_out; c += 4) {
    float* target = w + (c / panel * count + place) * panel + c % panel;
    if (c >= shape.out_channels) {
      for (int i = 0; i < kPlanes; ++i) simd::store(target + i * plane, simd::zero());
      continue;
    }
    f32x4 y[F4::kOut][F4::kOut], columns[F4::kOut][F4::kIn];  // [column][row]
    load_gradient(shape, doutput + c, tile, y);
    for (int x = 0; x < F4::kOut; ++x) f.gradient(y[x], columns[x]);
    for (int i = 0; i < F4::kIn; ++i) {
      const f32x4 row[F4::kOut] = {columns[0][i], columns[1][i], columns[2][i], columns[3][i]};
      f32x4 transformed[F4::kIn];
      f.gradient(row, transformed);
      for (int x = 0; x < F4::kIn; ++x) simd::store(target + (i * F4::kIn + x) * plane, transformed[x]);
    }
  }
}

/// dweight += G^T M G.
void add_sums(const Conv2dShape& shape, const float* m, std::ptrdiff_t plane, float* dweight) {
  const std::ptrdiff_t size = std::ptrdiff_t{shape.in_channels} * shape.out_channels;
  for (std::ptrdiff_t i = 0; i < size; i += 4) {
    f32x4 columns[F4::kIn][3];  // [column][row]
    for (int x = 0; x < F4::kIn; ++x) {
      f32x4 column[F4::kIn];
      for (int y = 0; y < F4::kIn; ++y) column[y] = simd::load(m + i + (y * F4::kIn + x) * plane);
      F4::weight_gradient(column, columns[x]);
    }
    for (int y = 0; y < 3; ++y) {
      f32x4 row[F4::kIn], g[3];
      for (int x = 0; x < F4::kIn; ++x) row[x] = columns[x][y];
      F4::weight_gradient(row, g);
      for (int x = 0; x < 3; ++x) {
        float* target = dweight + (3 * y + x) * size + i;
        simd::store(target, simd::load(target) + g[x]);
      }
    }
  }
}

}  // namespace

bool backward_weight_supports(const Conv2dShape& shape) {
  return shape.kernel_size == 3 && shape.stride == 1 && shape.in_channels % 4 == 0 && shape.out_channels % 4 == 0;
}

std::size_t backward_weight_workspace_size(const Conv2dShape& shape) {
  return static_cast<std::size_t>(
      kPlanes * (plane_size(shape.in_channels) + gradient_plane(shape) + sums_plane(shape) + shape.in_channels));
}

void backward_weight(const Conv2dShape& shape, const float* input, const float* doutput, float* dweight,
                     float* workspace) {
  const int in = shape.in_channels, out = shape.out_channels;
  const std::ptrdiff_t v_plane = plane_size(in), w_plane = gradient_plane(shape), m_plane = sums_plane(shape);
  float* v = workspace;
  float* w = v + kPlanes * v_plane;
  float* m = w + kPlanes * w_plane;
  float* padded = m + kPlanes * m_plane;
  GemmOptions options;
  options.order_a = Order::kTransposed;
  const int tile_columns = (shape.out_width + F4::kOut - 1) / F4::kOut;
  const int tiles = (shape.out_height + F4::kOut - 1) / F4::kOut * tile_columns;
  for (int begin = 0; begin < tiles; begin += kGroup) {
    const int count = std::min(kGroup, tiles - begin);
    for (int i = 0; i < count; ++i) {
      const Tile tile{(begin + i) / tile_columns * F4::kOut, (begin + i) % tile_columns * F4::kOut};
      load_tile<F4>(shape, input, tile, padded, v + std::ptrdiff_t{i} * in, v_plane);
      transform_gradient(shape, doutput, tile, i, count, w, w_plane);
    }
    for (int i = 0; i < kPlanes; ++i) {
      gemm_packed(in, out, count, v + i * v_plane, in, w + i * w_plane, m + i * m_plane, out, options, nullptr);
    }
    options.accumulate = true;
  }
  add_sums(shape, m, m_plane, dweight);
}

}  // namespace sortlab::kernels::winograd
