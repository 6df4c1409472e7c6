// Activations on vectors, for kernels that fuse them. Compiled once and not once for each activation: such a kernel
// waits for memory, or has room for two instructions more behind its many multiply-adds.
#pragma once

#include <limits>

#include "kernels/activation.hpp"
#include "simd/f32x4.hpp"

namespace sortlab::kernels {

/// Every activation as the interval it clamps to; without one, all numbers.
struct Clamp {
  explicit Clamp(Activation activation)
      : low(simd::splat(activation == Activation::kNone ? -kInfinity : 0.0f)),
        high(simd::splat(activation == Activation::kRelu6 ? 6.0f : kInfinity)),
        always(activation == Activation::kNone ? low < high : low > high) {}

  /// NaN gives NaN: min and max keep it in their first argument.
  simd::f32x4 apply(simd::f32x4 x) const { return simd::min(simd::max(x, low), high); }
  /// doutput where `output` is strictly inside the interval, else 0; without activation always doutput.
  simd::f32x4 gradient(simd::f32x4 output, simd::f32x4 doutput) const {
    return simd::keep(always | ((output > low) & (output < high)), doutput);
  }
  /// Where backward reads output: without activation nobody kept it.
  static const float* kept(Activation activation, const float* output, const float* doutput) {
    return activation == Activation::kNone ? doutput : output;
  }

  static constexpr float kInfinity = std::numeric_limits<float>::infinity();
  simd::f32x4 low, high;
  simd::mask32x4 always;
};

}  // namespace sortlab::kernels
