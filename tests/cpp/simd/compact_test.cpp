// Compaction for all sixteen masks, and the comparison of bytes.
#include "simd/compact.hpp"

#include <doctest/doctest.h>

#include <array>
#include <cstdint>

namespace simd = sortlab::simd;

TEST_CASE("compact: the named lanes come first and keep their order") {
  for (unsigned mask = 0; mask < 16; ++mask) {
    CAPTURE(mask);
    std::array<float, 4> floats{};
    std::array<std::int32_t, 4> integers{};
    simd::store(floats.data(), simd::compact(simd::set(10, 11, 12, 13), mask));
    const std::array<std::int32_t, 4> source{20, 21, 22, 23};
    simd::store(integers.data(), simd::compact(simd::load(source.data()), mask));
    std::size_t place = 0;
    for (std::size_t lane = 0; lane < 4; ++lane) {
      if ((mask >> lane & 1u) == 0) continue;
      CHECK(floats[place] == 10.0f + static_cast<float>(lane));
      CHECK(integers[place] == 20 + static_cast<std::int32_t>(lane));
      ++place;
    }
    CHECK(simd::count_bits(mask) == static_cast<std::int32_t>(place));
  }
}

TEST_CASE("equal_bytes: one bit a byte") {
  std::array<std::uint8_t, 16> bytes{};
  bytes[0] = bytes[5] = bytes[15] = 200;
  CHECK(simd::equal_bytes(bytes.data(), 200) == 0x8021u);
  CHECK(simd::equal_bytes(bytes.data(), 0) == 0x7fdeu);
  CHECK(simd::equal_bytes(bytes.data(), 1) == 0u);
}
