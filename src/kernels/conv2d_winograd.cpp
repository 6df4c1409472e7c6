// Winograd convolution: each m x m tile of the output comes from (m+2) x (m+2) inputs with (m+2)^2 multiplications a
// channel pair instead of 9 m^2: 4 times fewer for m = 4, 2.25 times for m = 2.
//
//   input tile (m+2, m+2, in)  --B^T d B-->  V [(m+2)^2] (tiles, in)      a group of kGroup tiles at a time:
//                                               | (m+2)^2 products         V and M stay in cache
//   weights, once a step       --G g G^T-->  U [(m+2)^2] (in, out)        packed panels
//                                               v
//   output tile (m, m, out)    <--A^T M A--  M [(m+2)^2] (tiles, out)
//
// A 4x4 output tile is four 2x2 pooling windows, so that bias, ReLU and max-pool happen in registers:
//
//        +----+----+          each o is a vector of four channels; the four windows give
//        |o o |o o |          2x2 pooled values and codes, and the conv output is never stored
//        |o o |o o |
//        +----+----+
//        |o o |o o |
//        |o o |o o |
//        +----+----+
//
// Tiles that reach over the edge of the image are read from a padded copy and their output is clipped when it is
// stored.
// Measured in V8, relaxed: 112x112 32 -> 64 in 3.1 ms, 251 % of the peak of multiply-add counted directly; the
// products run at 83 to 88 % of it and take three quarters of the time.
#include "kernels/conv2d_winograd.hpp"

#include <algorithm>

#include "kernels/conv2d_winograd_rgb.hpp"
#include "kernels/gemm.hpp"
#include "kernels/gemm_blocking.hpp"
#include "kernels/winograd_tile.hpp"

namespace sortlab::kernels::winograd {
namespace {

/// One output tile from M, m: its place in the first plane.
template <typename F>
void transform_output(const Conv2dShape& shape, Tile tile, const float* m, std::ptrdiff_t plane, const TileEnd& end) {
  constexpr int n = F::kIn;
  const F f;
  for (int c = 0; c < shape.out_channels; c += 4) {
    f32x4 columns[n][F::kOut];  // [column][row]
    for (int x = 0; x < n; ++x) {
      f32x4 column[n];
      for (int i = 0; i < n; ++i) column[i] = simd::load(m + c + (i * n + x) * plane);
      f.output(column, columns[x]);
    }
    f32x4 y[F::kOut][F::kOut];
    for (int i = 0; i < F::kOut; ++i) {
      f32x4 row[n];
      for (int x = 0; x < n; ++x) row[x] = columns[x][i];
      f.output(row, y[i]);
    }
    end.store(shape, tile, c, y);
  }
}

template <typename F>
bool uses_rgb(const Conv2dShape& shape) {
  return F::kOut == F4::kOut && shape.in_channels == 3;
}

/// All tiles whose first output row lies in [row_begin, row_end), group after group. Three channels have a way of their
/// own.
template <typename F>
void convolve(const Conv2dShape& shape, const float* input, const float* prepared, int row_begin, int row_end,
              const TileEnd& end, float* workspace) {
  if (uses_rgb<F>(shape)) return rgb::convolve(shape, input, prepared, row_begin, row_end, end, workspace);
  constexpr int kPlanes = F::kIn * F::kIn;
  const int in = shape.in_channels, out = shape.out_channels;
  const std::ptrdiff_t v_plane = plane_size(in), m_plane = plane_size(out);
  float* v = workspace;
  float* m = v + kPlanes * v_plane;
  float* padded = m + kPlanes * m_plane;
  const auto u_plane = static_cast<std::ptrdiff_t>(gemm_packed_b_size(out, in));
  Tile tiles[kGroup];
  for (Tile next{row_begin, 0}; next.y < row_end;) {
    int count = 0;
    for (; count < kGroup && next.y < row_end; ++count) {
      tiles[count] = next;
      load_tile<F>(shape, input, next, padded, v + std::ptrdiff_t{count} * in, v_plane);
      next.x += F::kOut;
      if (next.x >= shape.out_width) next = {next.y + F::kOut, 0};
    }
    for (int i = 0; i < kPlanes; ++i) {
      gemm_packed(count, out, in, v + i * v_plane, in, prepared + i * u_plane, m + i * m_plane, out, {}, nullptr);
    }
    for (int i = 0; i < count; ++i) transform_output<F>(shape, tiles[i], m + std::ptrdiff_t{i} * out, m_plane, end);
  }
}

/// Weights as a convolution reads them: floats between taps, between its input and between its output channels.
struct Weights {
  const float* first;
  std::ptrdiff_t tap_step, in_step, out_step;

