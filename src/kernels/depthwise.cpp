// Depthwise convolution: every channel on its own, so that vectors run over channels and nothing is shared between
// them.
//
//   3x3, stride 1: the kernel slides along a row, four channels at a time, its nine weights in registers
//
//        input   | . | i | . |     column i, kRows inputs below one another, each loaded once, is
//        outputs | a | b | c |     the last column of a, which is then done, the middle one of b and the first of c
//
//   3x3, stride 2: the same, where every other column is the last of one output and the first of the next
//
//        input   | . | . | i | . | . |
//        outputs |     a     |     |
//                        |     b     |
//
//   other kernels, and channels past the last whole vector: output by output and tap by tap
//
// backward_input with stride 1 is the same over doutput with the weights read backwards; larger strides:
// depthwise_strided.cpp.
// Measured in V8, relaxed, of the peak of multiply-add: sliding 60 to 63 %; stride 2 forward 42 to 44 %;
// 5x5 kernels 21 to 26 %, whose weights do not fit the registers.
#include "kernels/depthwise.hpp"

#include <algorithm>

#include "kernels/clamp.hpp"
#include "kernels/depthwise_strided.hpp"
#include "kernels/depthwise_taps.hpp"
#include "simd/copy.hpp"

namespace sortlab::kernels {
namespace {

using simd::f32x4;

// Three rows of inputs of one stretch and all channels: 24 KiB. A short stretch pays much for its first two columns.
constexpr int kStretchFloats = 2048, kShortestStretch = 28;
constexpr int kStridedStretch = 28;  // outputs; 112 pixels, 96 channels: 14 take 4 % longer, whole rows 70 %

/// A forward pass; the weights of one tap follow those of the one before at weight_step (negative: read backwards).
struct Pass {
  const Conv2dShape& shape;
  const float* input;
  const float* weight;
  std::ptrdiff_t weight_step;
  const float* bias;  // may be null
  Activation activation;
  float* output;

  /// Channels [channel, in_channels) of outputs [x_begin, x_end) of row y.
  void outputs(int y, int x_begin, int x_end, int channel) const {
    const std::ptrdiff_t channels = shape.in_channels, count = channels - channel;
    for (int x = x_begin; x < x_end && count > 0; ++x) {
      float* target = output + (static_cast<std::ptrdiff_t>(y) * shape.out_width + x) * channels + channel;
      bias != nullptr ? simd::copy(count, bias + channel, target) : simd::fill(count, 0.0f, target);
      for_each_tap(shape, y, x, [&](std::ptrdiff_t source, std::ptrdiff_t tap) {
        multiply_accumulate(count, input + source + channel, weight + tap * weight_step + channel, target);
      });
      activation_forward(activation, static_cast<std::size_t>(count), target, target);
    }
  }

  /// sweep with stride 2, where kRows rows of the kernel, from its row ky on, lie inside the image. Goes over the
  /// columns of the input: every other one is the last of one output and the first of the next.
  template <int kRows>
  void stride_over(int y, int x_begin, int x_end, int ky, std::ptrdiff_t c) const {
    const std::ptrdiff_t channels = shape.in_channels, row = shape.width * channels;
    const int column = x_begin * 2 - shape.pad_left;  // -1 or more: there is one column of padding at most
    const float* in =
        input +
        (static_cast<std::ptrdiff_t>(y * 2 - shape.pad_top + ky) * shape.width + std::max(column, 0)) * channels + c;
    const float* first_weight = weight + ky * 3 * weight_step + c;
    float* target = output + (static_cast<std::ptrdiff_t>(y) * shape.out_width + x_begin) * channels + c;
    f32x4 w[kRows][3];
    for (int i = 0; i < kRows; ++i) {
      for (int kx = 0; kx < 3; ++kx) w[i][kx] = simd::load(first_weight + (i * 3 + kx) * weight_step);
    }
    const f32x4 start = bias != nullptr ? simd::load(bias + c) : simd::zero();
    const Clamp clamp(activation);
    f32x4 sum = start;
    const auto add_column = [&](int kx) {
      for (int i = 0; i < kRows; ++i) sum = simd::madd(simd::load(in + i * row), w[i][kx], sum);
    };
    if (column >= 0) {
      add_column(0);
      in += channels;
    }
    const int inside_end = std::min(x_end, (shape.width - 1 + shape.pad_left) / 2);  // of the outputs with all columns
    int x = x_begin;
#pragma clang loop unroll(disable)
    for (; x < inside_end; ++x) {
      f32x4 next = start;
      for (int i = 0; i < kRows; ++i) {
        sum = simd::madd(simd::load(in + i * row), w[i][1], sum);
        const f32x4 last = simd::load(in + i * row + channels);
        sum = simd::madd(last, w[i][2], sum);
        next = simd::madd(last, w[i][0], next);
      }
      simd::store(target, clamp.apply(sum));
      sum = next;
      in += 2 * channels;
      target += channels;
    }
    if (x == x_end) return;
    if (x * 2 - shape.pad_left + 1 < shape.width) add_column(1);
    simd::store(target, clamp.apply(sum));
  }

