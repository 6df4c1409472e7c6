// Elementary functions in single precision: the argument is brought into a short interval, where a polynomial does.
//
//     exp:  x = n log 2 + r     | r r r r |  --six multiply-adds-->  | e^r |  times 2^n, put together from its bits
//     log:  x = 2^e m           m near 1     --eight steps-->        log m + e log 2
//
// exp is for four numbers at once, the others for the few that a step needs. Softmax, which is mostly exp, takes 2 ns a
// class in V8 (kernels/softmax.cpp).
#include "kernels/math.hpp"

#include <bit>
#include <cmath>
#include <cstdint>
#include <limits>

namespace sortlab::kernels {

namespace {

// log 2 in two parts; the first has nine bits, so that its product with a small integer is exact.
constexpr float kLog2High = 0.693359375f;
constexpr float kLog2Low = -2.12194440e-4f;

/// 2^n for n in [-126, 127].
simd::f32x4 power_of_two(simd::i32x4 n) { return simd::bits_as_f32((n + simd::splat(127)) << 23); }

}  // namespace

// Cody and Waite's reduction x = n log 2 + r, |r| <= log(2) / 2, with the polynomial of Cephes' expf (Moshier, 1992).
simd::f32x4 exp(simd::f32x4 x) {
  using simd::madd;
  using simd::splat;
  // Past these bounds the result is infinity and 0 anyway; a NaN passes.
  const simd::f32x4 bounded = simd::max(simd::min(x, splat(89.0f)), splat(-104.0f));
  const simd::f32x4 n = simd::nearest(bounded * splat(1.44269504088896341f));
  const simd::f32x4 r = simd::nmadd(n, splat(kLog2Low), simd::nmadd(n, splat(kLog2High), bounded));
  simd::f32x4 p = splat(1.9875691500e-4f);
  p = madd(p, r, splat(1.3981999507e-3f));
  p = madd(p, r, splat(8.3334519073e-3f));
  p = madd(p, r, splat(4.1665795894e-2f));
  p = madd(p, r, splat(1.6666665459e-1f));
  p = madd(p, r, splat(5.0000001201e-1f));
  const simd::f32x4 y = madd(p, r * r, r) + splat(1.0f);
  // 2^n may lie outside the floats where the result does not: two factors. The last product alone rounds.
  const simd::i32x4 exponent = simd::to_i32(n);
  const simd::i32x4 half = exponent >> 1;
  return y * power_of_two(half) * power_of_two(exponent - half);
}

float exp(float x) { return simd::extract<0>(exp(simd::splat(x))); }

// Cephes' logf: x = 2^e m with m in [sqrt(1/2), sqrt(2)), a polynomial in m - 1.
float log(float x) {
  if (!(x > 0.0f)) {
    if (x == 0.0f) return -std::numeric_limits<float>::infinity();
    return std::numeric_limits<float>::quiet_NaN();
  }
  if (x == std::numeric_limits<float>::infinity()) return x;
  int e = 0;
  if (x < std::numeric_limits<float>::min()) {  // subnormal: make it normal, exactly
    x *= 0x1p23f;
    e = -23;
  }
  const std::uint32_t bits = std::bit_cast<std::uint32_t>(x);
  e += static_cast<int>(bits >> 23) - 126;
  float m = std::bit_cast<float>((bits & 0x007fffffu) | 0x3f000000u);  // in [1/2, 1)
  if (m < 0.707106781186547524f) {
    m += m;
    --e;
  }
  m -= 1.0f;
  const float square = m * m;
  float p = 7.0376836292e-2f;
  p = p * m - 1.1514610310e-1f;
  p = p * m + 1.1676998740e-1f;
  p = p * m - 1.2420140846e-1f;
  p = p * m + 1.4249322787e-1f;
  p = p * m - 1.6668057665e-1f;
  p = p * m + 2.0000714765e-1f;
  p = p * m - 2.4999993993e-1f;
  p = p * m + 3.3333331174e-1f;
  const float exponent = static_cast<float>(e);
  const float small = p * m * square + exponent * kLog2Low - 0.5f * square;
  return (m + small) + exponent * kLog2High;
}

namespace {

/// sin(x + quarter * pi / 2), in double: a reduction to |r| <= pi / 4, then the Taylor series, which is far more exact
/// there than a float can hold.
float sine(float x, int quarter) {
  if (!(std::fabs(x) <= 1e9f)) return std::numeric_limits<float>::quiet_NaN();
  const double turns = static_cast<double>(x) * 0.63661977236758134308;  // 2 / pi
  const long long n = static_cast<long long>(turns + (turns < 0 ? -0.5 : 0.5));
  const double r = static_cast<double>(x) - static_cast<double>(n) * 1.57079632679489661923;
  const double s = r * r;
  const unsigned quadrant = static_cast<unsigned>(n + quarter) & 3u;
  double y;
  if (quadrant & 1u) {
    y = 1 - s / 2 * (1 - s / 12 * (1 - s / 30 * (1 - s / 56 * (1 - s / 90 * (1 - s / 132)))));
  } else {
    y = r * (1 - s / 6 * (1 - s / 20 * (1 - s / 42 * (1 - s / 72 * (1 - s / 110)))));
  }
  return static_cast<float>(quadrant & 2u ? -y : y);
}

}  // namespace

float cos(float x) { return sine(x, 1); }
float sin(float x) { return sine(x, 0); }

}  // namespace sortlab::kernels
