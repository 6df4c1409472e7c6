// Depthwise convolution: every channel on its own, so that vectors run over channels and nothing is shared between
// them.
//
//   3x3, stride 1: the kernel slides along a row, four channels at a time, its nine weights in registers
//
//        input   | . | i | . |     column i, kRows inputs below one another, each loaded once, is
//        outputs | a | b | c |     the last column of a, which is then done, the middle one of b and the first of c
//
//   3x3, stride 2, inside the image: kPixels outputs of a row at once, four channels
//
//        input   | i0 | i1 | i2 | i3 | i4 |     per row of the kernel: three weights and the inputs under all outputs
//        outputs | o0      | o1      |          are loaded once for 3 * kPixels multiply-adds
//
//   other kernels, the left and right edge, and channels past the last whole vector: output by output and tap by tap
//
// backward_input with stride 1 is the same over doutput with the weights read backwards; larger strides scatter.
// backward_weight keeps the nine sums of four channels in registers along a row of outputs.
// Measured in V8, relaxed: sliding 77 to 84 % of the peak of multiply-add in the second-level cache, 55 % from memory;
// the rest 35 to 40 %.
#include "kernels/depthwise.hpp"

#include <algorithm>
#include <limits>

#include "kernels/gemm_tile.hpp"
#include "simd/copy.hpp"

namespace sortlab::kernels {
namespace {

using simd::f32x4;

// Three rows of inputs of one stretch and all channels: 24 KiB. A short stretch pays much for its first two columns.
constexpr int kStretchFloats = 2048, kShortestStretch = 28;

/// The taps [begin, end) of a kernel row or column that lie inside the image.
struct Taps {
  int begin, end;
};
Taps inside(int first, int kernel_size, int extent) {
  const int begin = std::clamp(-first, 0, kernel_size);
  return {begin, std::max(begin, std::min(kernel_size, extent - first))};
}

/// Outputs [begin, end) of a row whose taps all lie inside the image.
struct Interior {
  int begin, end;
};
Interior interior(const Conv2dShape& shape) {
  const int begin = std::min((shape.pad_left + shape.stride - 1) / shape.stride, shape.out_width);
  const int last = shape.width - shape.kernel_size + shape.pad_left;  // x * stride <= last
  return {begin, std::max(begin, last < 0 ? 0 : std::min(last / shape.stride + 1, shape.out_width))};
}

/// Calls f(input offset, tap) for every tap inside the image of output (y, x).
template <typename F>
void for_each_tap(const Conv2dShape& shape, int y, int x, F&& f) {
  const int top = y * shape.stride - shape.pad_top, left = x * shape.stride - shape.pad_left;
  const Taps ys = inside(top, shape.kernel_size, shape.height), xs = inside(left, shape.kernel_size, shape.width);
  for (int ky = ys.begin; ky < ys.end; ++ky) {
    for (int kx = xs.begin; kx < xs.end; ++kx) {
      f((static_cast<std::ptrdiff_t>(top + ky) * shape.width + left + kx) * shape.in_channels,
        std::ptrdiff_t{ky * shape.kernel_size + kx});
    }
  }
}

/// c += a * b over `count` floats.
void multiply_accumulate(std::ptrdiff_t count, const float* a, const float* b, float* c) {
  std::ptrdiff_t i = 0;
  for (; i + 4 <= count; i += 4)
    simd::store(c + i, simd::madd(simd::load(a + i), simd::load(b + i), simd::load(c + i)));
  if (i == count) return;
  const int tail = static_cast<int>(count - i);
  simd::store_tail(c + i,
                   simd::madd(simd::load_tail(a + i, tail), simd::load_tail(b + i, tail), simd::load_tail(c + i, tail)),
                   tail);
}

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

