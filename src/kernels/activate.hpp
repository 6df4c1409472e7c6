// Activations on vectors, for kernels that fuse them: the choice is made once, outside the loop.
#pragma once

#include <type_traits>

#include "kernels/activation.hpp"
#include "simd/f32x4.hpp"

namespace sortlab::kernels {

/// NaN gives NaN: min and max keep it in their first argument.
template <Activation kActivation>
inline simd::f32x4 activate(simd::f32x4 x) {
  if constexpr (kActivation == Activation::kNone) return x;
  const simd::f32x4 positive = simd::max(x, simd::zero());
  return kActivation == Activation::kRelu6 ? simd::min(positive, simd::splat(6.0f)) : positive;
}

/// doutput where `output` is strictly inside the linear part, else 0.
template <Activation kActivation>
inline simd::f32x4 activation_gradient(simd::f32x4 output, simd::f32x4 doutput) {
  if constexpr (kActivation == Activation::kNone) return doutput;
  const simd::mask32x4 positive = output > simd::zero();
  return simd::keep(kActivation == Activation::kRelu6 ? positive & (output < simd::splat(6.0f)) : positive, doutput);
}

template <Activation kActivation>
using ActivationConstant = std::integral_constant<Activation, kActivation>;

/// f(ActivationConstant<activation>).
template <typename F>
inline void with_activation(Activation activation, F&& f) {
  switch (activation) {
    case Activation::kNone:
      return f(ActivationConstant<Activation::kNone>{});
    case Activation::kRelu:
      return f(ActivationConstant<Activation::kRelu>{});
    case Activation::kRelu6:
      return f(ActivationConstant<Activation::kRelu6>{});
  }
}

}  // namespace sortlab::kernels
