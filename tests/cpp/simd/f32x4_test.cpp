// Every operation of the vector vocabulary against the same operation on single numbers, special values included.
#include "simd/f32x4.hpp"

#include <doctest/doctest.h>

#include <array>
#include <cmath>
#include <cstdint>
#include <limits>

namespace simd = sortlab::simd;

namespace {

using Lanes = std::array<float, 4>;
constexpr float kNan = std::numeric_limits<float>::quiet_NaN();
constexpr float kInf = std::numeric_limits<float>::infinity();

Lanes lanes(simd::f32x4 a) {
  Lanes out{};
  simd::store(out.data(), a);
  return out;
}

void check_lanes(simd::f32x4 got, const Lanes& want) {
  const Lanes values = lanes(got);
  for (std::size_t i = 0; i < 4; ++i) {
    CAPTURE(i);
    if (std::isnan(want[i])) {
      CHECK(std::isnan(values[i]));
    } else {
      CHECK(values[i] == want[i]);
      CHECK(std::signbit(values[i]) == std::signbit(want[i]));
    }
  }
}

}  // namespace

TEST_CASE("f32x4: loads and stores touch exactly their lanes") {
  const std::array<float, 5> source{1, 2, 3, 4, 5};
  check_lanes(simd::load(source.data() + 1), {2, 3, 4, 5});
  check_lanes(simd::load_splat(source.data() + 2), {3, 3, 3, 3});
  check_lanes(simd::load_tail(source.data() + 4, 1), {5, 0, 0, 0});
  check_lanes(simd::load_tail(source.data() + 3, 2), {4, 5, 0, 0});
  check_lanes(simd::load_tail(source.data() + 2, 3), {3, 4, 5, 0});
  for (int count = 1; count <= 3; ++count) {
    CAPTURE(count);
    Lanes target{9, 9, 9, 9};
    simd::store_tail(target.data(), simd::set(1, 2, 3, 4), count);
    for (int i = 0; i < 4; ++i) {
      CHECK(target[static_cast<std::size_t>(i)] == (i < count ? static_cast<float>(i + 1) : 9.0f));
    }
  }
}

TEST_CASE("f32x4: arithmetic") {
  const simd::f32x4 a = simd::set(1.5f, -2.0f, 0.0f, 9.0f), b = simd::set(2.0f, 0.5f, -3.0f, 4.0f);
  check_lanes(a + b, {3.5f, -1.5f, -3.0f, 13.0f});
  check_lanes(a - b, {-0.5f, -2.5f, 3.0f, 5.0f});
  check_lanes(a * b, {3.0f, -1.0f, -0.0f, 36.0f});
  check_lanes(a / b, {0.75f, -4.0f, -0.0f, 2.25f});
  check_lanes(-a, {-1.5f, 2.0f, -0.0f, -9.0f});
  check_lanes(simd::abs(b), {2.0f, 0.5f, 3.0f, 4.0f});
  check_lanes(simd::sqrt(simd::set(4.0f, 2.0f, 0.0f, -1.0f)), {2.0f, std::sqrt(2.0f), 0.0f, kNan});
  check_lanes(simd::floor(simd::set(-1.5f, 1.5f, 2.0f, -0.5f)), {-2.0f, 1.0f, 2.0f, -1.0f});
  check_lanes(simd::nearest(simd::set(0.5f, 1.5f, 2.5f, -1.25f)), {0.0f, 2.0f, 2.0f, -1.0f});
  // Exact in both roundings, so that one expectation holds for fused and unfused.
  check_lanes(simd::madd(a, b, simd::splat(1.0f)), {4.0f, 0.0f, 1.0f, 37.0f});
  check_lanes(simd::nmadd(a, b, simd::splat(1.0f)), {-2.0f, 2.0f, 1.0f, -35.0f});
}

TEST_CASE("f32x4: min and max give their first operand where either is NaN") {
  const simd::f32x4 x = simd::set(kNan, 1.0f, -kInf, 2.0f), y = simd::set(1.0f, kNan, 3.0f, -2.0f);
  check_lanes(simd::max(x, y), {kNan, 1.0f, 3.0f, 2.0f});
  check_lanes(simd::min(x, y), {kNan, 1.0f, -kInf, -2.0f});
  check_lanes(simd::max(simd::set(-0.0f, 0.0f, 0.0f, 0.0f), simd::set(0.0f, -0.0f, 0.0f, 0.0f)), {-0.0f, 0, 0, 0});
}

TEST_CASE("f32x4: comparison, select and bit masks") {
  const simd::f32x4 a = simd::set(1, 2, 3, kNan), b = simd::set(2, 2, 1, 1);
  CHECK(simd::bitmask(a < b) == 0b0001u);
  CHECK(simd::bitmask(a <= b) == 0b0011u);
  CHECK(simd::bitmask(a > b) == 0b0100u);
  CHECK(simd::bitmask(a >= b) == 0b0110u);
  CHECK(simd::bitmask(a == b) == 0b0010u);
  CHECK(simd::bitmask(a != b) == 0b1101u);
  CHECK(simd::bitmask((a < b) | (a > b)) == 0b0101u);
  CHECK(simd::bitmask((a <= b) & (a >= b)) == 0b0010u);
  CHECK(simd::bitmask(~(a < b)) == 0b1110u);
  check_lanes(simd::select(a < b, simd::splat(7.0f), b), {7, 2, 1, 1});
  check_lanes(simd::keep(a > b, b), {0, 0, 1, 0});
  CHECK(simd::any(a > b));
  CHECK_FALSE(simd::all(a > b));
  CHECK(simd::all(b == b));
  CHECK_FALSE(simd::any(b != b));
}