  /// kPixels outputs of 3x3 with stride 2 from (y, x) on, all inside the image in width; whole vectors of channels.
  template <int kPixels>
  void group(int y, int x) const {
    constexpr int kKernel = 3, kStride = 2;
    const std::ptrdiff_t channels = shape.in_channels, row = shape.width * channels;
    const int top = y * kStride - shape.pad_top;
    const Taps ys = inside(top, kKernel, shape.height);
    const float* source = input + (top + ys.begin) * row + (x * kStride - shape.pad_left) * channels;
    const float* first_weight = weight + ys.begin * kKernel * weight_step;
    float* target = output + (static_cast<std::ptrdiff_t>(y) * shape.out_width + x) * channels;
    for (std::ptrdiff_t c = 0; c + 4 <= channels; c += 4) {
      const f32x4 start = bias != nullptr ? simd::load(bias + c) : simd::zero();
      f32x4 sums[kPixels];
      for (f32x4& sum : sums) sum = start;
      const float *in = source + c, *w = first_weight + c;
#pragma clang loop unroll(disable)
      for (int ky = ys.begin; ky < ys.end; ++ky, in += row, w += kKernel * weight_step) {
        f32x4 inputs[(kPixels - 1) * kStride + kKernel];
        for (int i = 0; i < (kPixels - 1) * kStride + kKernel; ++i) inputs[i] = simd::load(in + i * channels);
        for (int kx = 0; kx < kKernel; ++kx) {
          const f32x4 factor = simd::load(w + kx * weight_step);
          for (int p = 0; p < kPixels; ++p) sums[p] = simd::madd(inputs[p * kStride + kx], factor, sums[p]);
        }
      }
      for (int p = 0; p < kPixels; ++p) {
        simd::store(target + p * channels + c, apply_activation(activation, sums[p]));
      }
    }
  }

  /// Four channels of outputs [x_begin, x_end) of row y under a 3x3 kernel of which kRows rows lie inside the image,
  /// from its row ky on. Goes over the columns of the input: each is the last of one output, the middle of the next and
  /// the first of the one after.
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
    // Without a branch in the loop: limits that leave everything as it is where there is no activation.
    const float infinity = std::numeric_limits<float>::infinity();
    const f32x4 low = simd::splat(activation == Activation::kNone ? -infinity : 0.0f);
    const f32x4 high = simd::splat(activation == Activation::kRelu6 ? 6.0f : infinity);
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
      simd::store(target, simd::min(simd::max(last, low), high));
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

  /// 3x3 with stride 1, in stretches of a row whose inputs stay in the first-level cache for all channels.
  void slide_rows(int row_begin, int row_end) const {
    const int stretch = std::max(kShortestStretch, kStretchFloats / shape.in_channels);
    for (int y = row_begin; y < row_end; ++y) {
      const Taps ys = inside(y - shape.pad_top, 3, shape.height);
      for (int x = 0; x < shape.out_width; x += stretch) {
        const int x_end = std::min(x + stretch, shape.out_width);
        for (std::ptrdiff_t c = 0; c + 4 <= shape.in_channels; c += 4) {
          switch (ys.end - ys.begin) {
            case 3:
              slide<3>(y, x, x_end, ys.begin, c);
              break;
            case 2:
              slide<2>(y, x, x_end, ys.begin, c);
              break;
            default:
              slide<1>(y, x, x_end, ys.begin, c);
          }
        }
      }
      outputs(y, 0, shape.out_width, shape.in_channels / 4 * 4);
    }
  }

  /// 3x3 with stride 2.
  void strided_rows(int row_begin, int row_end) const {
    constexpr int kPixels = 2;
    const Interior columns = interior(shape);
    for (int y = row_begin; y < row_end; ++y) {
      outputs(y, 0, columns.begin, 0);
      int x = columns.begin;
      for (; x + kPixels <= columns.end; x += kPixels) group<kPixels>(y, x);
      for (; x < columns.end; ++x) group<1>(y, x);
      outputs(y, columns.begin, columns.end, shape.in_channels / 4 * 4);
      outputs(y, columns.end, shape.out_width, 0);
    }
  }

