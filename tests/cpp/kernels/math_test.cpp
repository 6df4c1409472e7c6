// Our exp, log, sin and cos against libm in double.
#include "kernels/math.hpp"

#include <doctest/doctest.h>

#include <bit>
#include <cmath>
#include <cstdint>
#include <limits>

#include "compare.hpp"

using namespace sortlab;
using sortlab::test::close;

namespace {

constexpr float kInfinity = std::numeric_limits<float>::infinity();
constexpr float kNan = std::numeric_limits<float>::quiet_NaN();
constexpr float kLargest = std::numeric_limits<float>::max();

/// The larger of two errors; a NaN is worse than everything.
double worse(double a, double b) { return std::isnan(a) || b <= a ? a : b; }

/// The largest of error(x) over floats spread over all exponents between 0 and `limit`, of both signs.
template <typename F>
double worst_over_floats(float limit, F&& error) {
  double worst = 0;
  const std::uint32_t last = std::bit_cast<std::uint32_t>(limit);
  for (std::uint32_t bits = 0; bits <= last; bits += 1021) {
    const float x = std::bit_cast<float>(bits);
    worst = worse(worst, worse(error(x), error(-x)));
  }
  return worst;
}

double exp_error(float x) {
  const double expected = std::exp(static_cast<double>(x)), actual = static_cast<double>(kernels::exp(x));
  if (expected > static_cast<double>(kLargest)) {
    // Between the last float and infinity either is right.
    const bool near = expected < static_cast<double>(kLargest) * (1 + 2e-7);
    return std::isinf(actual) || (near && actual == static_cast<double>(kLargest)) ? 0 : kInfinity;
  }
  // Below the normal floats the distance between two floats is 2^-149: half of it is rounding.
  const bool subnormal = expected < static_cast<double>(std::numeric_limits<float>::min());
  const double error = std::fabs(actual - expected);
  return subnormal && error <= 0x1p-150 ? 0 : (error - (subnormal ? 0x1p-150 : 0)) / expected;
}

}  // namespace

TEST_CASE("exp is within 2e-7 of libm over the float range") {
  CHECK(worst_over_floats(120.0f, exp_error) < 2e-7);
  double worst = 0;
  for (float x = -90.0f; x < 90.0f; x += 0.00037f) worst = worse(worst, exp_error(x));
  CHECK(worst < 2e-7);
}

TEST_CASE("exp at its ends") {
  CHECK(kernels::exp(0.0f) == 1.0f);
  CHECK(kernels::exp(kInfinity) == kInfinity);
  CHECK(kernels::exp(-kInfinity) == 0.0f);
  CHECK(kernels::exp(1e30f) == kInfinity);
  CHECK(kernels::exp(-1e30f) == 0.0f);
  CHECK(std::isnan(kernels::exp(kNan)));
  CHECK(kernels::exp(-100.0f) > 0.0f);  // subnormal
}

TEST_CASE("exp of a vector is exp of each lane, bit for bit") {
  for (float x = -110.0f; x < 100.0f; x += 0.37f) {
    const float lanes[4] = {x, -x, kNan, x * 0.01f};
    float result[4];
    simd::store(result, kernels::exp(simd::load(lanes)));
    CHECK(result[0] == kernels::exp(lanes[0]));
    CHECK(result[1] == kernels::exp(lanes[1]));
    CHECK(std::isnan(result[2]));
    CHECK(result[3] == kernels::exp(lanes[3]));
  }
}

TEST_CASE("log is within 2e-7 of libm, absolute near 1 and relative far from it") {
  const auto error = [](float x) {
    if (!(x > 0.0f)) return 0.0;
    const double expected = std::log(static_cast<double>(x));
    return std::fabs(static_cast<double>(kernels::log(x)) - expected) / std::fmax(1.0, std::fabs(expected));
  };
  CHECK(worst_over_floats(kLargest, error) < 2e-7);
  double worst = 0;
  for (float x = 0.25f; x < 4.0f; x += 3e-6f) worst = worse(worst, error(x));
  CHECK(worst < 2e-7);
}

TEST_CASE("log at its ends") {
  CHECK(kernels::log(1.0f) == 0.0f);
  CHECK(kernels::log(0.0f) == -kInfinity);
  CHECK(kernels::log(kInfinity) == kInfinity);
  CHECK(std::isnan(kernels::log(-1.0f)));
  CHECK(std::isnan(kernels::log(-kInfinity)));
  CHECK(std::isnan(kernels::log(kNan)));
}

TEST_CASE("sin and cos are within 2e-6 of libm up to 1000") {
  const auto error = [](float x) {
    const double sine = std::fabs(static_cast<double>(kernels::sin(x)) - std::sin(static_cast<double>(x)));
    const double cosine = std::fabs(static_cast<double>(kernels::cos(x)) - std::cos(static_cast<double>(x)));
    return worse(sine, cosine);
  };
  CHECK(worst_over_floats(1000.0f, error) < 2e-6);
  double worst = 0;
  for (float x = -1000.0f; x < 1000.0f; x += 0.0013f) worst = worse(worst, error(x));
  CHECK(worst < 2e-6);
  CHECK(kernels::cos(0.0f) == 1.0f);
  CHECK(kernels::sin(0.0f) == 0.0f);
  for (const float bad : {kNan, kInfinity, -kInfinity, 1e30f}) {
    CHECK(std::isnan(kernels::sin(bad)));
    CHECK(std::isnan(kernels::cos(bad)));
  }
}
