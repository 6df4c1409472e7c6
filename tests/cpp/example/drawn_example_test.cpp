#include "example/drawn_example.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <set>

#include "base/fnv1a64.hpp"

namespace sortlab {
namespace {

std::vector<std::uint8_t> picture(std::uint64_t seed, int label, std::uint32_t index, int size) {
  std::vector<std::uint8_t> pixels(static_cast<std::size_t>(size * size * 3));
  REQUIRE(draw_example(seed, label, index, size, pixels.data()).ok());
  return pixels;
}

TEST_CASE("six classes with names of their own") {
  const std::vector<std::string>& names = drawn_example_classes();
  CHECK(names.size() == 6);
  CHECK(std::set<std::string>(names.begin(), names.end()).size() == 6);
}

TEST_CASE("a picture is a function of seed, label and index") {
  for (int label = 0; label < 6; ++label) {
    const std::vector<std::uint8_t> first = picture(7, label, 3, 32);
    CHECK(first == picture(7, label, 3, 32));
    CHECK(first != picture(7, label, 4, 32));
    CHECK(first != picture(8, label, 3, 32));
    CHECK(first != picture(7, (label + 1) % 6, 3, 32));
  }
}

TEST_CASE("drawings are the same bytes on every platform") {
  // Recorded natively; the same test runs as WebAssembly.
  std::uint64_t hash = 0;
  for (int label = 0; label < 6; ++label) {
    for (std::uint32_t index = 0; index < 8; ++index) hash = hash * 31 + fnv1a64(picture(1, label, index, 48));
  }
  CHECK(hash == 11692934852904195840u);
}

TEST_CASE("every picture has light and dark, and the object lies inside it") {
  for (int label = 0; label < 6; ++label) {
    for (std::uint32_t index = 0; index < 20; ++index) {
      const std::vector<std::uint8_t> pixels = picture(2, label, index, 40);
      const auto [low, high] = std::minmax_element(pixels.begin(), pixels.end());
      CHECK_MESSAGE(*high - *low > 40, "label ", label, " index ", index);
    }
  }
}

TEST_CASE("no class is told by its mean colour") {
  constexpr int kPictures = 60, kSize = 24;
  std::array<std::array<double, 3>, 6> means{};
  for (int label = 0; label < 6; ++label) {
    for (std::uint32_t index = 0; index < kPictures; ++index) {
      const std::vector<std::uint8_t> pixels = picture(3, label, index, kSize);
      for (std::size_t i = 0; i < pixels.size(); ++i) means[static_cast<std::size_t>(label)][i % 3] += pixels[i];
    }
    for (double& mean : means[static_cast<std::size_t>(label)]) mean /= kPictures * kSize * kSize;
  }
  // The spread of single pictures is about 60 levels.
  for (std::size_t a = 0; a < 6; ++a) {
    for (std::size_t c = 0; c < 3; ++c) CHECK(std::abs(means[a][c] - means[0][c]) < 30);
  }
}

TEST_CASE("wrong labels and sizes are refused") {
  std::uint8_t pixels[3];
  CHECK(draw_example(1, -1, 0, 1, pixels).code() == StatusCode::kInvalidArgument);
  CHECK(draw_example(1, 6, 0, 1, pixels).code() == StatusCode::kInvalidArgument);
  CHECK(draw_example(1, 0, 0, 0, pixels).code() == StatusCode::kInvalidArgument);
  CHECK(draw_example(1, 0, 0, 1025, pixels).code() == StatusCode::kInvalidArgument);
  CHECK(draw_example(1, 0, 0, 1, pixels).ok());
}

}  // namespace
}  // namespace sortlab
