// The end of the pooled block: two conv rows in, one pooled row and its codes out. Used by the conv2d_*.cpp files only.
#pragma once

#include <cstdint>

#include "kernels/conv2d.hpp"
#include "simd/f32x4.hpp"

namespace sortlab::kernels {

/// Four channels of one window: the pooled value after ReLU, and the code.
struct PooledVector {
  simd::f32x4 value;
  simd::i32x4 code;
};
class PoolWindow {
 public:
  /// The window (v0 v1 / v2 v3) before bias and ReLU. Of equal values the first counts; a NaN in the first place stays.
  /// The bias is added to the maximum alone: rounding keeps order, so that the value is the same.
  PooledVector operator()(simd::f32x4 v0, simd::f32x4 v1, simd::f32x4 v2, simd::f32x4 v3, simd::f32x4 bias) const {
    const simd::f32x4 top = simd::max(v0, v1), below = simd::max(v2, v3);
    const simd::mask32x4 lower = top < below;
    const simd::f32x4 best = simd::max(top, below) + bias;
    // A mask is -1 where true: 2 * lower + right.
    const simd::i32x4 right = simd::as_i32(simd::select(lower, v2 < v3, v0 < v1));
    const simd::i32x4 position = simd::keep(lower, two_) - right;
    const simd::mask32x4 dead = best <= simd::zero();
    return {simd::max(best, simd::zero()), simd::drop(dead, position) | simd::keep(dead, dead_)};
  }

 private:
  static constexpr std::int32_t kTwo = 2, kDead = kPoolDead;
  simd::i32x4 two_ = simd::resident(kTwo), dead_ = simd::resident(kDead);
};

/// top, below: two conv rows (at least 2 pooled_width, channels) before ReLU; pooled, code: (pooled_width, channels).
/// code may be null.
void pool_rows(int pooled_width, int channels, const float* top, const float* below, float* pooled, std::uint8_t* code);

}  // namespace sortlab::kernels
