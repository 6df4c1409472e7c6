// Weight gradient of a direct convolution: for few input channels, where patches are too short to be worth packing.
//
//                    doutput of one pixel, eight channels: 2 vectors
//                   +----+----+
//                   | d0 | d1 |       for each pixel of an output row: load them once,
//                   +----+----+       splat the input under each tap, 2 multiply-adds
//    tap      x0 -->| .. | .. |
//    tap + 1  x1 -->| .. | .. |       3 to 5 neighbours of a (kx, ci) run, which is consecutive in NHWC: 6 to 10 sums
//    tap + 2  x2 -->| .. | .. |       stay in registers along the row, starting from dweight and going back there
//                   +----+----+
//
// The input rows in use are copied with their padding, as forward does. Measured in V8, relaxed: 75 % of the peak of
// multiply-add from three channels with stride 2, where the implicit product reaches 47.
#include "kernels/conv2d_direct.hpp"
#include "kernels/conv2d_rows.hpp"

namespace sortlab::kernels::direct {
namespace {

using simd::f32x4;

constexpr int kChannels = 8, kFewestTaps = 3, kMostTaps = 5;

/// Adds to dweight (kTaps, out_channels), of which eight channels, what one output row gives. input, doutput: those of
/// its first pixel; from one to the next input_step and out_channels.
template <int kTaps>
void add_row(int pixels, const float* input, std::ptrdiff_t input_step, const float* doutput,
             std::ptrdiff_t out_channels, float* dweight) {
  f32x4 sums[kTaps][2];
  for (int t = 0; t < kTaps; ++t) {
    for (int v = 0; v < 2; ++v) sums[t][v] = simd::load(dweight + t * out_channels + 4 * v);
  }
#pragma clang loop unroll(disable)
  for (int pixel = 0; pixel < pixels; ++pixel) {
    const f32x4 d0 = simd::load(doutput), d1 = simd::load(doutput + 4);
    for (int t = 0; t < kTaps; ++t) {
      const f32x4 x = simd::load_splat(input + t);
      sums[t][0] = simd::madd(x, d0, sums[t][0]);
      sums[t][1] = simd::madd(x, d1, sums[t][1]);
    }
    input += input_step;
    doutput += out_channels;
  }
  for (int t = 0; t < kTaps; ++t) {
    for (int v = 0; v < 2; ++v) simd::store(dweight + t * out_channels + 4 * v, sums[t][v]);
  }
}

/// So many of `left` taps at once that what is left then is none or again at least three.
int next_taps(int left) {
  if (left == kMostTaps || left >= kMostTaps + kFewestTaps) return kMostTaps;
  return left == kFewestTaps || left == 2 * kFewestTaps ? kFewestTaps : 4;
}

}  // namespace

bool backward_weight_supports(const Conv2dShape& shape) {
  return shape.out_channels % kChannels == 0 && shape.kernel_size * shape.in_channels >= kFewestTaps;
}

void backward_weight(const Conv2dShape& shape, const float* input, const float* doutput, float* dweight,
                     float* workspace) {
  constexpr decltype(&add_row<3>) kAddRow[] = {add_row<3>, add_row<4>, add_row<5>};
  const std::ptrdiff_t run = std::ptrdiff_t{shape.kernel_size} * shape.in_channels, out = shape.out_channels;
  const std::ptrdiff_t step = std::ptrdiff_t{shape.stride} * shape.in_channels, size = padded_row_size(shape);
  for (int row = 0; row < shape.out_height; ++row, doutput += shape.out_width * out) {
    copy_padded_rows(shape, input, row * shape.stride - shape.pad_top, shape.kernel_size, size, workspace);
    for (int ky = 0; ky < shape.kernel_size; ++ky) {
      for (int left = static_cast<int>(run); left > 0;) {
        const int taps = next_taps(left);
        const float* const first = workspace + ky * size + run - left;
        float* const target = dweight + ((ky + 1) * run - left) * out;
        for (std::ptrdiff_t channel = 0; channel < out; channel += kChannels) {
          kAddRow[taps - kFewestTaps](shape.out_width, first, step, doutput + channel, out, target + channel);
        }
        left -= taps;
      }
    }
  }
}

}  // namespace sortlab::kernels::direct