  void run(int row_begin, int row_end) const {
    if (shape.kernel_size == 3 && shape.stride == 1) return slide_rows(row_begin, row_end);
    if (shape.kernel_size == 3 && shape.stride == 2) return strided_rows(row_begin, row_end);
    for (int y = row_begin; y < row_end; ++y) outputs(y, 0, shape.out_width, 0);
  }
};

/// dweight of four channels over `count` outputs of a row whose taps all lie inside the image. input, doutput: at the
/// first of those outputs and its first tap.
template <int kKernel>
void add_row(const Conv2dShape& shape, const float* input, const float* doutput, int count, float* dweight) {
  const std::ptrdiff_t channels = shape.in_channels, row = shape.width * channels, step = shape.stride * channels;
  f32x4 sums[kKernel][kKernel];
  for (int ky = 0; ky < kKernel; ++ky) {
    for (int kx = 0; kx < kKernel; ++kx) sums[ky][kx] = simd::load(dweight + (ky * kKernel + kx) * channels);
  }
#pragma clang loop unroll(disable)
  for (int x = 0; x < count; ++x, input += step, doutput += channels) {
    const f32x4 g = simd::load(doutput);
    for (int ky = 0; ky < kKernel; ++ky) {
      for (int kx = 0; kx < kKernel; ++kx) {
        sums[ky][kx] = simd::madd(g, simd::load(input + ky * row + kx * channels), sums[ky][kx]);
      }
    }
  }
  for (int ky = 0; ky < kKernel; ++ky) {
    for (int kx = 0; kx < kKernel; ++kx) simd::store(dweight + (ky * kKernel + kx) * channels, sums[ky][kx]);
  }
}

/// dweight from channels [channel, in_channels) of outputs [x_begin, x_end) of row y, tap by tap.
void add_outputs(const Conv2dShape& shape, const float* input, const float* doutput, int y, int x_begin, int x_end,
                 int channel, float* dweight) {
  const std::ptrdiff_t channels = shape.in_channels, count = channels - channel;
  for (int x = x_begin; x < x_end && count > 0; ++x) {
    const float* g = doutput + (static_cast<std::ptrdiff_t>(y) * shape.out_width + x) * channels + channel;
    for_each_tap(shape, y, x, [&](std::ptrdiff_t source, std::ptrdiff_t tap) {
      multiply_accumulate(count, g, input + source + channel, dweight + tap * channels + channel);
    });
  }
}

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
  simd::fill(std::ptrdiff_t{shape.height} * shape.width * channels, 0.0f, dinput);
  for (int y = 0; y < shape.out_height; ++y) {
    for (int x = 0; x < shape.out_width; ++x, doutput += channels) {
      for_each_tap(shape, y, x, [&](std::ptrdiff_t target, std::ptrdiff_t tap) {
        multiply_accumulate(channels, doutput, weight + tap * channels, dinput + target);
      });
    }
  }
}

void depthwise_backward_weight(const Conv2dShape& shape, const float* input, const float* doutput, float* dweight,
                               float* dbias) {
  const std::ptrdiff_t channels = shape.in_channels;
  const Interior columns = interior(shape);
  const int count = columns.end - columns.begin, whole = shape.in_channels / 4 * 4;
  for (int y = 0; y < shape.out_height; ++y) {
    const int top = y * shape.stride - shape.pad_top, left = columns.begin * shape.stride - shape.pad_left;
    if (shape.kernel_size != 3 || top < 0 || top + 3 > shape.height || count == 0) {
      add_outputs(shape, input, doutput, y, 0, shape.out_width, 0, dweight);
      continue;
    }
    add_outputs(shape, input, doutput, y, 0, columns.begin, 0, dweight);
    const float* source = input + (static_cast<std::ptrdiff_t>(top) * shape.width + left) * channels;
    const float* g = doutput + (static_cast<std::ptrdiff_t>(y) * shape.out_width + columns.begin) * channels;
    for (std::ptrdiff_t c = 0; c < whole; c += 4) add_row<3>(shape, source + c, g + c, count, dweight + c);
    add_outputs(shape, input, doutput, y, columns.begin, columns.end, whole, dweight);
    add_outputs(shape, input, doutput, y, columns.end, shape.out_width, 0, dweight);
  }
  if (dbias == nullptr) return;
  const std::ptrdiff_t size = std::ptrdiff_t{shape.out_height} * shape.out_width * channels;
  for (std::ptrdiff_t i = 0; i < size; i += channels) simd::accumulate(channels, doutput + i, dbias);
}

}  // namespace sortlab::kernels
