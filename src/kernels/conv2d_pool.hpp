// The end of the pooled block: two conv rows in, one pooled row and its codes out. Used by the conv2d_*.cpp files only.
#pragma once

#include <cstdint>

#include "kernels/conv2d.hpp"
#include "simd/f32x4.hpp"

namespace sortlab::kernels {

/// Four channels of one window: the pooled value after ReLU, and the code. Of equal values the first counts; a NaN in the
/// first place stays.
struct PooledVector {
  simd::f32x4 value;
  simd::i32x4 code;
};
inline PooledVector pool_window(simd::f32x4 v0, simd::f32x4 v1, simd::f32x4 v2, simd::f32x4 v3) {
  const simd::mask32x4 right = v0 < v1, right_below = v2 < v3;
  const simd::f32x4 top = simd::max(v0, v1), below = simd::max(v2, v3);
  const simd::i32x4 code_top = simd::keep(right, simd::splat(1));
  const simd::i32x4 code_below = simd::select(right_below, simd::splat(3), simd::splat(2));
  const simd::mask32x4 lower = top < below;
  const simd::f32x4 best = simd::max(top, below);
  const simd::i32x4 code = simd::select(lower, code_below, code_top);
  return {simd::max(best, simd::zero()), simd::select(best <= simd::zero(), simd::splat(int{kPoolDead}), code)};
}

/// top, below: two conv rows (at least 2 pooled_width, channels) before ReLU; pooled, code: (pooled_width, channels). code
/// may be null.
void pool_rows(int pooled_width, int channels, const float* top, const float* below, float* pooled, std::uint8_t* code);

}  // namespace sortlab::kernels
