// The input gradient of a depthwise convolution with a stride.
//
//   3x3, stride 2: every pixel of dinput is gathered, four channels at a time, and written once
//
//        doutput     |   x-1   |    x    |       a row of dinput lies under the first row of one kernel and the last
//                    w2 .   .  w0  w1            of another, or under one middle row: kRows rows of doutput for it
//        dinput      | . | . | e | o |           pair x of pixels: e = w0 d[x] + w2 d[x-1], o = w1 d[x];
//                                                d[x-1] is still in its registers
//
//   other kernels and strides, and channels past the last whole vector: zeros first, then every output is scattered
//
// Measured in V8, relaxed, of the peak of multiply-add: 3x3 with stride 2 51 to 60 % (scattered 18 to 21 %);
// 5x5 scattered 19 %.
#include "kernels/depthwise_strided.hpp"

#include <algorithm>

#include "kernels/depthwise_taps.hpp"
#include "simd/copy.hpp"

namespace sortlab::kernels {
namespace {

using simd::f32x4;

/// A row of dinput and the rows of doutput that it is gathered from.
struct Gather {
  const Conv2dShape& shape;
  const float* doutput[2];  // each at its first pixel
  const float* weight[2];   // the kernel's row for each
  float* dinput;

  /// Four channels from `c` on. Pair x has the pixels 2 x - pad_left and the one behind it.
  template <int kRows>
  void row(std::ptrdiff_t c) const {
    const std::ptrdiff_t channels = shape.in_channels;
    f32x4 w[kRows][3], d[kRows];
    const float* source[kRows];
    for (int i = 0; i < kRows; ++i) {
      for (int kx = 0; kx < 3; ++kx) w[i][kx] = simd::load(weight[i] + kx * channels + c);
      d[i] = simd::zero();
      source[i] = doutput[i] + c;
    }
    f32x4 even, odd;
    const auto add_pair = [&](bool next) {
      even = odd = simd::zero();
      for (int i = 0; i < kRows; ++i) {
        even = simd::madd(d[i], w[i][2], even);
        d[i] = next ? simd::load(source[i]) : simd::zero();
        even = simd::madd(d[i], w[i][0], even);
        odd = simd::madd(d[i], w[i][1], odd);
        source[i] += channels;
      }
    };
    float* target = dinput + c;
    int x = 0;
    if (shape.pad_left == 1) {  // the first pixel of the first pair is padding
      add_pair(true);
      simd::store(target, odd);
      target += channels;
      ++x;
    }
    const int whole = std::min(shape.out_width, (shape.width + shape.pad_left) / 2);
#pragma clang loop unroll(disable)
    for (; x < whole; ++x, target += 2 * channels) {
      add_pair(true);
      simd::store(target, even);
      simd::store(target + channels, odd);
    }
    // At the end of a row a pixel may have no neighbour, or lie under the last column of the last kernel or under none.
    for (int column = 2 * x - shape.pad_left; column < shape.width; ++x, column += 2, target += 2 * channels) {
      add_pair(x < shape.out_width);
      simd::store(target, even);
      if (column + 1 < shape.width) simd::store(target + channels, odd);
    }
  }
};

/// Channels [0, whole) of a row of dinput.
void gather_row(const Conv2dShape& shape, const float* doutput, const float* weight, int row, std::ptrdiff_t whole,
                float* dinput) {
  const std::ptrdiff_t channels = shape.in_channels;
  Gather gather{shape, {}, {}, dinput + std::ptrdiff_t{row} * shape.width * channels};
  int rows = 0;
  for (int ky = (row + shape.pad_top) % 2; ky < 3; ky += 2) {
    const int y = (row + shape.pad_top - ky) / 2;
    if (row + shape.pad_top < ky || y >= shape.out_height) continue;
    gather.doutput[rows] = doutput + std::ptrdiff_t{y} * shape.out_width * channels;
    gather.weight[rows++] = weight + ky * 3 * channels;
  }
  if (rows == 0) simd::fill(shape.width * channels, 0.0f, gather.dinput);  // under no kernel
  for (std::ptrdiff_t c = 0; c < whole && rows > 0; c += simd::kLanes) rows == 2 ? gather.row<2>(c) : gather.row<1>(c);
}

/// Channels from `channel` on.
void scatter(const Conv2dShape& shape, const float* doutput, const float* weight, std::ptrdiff_t channel,
             float* dinput) {
  const std::ptrdiff_t channels = shape.in_channels, count = channels - channel;
  const int pixels = count == 0 ? 0 : shape.height * shape.width;
  for (int pixel = 0; pixel < pixels; ++pixel) simd::fill(count, 0.0f, dinput + pixel * channels + channel);
  doutput += channel, weight += channel, dinput += channel;
  for (int y = 0; y < shape.out_height && count > 0; ++y) {
    for (int x = 0; x < shape.out_width; ++x, doutput += channels) {
      for_each_tap(shape, y, x, [&](std::ptrdiff_t target, std::ptrdiff_t tap) {
        multiply_accumulate(count, doutput, weight + tap * channels, dinput + target);
      });
    }
  }
}

}  // namespace

void depthwise_strided_backward_input(const Conv2dShape& shape, const float* doutput, const float* weight,
                                      float* dinput) {
  const bool gathers = shape.kernel_size == 3 && shape.stride == 2 && shape.pad_top <= 1 && shape.pad_left <= 1;
  const std::ptrdiff_t whole = gathers ? shape.in_channels / simd::kLanes * simd::kLanes : 0;
  for (int row = 0; row < shape.height && whole > 0; ++row) {
    gather_row(shape, doutput, weight, row, whole, dinput);
  }
  scatter(shape, doutput, weight, whole, dinput);
}

}  // namespace sortlab::kernels