  /// Of four output channels from o on.
  f32x4 load(std::ptrdiff_t tap, std::ptrdiff_t c, std::ptrdiff_t o) const {
    const float* w = first + tap * tap_step + c * in_step + o * out_step;
    if (out_step == 1) return simd::load(w);
    return simd::set(w[0], w[out_step], w[2 * out_step], w[3 * out_step]);
  }
};

/// U, into the panels that gemm_pack_b would write.
template <typename F>
[[clang::minsize]] void transform_weights(int in, int out, const Weights& weights, float* prepared) {
  constexpr int n = F::kIn;
  const auto plane = static_cast<std::ptrdiff_t>(gemm_packed_b_size(out, in));
  const auto padded_out = static_cast<std::ptrdiff_t>(gemm_padded_columns(out));
  const std::ptrdiff_t panel = gemm_panel_width(out);
  for (std::ptrdiff_t c = 0; c < in; ++c) {
    for (std::ptrdiff_t o = 0; o < padded_out; o += 4) {
      f32x4 columns[3][n];
      for (int x = 0; x < 3; ++x) {
        f32x4 column[3];
        for (int y = 0; y < 3; ++y) column[y] = o < out ? weights.load(3 * y + x, c, o) : simd::zero();
        F::weight(column, columns[x]);
      }
      float* target = prepared + o / panel * panel * in + c * panel + o % panel;
      for (int y = 0; y < n; ++y) {
        const f32x4 row[3] = {columns[0][y], columns[1][y], columns[2][y]};
        f32x4 transformed[n];
        F::weight(row, transformed);
        for (int x = 0; x < n; ++x) simd::store(target + (y * n + x) * plane, transformed[x]);
      }
    }
  }
}

}  // namespace

template <typename F>
bool Winograd<F>::supports(const Conv2dShape& shape) {
  return shape.kernel_size == 3 && shape.stride == 1 && shape.out_channels % 4 == 0 &&
         (shape.in_channels % 4 == 0 || uses_rgb<F>(shape));
}

template <typename F>
std::size_t Winograd<F>::prepared_size(const Conv2dShape& shape) {
  if (uses_rgb<F>(shape)) return rgb::prepared_size(shape);
  return F::kIn * F::kIn * gemm_packed_b_size(shape.out_channels, shape.in_channels);
}

template <typename F>
std::size_t Winograd<F>::workspace_size(const Conv2dShape& shape) {
  if (uses_rgb<F>(shape)) return rgb::workspace_size(shape);
  const std::ptrdiff_t planes = plane_size(shape.in_channels) + plane_size(shape.out_channels);
  return static_cast<std::size_t>(F::kIn * F::kIn * (planes + shape.in_channels));
}

template <typename F>
void Winograd<F>::prepare_forward(const Conv2dShape& shape, const float* weight, float* prepared) {
  if (uses_rgb<F>(shape)) return rgb::prepare(shape, weight, prepared);
  const std::ptrdiff_t in = shape.in_channels, out = shape.out_channels;
  transform_weights<F>(shape.in_channels, shape.out_channels, {weight, in * out, out, 1}, prepared);
}

template <typename F>
void Winograd<F>::prepare_backward(const Conv2dShape& turned, const float* weight, float* prepared) {
  // Stored (ky, kx, o, c) for the turned convolution's channels c -> o, taps in reverse.
  const std::ptrdiff_t in = turned.in_channels, out = turned.out_channels;
  transform_weights<F>(turned.in_channels, turned.out_channels, {weight + 8 * out * in, -out * in, 1, in}, prepared);
}

template <typename F>
void Winograd<F>::forward(const Conv2dShape& shape, const float* input, const float* prepared, const float* bias,
                          Activation activation, float* output, int row_begin, int row_end, float* workspace) {
  convolve<F>(shape, input, prepared, row_begin, row_end, {output, bias, activation}, workspace);
}

void pool_forward(const Conv2dShape& shape, const float* input, const float* prepared, const float* bias, float* pooled,
                  std::uint8_t* code, int row_begin, int row_end, float* workspace) {
  convolve<F4>(shape, input, prepared, 2 * row_begin, 2 * row_end, {pooled, code, bias}, workspace);
}

template struct Winograd<F4>;
template struct Winograd<F2>;

}  // namespace sortlab::kernels::winograd
