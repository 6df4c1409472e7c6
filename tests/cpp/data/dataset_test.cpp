#include "data/dataset.hpp"

#include <doctest/doctest.h>

#include <algorithm>

namespace sortlab {
namespace {

TEST_CASE("photos come back as they were added, over several blocks") {
  // Of a megabyte each: all photos in one, two in each, one in each.
  for (const int size : {2, 400, 700}) {
    CAPTURE(size);
    Dataset dataset(size, {"a", "b", "c"});
    constexpr int kCount = 7;
    std::vector<std::uint8_t> pixels(static_cast<std::size_t>(size * size * 3));
    const auto value = [](int photo, std::size_t k) { return static_cast<std::uint8_t>(k * 31 + k / 256) ^ photo; };
    for (int i = 0; i < kCount; ++i) {
      for (std::size_t k = 0; k < pixels.size(); ++k) pixels[k] = static_cast<std::uint8_t>(value(i, k));
      REQUIRE(dataset.add(pixels, i % 3, static_cast<std::uint64_t>(i) * 1000).ok());
    }
    REQUIRE(dataset.count() == kCount);
    CHECK(dataset.labels().size() == kCount);
    for (int i = 0; i < kCount; ++i) {
      const std::span<const std::uint8_t> found = dataset.pixels(i);
      REQUIRE(found.size() == pixels.size());
      bool same = true;
      for (std::size_t k = 0; k < found.size(); ++k) same &= found[k] == static_cast<std::uint8_t>(value(i, k));
      CHECK(same);
      CHECK(dataset.label(i) == i % 3);
      CHECK(dataset.hash(i) == static_cast<std::uint64_t>(i) * 1000);
    }
  }
}

TEST_CASE("adding more never moves what is there") {
  Dataset dataset(64, {"a"});
  const std::vector<std::uint8_t> pixels(64 * 64 * 3, 9);
  REQUIRE(dataset.add(pixels, 0, 1).ok());
  const std::uint8_t* first = dataset.pixels(0).data();
  REQUIRE(dataset.reserve(1000).ok());
  for (int i = 0; i < 999; ++i) REQUIRE(dataset.add(pixels, 0, 1).ok());
  CHECK(dataset.pixels(0).data() == first);
  CHECK(dataset.count() == 1000);
}

TEST_CASE("wrong photos are refused and change nothing") {
  Dataset dataset(2, {"a", "b"});
  CHECK(dataset.add(std::vector<std::uint8_t>(11), 0, 1).code() == StatusCode::kInvalidArgument);
  CHECK(dataset.add(std::vector<std::uint8_t>(13), 0, 1).code() == StatusCode::kInvalidArgument);
  CHECK(dataset.add(std::vector<std::uint8_t>(12), -1, 1).code() == StatusCode::kInvalidArgument);
  CHECK(dataset.add(std::vector<std::uint8_t>(12), 2, 1).code() == StatusCode::kInvalidArgument);
  CHECK(dataset.reserve(-1).code() == StatusCode::kInvalidArgument);
  CHECK(dataset.count() == 0);
}

TEST_CASE("cleared, a data set can be filled again") {
  Dataset dataset(1, {"a"});
  REQUIRE(dataset.add(std::vector<std::uint8_t>{1, 2, 3}, 0, 5).ok());
  dataset.clear();
  CHECK(dataset.count() == 0);
  REQUIRE(dataset.add(std::vector<std::uint8_t>{4, 5, 6}, 0, 6).ok());
  CHECK(dataset.pixels(0)[0] == 4);
  CHECK(dataset.hash(0) == 6);
}

}  // namespace
}  // namespace sortlab