  /// sweep with stride 1: each column is the last of one output, the middle of the next and the first of the one after.
  template <int kRows>
  void slide(int y, int x_begin, int x_end, int ky, std::ptrdiff_t c) const {
    const std::ptrdiff_t channels = shape.in_channels, row = shape.width * channels;
    int column = x_begin - shape.pad_left;
    const float* in =
        input + (static_cast<std::ptrdiff_t>(y - shape.pad_top + ky) * shape.width + std::max(column, 0)) * channels +
        c;
    const float* first_weight = weight + ky * 3 * weight_step + c;
    float* target = output + (static_cast<std::ptrdiff_t>(y) * shape.out_width + x_begin) * channels + c;
    f32x4 w[kRows][3];
    for (int i = 0; i < kRows; ++i) {
      for (int kx = 0; kx < 3; ++kx) w[i][kx] = simd::load(first_weight + (i * 3 + kx) * weight_step);
    }
    const f32x4 start = bias != nullptr ? simd::load(bias + c) : simd::zero();
    const Clamp clamp(activation);
    f32x4 last = start, middle = start, first = start;
    const auto add_column = [&] {
      for (int i = 0; i < kRows; ++i) {
        const f32x4 x = simd::load(in + i * row);
        last = simd::madd(x, w[i][2], last);
        middle = simd::madd(x, w[i][1], middle);
        first = simd::madd(x, w[i][0], first);
      }
      in += channels;
    };
    const auto finish = [&] {
      simd::store(target, clamp.apply(last));
      target += channels;
    };
    const auto shift = [&] { last = middle, middle = first, first = start; };
    for (int i = 0; i < 2; ++i, ++column) {
      if (column >= 0 && column < shape.width) add_column();
      shift();
    }
    const int inside_end = std::min(x_end, shape.width - 2 + shape.pad_left);
    int x = x_begin;
#pragma clang loop unroll(disable)
    for (; x < inside_end; ++x) {
      add_column();
      finish();
      shift();
    }
    for (; x < x_end; ++x) {
      finish();
      shift();
    }
  }

  /// Four channels of outputs [x_begin, x_end) of row y under a 3x3 kernel.
  template <int kStride, int kRows>
  void sweep(int y, int x_begin, int x_end, int ky, std::ptrdiff_t c) const {
    if constexpr (kStride == 1) {
      slide<kRows>(y, x_begin, x_end, ky, c);
    } else {
      stride_over<kRows>(y, x_begin, x_end, ky, c);
    }
  }

  /// 3x3, in stretches of a row whose inputs stay in the first or second-level cache for all channels.
  template <int kStride>
  void sweep_rows(int row_begin, int row_end, int stretch) const {
    const std::ptrdiff_t vectors_end = shape.in_channels / 4 * 4;
    for (int y = row_begin; y < row_end; ++y) {
      const Taps ys = inside(y * kStride - shape.pad_top, 3, shape.height);
      for (int x = 0; x < shape.out_width; x += stretch) {
        const int x_end = std::min(x + stretch, shape.out_width);
        for (std::ptrdiff_t c = 0; c < vectors_end; c += 4) {
          switch (ys.end - ys.begin) {
            case 3:
              sweep<kStride, 3>(y, x, x_end, ys.begin, c);
              break;
            case 2:
              sweep<kStride, 2>(y, x, x_end, ys.begin, c);
              break;
            default:
              sweep<kStride, 1>(y, x, x_end, ys.begin, c);
          }
        }
      }
      outputs(y, 0, shape.out_width, static_cast<int>(vectors_end));
    }
  }

  void run(int row_begin, int row_end) const {
    if (shape.kernel_size == 3 && shape.stride == 1) {
      return sweep_rows<1>(row_begin, row_end, std::max(kShortestStretch, kStretchFloats / shape.in_channels));
    }
    if (shape.kernel_size == 3 && shape.stride == 2) return sweep_rows<2>(row_begin, row_end, kStridedStretch);
    for (int y = row_begin; y < row_end; ++y) outputs(y, 0, shape.out_width, 0);
  }
};

}  // namespace

void depthwise_forward(const Conv2dShape& shape, const float* input, const float* weight, const float* bias,
                       Activation activation, float* output, int row_begin, int row_end) {
  Pass{shape, input, weight, shape.in_channels, bias, activation, output}.run(row_begin, row_end);
}

void depthwise_backward_input(const Conv2dShape& shape, const float* doutput, const float* weight, float* dinput) {
  const std::ptrdiff_t channels = shape.in_channels;
  if (shape.stride == 1) {
    Conv2dShape turned = shape;
    turned.height = shape.out_height, turned.width = shape.out_width;
    turned.out_height = shape.height, turned.out_width = shape.width;
    turned.pad_top = shape.kernel_size - 1 - shape.pad_top, turned.pad_left = shape.kernel_size - 1 - shape.pad_left;
    const float* last = weight + (shape.kernel_size * shape.kernel_size - 1) * channels;
    Pass{turned, doutput, last, -channels, nullptr, Activation::kNone, dinput}.run(0, turned.out_height);
    return;
  }
  depthwise_strided_backward_input(shape, doutput, weight, dinput);
}

}  // namespace sortlab::kernels
