#include "base/random.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <numeric>
#include <vector>

using namespace sortlab;

TEST_CASE("philox gives the known answers of the Random123 distribution") {
  CHECK(philox4x32({0, 0, 0, 0}, {0, 0}) ==
        std::array<std::uint32_t, 4>{0x6627e8d5u, 0xe169c58du, 0xbc57ac4cu, 0x9b00dbd8u});
  CHECK(philox4x32({0xffffffffu, 0xffffffffu, 0xffffffffu, 0xffffffffu}, {0xffffffffu, 0xffffffffu}) ==
        std::array<std::uint32_t, 4>{0x408f276du, 0x41c83b0eu, 0xa20bc7c6u, 0x6d5451fdu});
  CHECK(philox4x32({0x243f6a88u, 0x85a308d3u, 0x13198a2eu, 0x03707344u}, {0xa4093822u, 0x299f31d0u}) ==
        std::array<std::uint32_t, 4>{0xd16cfe09u, 0x94fdccebu, 0x5001e420u, 0x24126ea1u});
}

TEST_CASE("streams are repeatable and apart") {
  Random a(7, RandomPurpose::kDropout, 1, 2), b(7, RandomPurpose::kDropout, 1, 2), c(7, RandomPurpose::kDropout, 2, 1);
  int equal_to_other = 0;
  for (int i = 0; i < 100; ++i) {
    const std::uint32_t value = a.next_u32();
    CHECK(value == b.next_u32());
    equal_to_other += value == c.next_u32();
  }
  CHECK(equal_to_other == 0);
}

TEST_CASE("uniform, below and normal have the right range and moments") {
  Random random(1, RandomPurpose::kInitialiser);
  double sum = 0, squares = 0;
  const int n = 20000;
  for (int i = 0; i < n; ++i) {
    const float u = random.uniform();
    CHECK(u >= 0.0f);
    CHECK(u < 1.0f);
    CHECK(random.below(3) < 3u);
    const double z = random.normal();
    sum += z;
    squares += z * z;
  }
  CHECK(std::abs(sum / n) < 0.03);
  CHECK(std::abs(squares / n - 1) < 0.05);
}

TEST_CASE("shuffle permutes") {
  std::vector<std::uint32_t> values(101);
  std::iota(values.begin(), values.end(), 0u);
  Random random(3, RandomPurpose::kBatchOrder);
  shuffle(values, random);
  CHECK_FALSE(std::is_sorted(values.begin(), values.end()));
  std::sort(values.begin(), values.end());
  for (std::uint32_t i = 0; i < values.size(); ++i) CHECK(values[i] == i);
}
