// A small data set that a network can learn in seconds: noise with stripes, in the colour of its class.
#pragma once

#include <doctest/doctest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "base/random.hpp"
#include "data/dataset.hpp"

namespace sortlab::test {

/// `per_class` pictures of each of `classes` (2 or 3) classes; hashes count up from 1.
inline Dataset coloured_dataset(int size, int classes, int per_class, std::uint64_t seed = 7) {
  const std::vector<std::string> names{"red", "green", "blue"};
  Dataset dataset(size, {names.begin(), names.begin() + classes});
  std::vector<std::uint8_t> pixels(static_cast<std::size_t>(size) * static_cast<std::size_t>(size) * 3);
  for (int i = 0; i < classes * per_class; ++i) {
    const int label = i % classes;
    Random random(seed, RandomPurpose::kDrawing, static_cast<std::uint32_t>(i));
    const std::size_t stripe = 2 + random.below(4);
    for (std::size_t at = 0; at < pixels.size(); ++at) {
      const bool lit = at % 3 == static_cast<std::size_t>(label) && at / 3 % (2 * stripe) < stripe;
      pixels[at] = static_cast<std::uint8_t>(random.below(180) + (lit ? 75 : 0));
    }
    REQUIRE(dataset.add(pixels, label, static_cast<std::uint64_t>(i + 1)).ok());
  }
  return dataset;
}

}  // namespace sortlab::test
