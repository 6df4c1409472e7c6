// Depthwise convolution output by output and tap by tap: edges of the image, tails of the channels, rare kernels.
//
//    zeros |  input row                       | zeros        a..a: outputs with taps outside, which are left out
//          | .  .  .  .  .  .  .  .  .  .  .  |              i..i: the interior, whose taps all lie inside
//    out:  | a  i  i  i  i  i  i  i  i  i  a  |
//
// Used by the depthwise*.cpp files only, whose rates include it.
#pragma once

#include <algorithm>
#include <cstddef>

#include "kernels/conv2d.hpp"
#include "kernels/conv2d_taps.hpp"
#include "simd/f32x4.hpp"

namespace sortlab::kernels {

/// Outputs [begin, end) of a row whose taps all lie inside the image.
struct Interior {
  int begin, end;
};
inline Interior interior(const Conv2dShape& shape) {
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
inline void multiply_accumulate(std::ptrdiff_t count, const float* a, const float* b, float* c) {
  std::ptrdiff_t i = 0;
  for (; i + 4 <= count; i += 4)
    simd::store(c + i, simd::madd(simd::load(a + i), simd::load(b + i), simd::load(c + i)));
  if (i == count) return;
  const int tail = static_cast<int>(count - i);
  simd::store_tail(c + i,
                   simd::madd(simd::load_tail(a + i, tail), simd::load_tail(b + i, tail), simd::load_tail(c + i, tail)),
                   tail);
}

}  // namespace sortlab::kernels