TEST_CASE("i32x4: integers, shifts, bytes and conversion") {
  const std::array<std::int32_t, 4> numbers{-8, 7, 0, 255};
  const simd::i32x4 a = simd::load(numbers.data());
  std::array<std::int32_t, 4> out{};
  simd::store(out.data(), (a + a) - a * simd::splat(3));
  CHECK(out == std::array<std::int32_t, 4>{8, -7, 0, -255});
  simd::store(out.data(), a << 1);
  CHECK(out == std::array<std::int32_t, 4>{-16, 14, 0, 510});
  simd::store(out.data(), a >> 1);
  CHECK(out == std::array<std::int32_t, 4>{-4, 3, 0, 127});
  simd::store(out.data(), simd::shift_right_logical(a, 28));
  CHECK(out == std::array<std::int32_t, 4>{15, 0, 0, 0});
  simd::store(out.data(), ((a & simd::splat(12)) | simd::splat(1)) ^ simd::splat(2));
  CHECK(out == std::array<std::int32_t, 4>{(-8 & 12 | 1) ^ 2, (7 & 12 | 1) ^ 2, 3, (255 & 12 | 1) ^ 2});
  CHECK(simd::bitmask(a == simd::splat(7)) == 0b0010u);
  CHECK(simd::bitmask(a < simd::splat(0)) == 0b0001u);
  CHECK(simd::bitmask(a > simd::splat(0)) == 0b1010u);
  CHECK(simd::extract<1>(simd::select(a < simd::splat(8), a, simd::splat(1))) == 7);
  CHECK(simd::extract<3>(simd::keep(a > simd::splat(8), a)) == 255);
  simd::store(out.data(), simd::drop(a > simd::splat(8), a));
  CHECK(out == std::array<std::int32_t, 4>{-8, 7, 0, 0});
  simd::store(out.data(), simd::as_i32(simd::select(a < simd::splat(1), a < simd::splat(0), a == simd::splat(7))));
  CHECK(out == std::array<std::int32_t, 4>{-1, -1, 0, 0});
  static constexpr std::int32_t kNine = 9;
  CHECK(simd::extract<2>(simd::resident(kNine)) == 9);
  static constexpr float kHalf = 0.5f;
  check_lanes(simd::resident(kHalf), {0.5f, 0.5f, 0.5f, 0.5f});

  const std::array<std::uint8_t, 4> bytes{0, 4, 128, 255};
  const simd::i32x4 wide = simd::load_u8(bytes.data());
  simd::store(out.data(), wide);
  CHECK(out == std::array<std::int32_t, 4>{0, 4, 128, 255});
  std::array<std::uint8_t, 5> narrow{9, 9, 9, 9, 9};
  simd::store_u8(narrow.data(), wide);
  CHECK(narrow == std::array<std::uint8_t, 5>{0, 4, 128, 255, 9});

  check_lanes(simd::to_f32(a), {-8, 7, 0, 255});
  simd::store(out.data(), simd::to_i32(simd::set(1.9f, -1.9f, kNan, 1e30f)));
  CHECK(out == std::array<std::int32_t, 4>{1, -1, 0, std::numeric_limits<std::int32_t>::max()});
  CHECK(simd::extract<0>(simd::bits_as_i32(simd::splat(1.0f))) == 0x3f800000);
  check_lanes(simd::bits_as_f32(simd::splat(std::int32_t{0x40000000})), {2, 2, 2, 2});
}

TEST_CASE("f32x4: sums and lanes in a fixed order") {
  // (a0 + a2) + (a1 + a3): any other order of these four gives another float.
  const float a0 = 1e8f, a1 = 1.0f, a2 = -1e8f, a3 = 3.0f;
  CHECK(simd::sum(simd::set(a0, a1, a2, a3)) == (a0 + a2) + (a1 + a3));
  CHECK(simd::max_lane(simd::set(1, 5, -2, 3)) == 5.0f);
  CHECK(simd::max_lane(simd::set(1, 2, 9, 3)) == 9.0f);
  CHECK(simd::extract<2>(simd::set(1, 2, 3, 4)) == 3.0f);
  check_lanes(simd::broadcast<1>(simd::set(1, 2, 3, 4)), {2, 2, 2, 2});
  simd::f32x4 a = simd::set(0, 1, 2, 3), b = simd::set(4, 5, 6, 7), c = simd::set(8, 9, 10, 11),
              d = simd::set(12, 13, 14, 15);
  simd::transpose(a, b, c, d);
  check_lanes(a, {0, 4, 8, 12});
  check_lanes(b, {1, 5, 9, 13});
  check_lanes(c, {2, 6, 10, 14});
  check_lanes(d, {3, 7, 11, 15});
}
