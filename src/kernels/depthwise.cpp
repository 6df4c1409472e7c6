// Depthwise convolution: every channel on its own, so that vectors run over channels and nothing is shared between them.
//
//   output (y, x, four channels) = bias + sum over taps of input (y s + ky - pad, x s + kx - pad, ...) * weight (ky, kx, ...)
//
// Taps outside the image are left out by narrowing the loops over ky and kx.
#include "kernels/depthwise.hpp"

#include <algorithm>

#include "kernels/gemm_tile.hpp"
#include "simd/copy.hpp"

namespace sortlab::kernels {
namespace {

/// The taps [begin, end) of a kernel row or column that lie inside the image.
struct Taps {
  int begin, end;
};
Taps inside(int first, int kernel_size, int extent) {
  const int begin = std::clamp(-first, 0, kernel_size);
  return {begin, std::max(begin, std::min(kernel_size, extent - first))};
}

/// Calls f(output pixel offset, input offset, weight offset) for every tap inside the image of rows [row_begin, row_end).
template <typename F>
void for_each_tap(const Conv2dShape& shape, int row_begin, int row_end, F&& f) {
  const std::ptrdiff_t channels = shape.in_channels;
  for (int y = row_begin; y < row_end; ++y) {
    const int top = y * shape.stride - shape.pad_top;
    const Taps ys = inside(top, shape.kernel_size, shape.height);
    for (int x = 0; x < shape.out_width; ++x) {
      const int left = x * shape.stride - shape.pad_left;
      const Taps xs = inside(left, shape.kernel_size, shape.width);
      const std::ptrdiff_t output = (static_cast<std::ptrdiff_t>(y) * shape.out_width + x) * channels;
      for (int ky = ys.begin; ky < ys.end; ++ky) {
        for (int kx = xs.begin; kx < xs.end; ++kx) {
          const std::ptrdiff_t input = (static_cast<std::ptrdiff_t>(top + ky) * shape.width + left + kx) * channels;
          f(output, input, (ky * shape.kernel_size + kx) * channels);
        }
      }
    }
  }
}

/// c += a * b over `count` floats.
void multiply_accumulate(std::ptrdiff_t count, const float* a, const float* b, float* c) {
  std::ptrdiff_t i = 0;
  for (; i + 4 <= count; i += 4) simd::store(c + i, simd::madd(simd::load(a + i), simd::load(b + i), simd::load(c + i)));
  if (i == count) return;
  const int tail = static_cast<int>(count - i);
  simd::store_tail(
      c + i, simd::madd(simd::load_tail(a + i, tail), simd::load_tail(b + i, tail), simd::load_tail(c + i, tail)), tail);
}

}  // namespace

void depthwise_forward(const Conv2dShape& shape, const float* input, const float* weight, const float* bias,
                       Activation activation, float* output, int row_begin, int row_end) {
  const std::ptrdiff_t channels = shape.in_channels, row = shape.out_width * channels;
  for (std::ptrdiff_t i = row_begin * row; i < row_end * row; i += channels) {
    if (bias != nullptr) {
      simd::copy(channels, bias, output + i);
    } else {
      simd::fill(channels, 0.0f, output + i);
    }
  }
  for_each_tap(shape, row_begin, row_end, [&](std::ptrdiff_t o, std::ptrdiff_t i, std::ptrdiff_t w) {
    multiply_accumulate(channels, input + i, weight + w, output + o);
  });
  activation_forward(activation, static_cast<std::size_t>((row_end - row_begin) * row), output + row_begin * row,
                     output + row_begin * row);
}

void depthwise_backward_input(const Conv2dShape& shape, const float* doutput, const float* weight, float* dinput) {
  const std::ptrdiff_t channels = shape.in_channels;
  simd::fill(std::ptrdiff_t{shape.height} * shape.width * channels, 0.0f, dinput);
  for_each_tap(shape, 0, shape.out_height, [&](std::ptrdiff_t o, std::ptrdiff_t i, std::ptrdiff_t w) {
    multiply_accumulate(channels, doutput + o, weight + w, dinput + i);
  });
}

void depthwise_backward_weight(const Conv2dShape& shape, const float* input, const float* doutput, float* dweight,
                               float* dbias) {
  const std::ptrdiff_t channels = shape.in_channels;
  for_each_tap(shape, 0, shape.out_height, [&](std::ptrdiff_t o, std::ptrdiff_t i, std::ptrdiff_t w) {
    multiply_accumulate(channels, doutput + o, input + i, dweight + w);
  });
  if (dbias == nullptr) return;
  const std::ptrdiff_t size = std::ptrdiff_t{shape.out_height} * shape.out_width * channels;
  for (std::ptrdiff_t i = 0; i < size; i += channels) simd::accumulate(channels, doutput + i, dbias);
}

}  // namespace sortlab::kernels
