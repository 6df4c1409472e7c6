// exp and log of our own, so that native and every wasm engine give the same bits.
#pragma once

#include "simd/f32x4.hpp"

namespace sortlab::kernels {

/// Relative error below 2e-7 over the float range (of a subnormal result: the rounding to a multiple of 2^-149 on top);
/// overflow gives infinity, underflow 0, NaN gives NaN.
float exp(float x);
simd::f32x4 exp(simd::f32x4 x);
/// log of a positive number, absolute error below 2e-7 near 1, relative far from it; 0 gives -infinity, negative and
/// NaN give NaN.
float log(float x);
/// Degrees of freedom of the schedules and drawings; error below 2e-6 for |x| < 1000; NaN beyond 1e9.
float cos(float x);
float sin(float x);

}  // namespace sortlab::kernels
