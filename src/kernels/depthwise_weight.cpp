// The weight gradient of a depthwise convolution: the nine sums of four channels stay in registers along a row of
// outputs.
//
//        doutput | . | g | . |     g, four channels, times each of the 3x3 inputs under it, is added to the
//        input   | i | i | i |     sum of that tap
//
// Other kernels, rows and columns at the edge, and channels past the last whole vector: tap by tap.
// Measured in V8, relaxed: 35 to 49 % of the peak of multiply-add with stride 1, 29 to 41 % with stride 2; 5x5
// kernels 22 to 26 %.
#include "kernels/depthwise.hpp"
#include "kernels/depthwise_taps.hpp"
#include "simd/copy.hpp"

namespace sortlab::kernels {
namespace {

using simd::f32x4;

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
