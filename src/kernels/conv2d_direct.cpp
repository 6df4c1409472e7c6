// Direct convolution for few input channels (the first layer of a network has three), where patches are too short to be
// worth packing and transforms have nothing to share.
//
//   four output pixels x eight output channels in registers: 8 sums + 2 vectors of weights + 1 of input
//
//        output row   |p0|p1|p2|p3| .. | .. |        four neighbours under one panel of weights
//
//   for each kernel row: its (kx, ci) run is consecutive in NHWC; per element load 2 vectors of weights, splat one
//   input of each pixel, 8 multiply-adds
//
// Weights are packed as (panel of 8 output channels, ky, kx, ci, 8). The input rows in use are copied with their
// padding. Measured in V8, relaxed: 79 % of the peak of multiply-add from three channels.
#include "kernels/conv2d_direct.hpp"

#include <algorithm>

#include "kernels/clamp.hpp"
#include "kernels/conv2d_rows.hpp"

namespace sortlab::kernels::direct {
namespace {

constexpr int kPixels = 4, kPanel = 8;

using simd::f32x4;
using Sums = f32x4[kPixels][2];

/// sums = bias + the products of four pixels, whose patches start at pixels[i] and have rows row_stride apart. Not
/// unrolled, as in gemm_tile.hpp: by three it takes 1.35 times as long.
void multiply(const Conv2dShape& shape, const float* const (&pixels)[kPixels], std::ptrdiff_t row_stride,
              const float* weight, const f32x4 (&bias)[2], Sums& sums) {
  const std::ptrdiff_t run = std::ptrdiff_t{shape.kernel_size} * shape.in_channels;
  for (auto& sum : sums) sum[0] = bias[0], sum[1] = bias[1];
  const float *p0 = pixels[0], *p1 = pixels[1], *p2 = pixels[2], *p3 = pixels[3];
  for (int ky = 0; ky < shape.kernel_size; ++ky) {
#pragma clang loop unroll(disable)
    for (std::ptrdiff_t i = 0; i < run; ++i, weight += kPanel) {
      const f32x4 w0 = simd::load(weight), w1 = simd::load(weight + 4);
      const float* const inputs[kPixels] = {p0 + i, p1 + i, p2 + i, p3 + i};
      for (int p = 0; p < kPixels; ++p) {
        const f32x4 x = simd::load_splat(inputs[p]);
        sums[p][0] = simd::madd(x, w0, sums[p][0]);
        sums[p][1] = simd::madd(x, w1, sums[p][1]);
      }
    }
    p0 += row_stride, p1 += row_stride, p2 += row_stride, p3 += row_stride;
  }
}

/// One panel's part of one row of groups. store(group, v, pixels) takes four pixels of the channels of vector v.
template <typename Store>
void convolve_row(const Conv2dShape& shape, int groups, std::ptrdiff_t group_step,
                  const std::ptrdiff_t (&offsets)[kPixels], const float* padded, const float* weight, const float* bias,
                  int vectors, Store&& store) {
  f32x4 biases[2] = {simd::zero(), simd::zero()};
  for (int v = 0; v < vectors && bias != nullptr; ++v) biases[v] = simd::load(bias + 4 * v);
  const std::ptrdiff_t stride = padded_row_size(shape);
  for (int group = 0; group < groups; ++group, padded += group_step) {
    Sums sums;
    multiply(shape, {padded + offsets[0], padded + offsets[1], padded + offsets[2], padded + offsets[3]}, stride,
             weight, biases, sums);
    store(group, 0, sums[0][0], sums[1][0], sums[2][0], sums[3][0]);
    if (vectors == 2) store(group, 1, sums[0][1], sums[1][1], sums[2][1], sums[3][1]);
  }
}

/// Calls f(first channel, weights of the panel, vectors in use) for every panel.
template <typename F>
void for_each_panel(const Conv2dShape& shape, const float* prepared, F&& f) {
  const std::ptrdiff_t size = std::ptrdiff_t{shape.kernel_size} * shape.kernel_size * shape.in_channels * kPanel;
  for (int channel = 0; channel < shape.out_channels; channel += kPanel, prepared += size) {
    f(channel, prepared, std::min(2, (shape.out_channels - channel) / 4));
  }
}

}  // namespace

bool supports(const Conv2dShape& shape) { return shape.out_channels % 4 == 0; }

std::size_t prepared_size(const Conv2dShape& shape) {
  const int panels = (shape.out_channels + kPanel - 1) / kPanel;
  return static_cast<std::size_t>(panels * kPanel) *
         static_cast<std::size_t>(shape.kernel_size * shape.kernel_size * shape.in_channels);
}

[[clang::minsize]] void prepare(const Conv2dShape& shape, const float* weight, float* prepared) {
  const int size = shape.kernel_size * shape.kernel_size * shape.in_channels, out = shape.out_channels;
  for (int channel = 0; channel < out; channel += kPanel) {
    const int count = std::min(kPanel, out - channel);
    for (std::ptrdiff_t i = 0; i < size; ++i, prepared += kPanel) {
      simd::fill(kPanel, 0.0f, prepared);
      simd::copy(count, weight + i * out + channel, prepared);
    }
  }
}

std::ptrdiff_t padded_row_size(const Conv2dShape& shape) {
  const std::ptrdiff_t columns = (shape.out_width + kPixels - 1) / kPixels * kPixels;
  return ((columns - 1) * shape.stride + shape.kernel_size) * shape.in_channels;
}

std::size_t workspace_size(const Conv2dShape& shape) {
  return static_cast<std::size_t>(shape.kernel_size * padded_row_size(shape));
}

void forward(const Conv2dShape& shape, const float* input, const float* prepared, const float* bias,
             Activation activation, float* output, int row_begin, int row_end, float* workspace) {
  const std::ptrdiff_t step = std::ptrdiff_t{shape.stride} * shape.in_channels, out = shape.out_channels;
  const std::ptrdiff_t offsets[kPixels] = {0, step, 2 * step, 3 * step};
  const int groups = (shape.out_width + kPixels - 1) / kPixels;
  const Clamp clamp(activation);
  for (int row = row_begin; row < row_end; ++row) {
    copy_padded_rows(shape, input, row * shape.stride - shape.pad_top, shape.kernel_size, padded_row_size(shape),
                     workspace);
    for_each_panel(shape, prepared, [&](int channel, const float* weight, int vectors) {
      convolve_row(shape, groups, kPixels * step, offsets, workspace, weight,
                   bias != nullptr ? bias + channel : nullptr, vectors,
                   [&](int group, int v, f32x4 p0, f32x4 p1, f32x4 p2, f32x4 p3) {
                     const int first = group * kPixels, count = std::min(kPixels, shape.out_width - first);
                     float* target = output + first * out + channel + 4 * v;
                     simd::store(target, clamp.apply(p0));
                     if (count > 1) simd::store(target + out, clamp.apply(p1));
                     if (count > 2) simd::store(target + 2 * out, clamp.apply(p2));
                     if (count > 3) simd::store(target + 3 * out, clamp.apply(p3));
                   });
    });
    output += shape.out_width * out;
  }
}

}  // namespace sortlab::kernels::direct
