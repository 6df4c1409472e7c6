// One-dimensional transforms of Winograd's minimal filtering F(m, 3): m outputs of a 3-tap filter from m + 2 inputs
// with m + 2 multiplications. Two dimensions: columns, then rows. All on vectors of four channels.
//
//    input    d0 .. d5   --B^T-->  6 numbers \
//                                             multiplied  --A^T-->  outputs y0 .. y3
//    filter   g0 g1 g2   --G---->  6 numbers /
//
//    the filter's gradient the same way back: y --A--> 6 numbers, times B^T d, --G^T--> g
//
// Additions and a few products with constants; their time is part of the rates of the conv2d_winograd*.cpp files.
// Source: Lavin and Gray, "Fast algorithms for convolutional neural networks", CVPR 2016.
#pragma once

#include "simd/f32x4.hpp"

namespace sortlab::kernels::winograd {

using simd::f32x4;

/// F(4, 3), points 0, 1, -1, 2, -2 and infinity. Arranged so that 4 is the only constant.
struct F4 {
  static constexpr int kOut = 4, kIn = 6;
  static constexpr float kFour = 4.0f;
  f32x4 four = simd::resident(kFour);

  /// B^T d.
  void input(const f32x4 (&d)[kIn], f32x4 (&v)[kIn]) const {
    const f32x4 far = d[4] - d[2], step = d[3] - d[1], twice = step + step;
    const f32x4 even = simd::nmadd(four, d[2], d[4]), odd = simd::nmadd(four, d[1], d[3]);
    v[0] = simd::madd(four, d[0] - d[2], far);
    v[1] = even + odd;
    v[2] = even - odd;
    v[3] = far + twice;
    v[4] = far - twice;
    v[5] = simd::nmadd(four, step, d[5] - d[3]);
  }
  /// G g.
  static void weight(const f32x4 (&g)[3], f32x4 (&u)[kIn]) {
    const f32x4 sixth = simd::splat(1.0f / 6.0f), twelfth = simd::splat(1.0f / 12.0f);
    u[0] = simd::splat(0.25f) * g[0];
    const f32x4 ends = g[0] + g[2];
    u[1] = -(sixth * (ends + g[1]));
    u[2] = -(sixth * (ends - g[1]));
    const f32x4 far = simd::madd(simd::splat(1.0f / 24.0f), g[0], sixth * g[2]);
    u[3] = simd::madd(twelfth, g[1], far);
    u[4] = simd::nmadd(twelfth, g[1], far);
    u[5] = g[2];
  }
  /// A^T m.
  void output(const f32x4 (&m)[kIn], f32x4 (&y)[kOut]) const {
    const f32x4 sum1 = m[1] + m[2], difference1 = m[1] - m[2], sum2 = m[3] + m[4], difference2 = m[3] - m[4];
    const f32x4 twice = difference2 + difference2;
    y[0] = (m[0] + sum1) + sum2;
    y[1] = difference1 + twice;
    y[2] = simd::madd(four, sum2, sum1);
    y[3] = simd::madd(four, twice, difference1) + m[5];
  }
  /// A y: the way back of output().
  void gradient(const f32x4 (&y)[kOut], f32x4 (&u)[kIn]) const {
    const f32x4 even = y[0] + y[2], odd = y[1] + y[3];
    const f32x4 far_even = simd::madd(four, y[2], y[0]), half_odd = simd::madd(four, y[3], y[1]);
    const f32x4 far_odd = half_odd + half_odd;
    u[0] = y[0];
    u[1] = even + odd;
    u[2] = even - odd;
    u[3] = far_even + far_odd;
    u[4] = far_even - far_odd;
    u[5] = y[3];
  }
  /// G^T m: the way back of weight().
  static void weight_gradient(const f32x4 (&m)[kIn], f32x4 (&g)[3]) {
    const f32x4 sixth = simd::splat(1.0f / 6.0f), near = m[1] + m[2], far = m[3] + m[4];
    g[0] = simd::madd(simd::splat(0.25f), m[0], simd::nmadd(sixth, near, simd::splat(1.0f / 24.0f) * far));
    g[1] = simd::nmadd(sixth, m[1] - m[2], simd::splat(1.0f / 12.0f) * (m[3] - m[4]));
    g[2] = simd::madd(sixth, far - near, m[5]);
  }
};

/// F(2, 3), points 0, 1, -1 and infinity: fewer savings, smaller error.
struct F2 {
  static constexpr int kOut = 2, kIn = 4;

  void input(const f32x4 (&d)[kIn], f32x4 (&v)[kIn]) const {
    v[0] = d[0] - d[2];
    v[1] = d[1] + d[2];
    v[2] = d[2] - d[1];
    v[3] = d[1] - d[3];
  }
  static void weight(const f32x4 (&g)[3], f32x4 (&u)[kIn]) {
    const f32x4 half = simd::splat(0.5f), ends = g[0] + g[2];
    u[0] = g[0];
    u[1] = half * (ends + g[1]);
    u[2] = half * (ends - g[1]);
    u[3] = g[2];
  }
  void output(const f32x4 (&m)[kIn], f32x4 (&y)[kOut]) const {
    y[0] = (m[0] + m[1]) + m[2];
    y[1] = (m[1] - m[2]) - m[3];
  }
};

}  // namespace sortlab::kernels::winograd
