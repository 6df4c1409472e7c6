// Seeded data for the tests: the same seed gives the same values on every machine.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "base/random.hpp"

namespace sortlab::test {

inline void fill_uniform(std::span<float> values, std::uint64_t seed, float low = -1.0f, float high = 1.0f) {
  Random random(seed, RandomPurpose::kDrawing, 1);
  for (float& value : values) value = random.uniform(low, high);
}

inline void fill_normal(std::span<float> values, std::uint64_t seed, float mean = 0.0f, float deviation = 1.0f) {
  Random random(seed, RandomPurpose::kDrawing, 2);
  for (float& value : values) value = mean + deviation * random.normal();
}

inline std::vector<float> uniform_values(std::size_t count, std::uint64_t seed, float low = -1.0f, float high = 1.0f) {
  std::vector<float> values(count);
  fill_uniform(values, seed, low, high);
  return values;
}

inline std::vector<float> normal_values(std::size_t count, std::uint64_t seed, float mean = 0.0f,
                                        float deviation = 1.0f) {
  std::vector<float> values(count);
  fill_normal(values, seed, mean, deviation);
  return values;
}

}  // namespace sortlab::test
