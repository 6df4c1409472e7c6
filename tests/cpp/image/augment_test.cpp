#include "image/augment.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <vector>

#include "compare.hpp"

namespace sortlab {
namespace {

constexpr float kMean = 0.5f, kDeviation = 0.25f;

std::vector<std::uint8_t> picture(int size) {
  std::vector<std::uint8_t> pixels(static_cast<std::size_t>(size * size * 3));
  std::uint32_t state = static_cast<std::uint32_t>(size);
  for (std::uint8_t& value : pixels) {
    state = state * 1664525u + 1013904223u;
    value = static_cast<std::uint8_t>(state >> 24);
  }
  return pixels;
}

std::vector<float> normalised(const std::vector<std::uint8_t>& pixels) {
  std::vector<float> output(pixels.size());
  normalise(pixels.size(), pixels.data(), kMean, kDeviation, output.data());
  return output;
}

std::vector<float> augmented(const AugmentOptions& options, const AugmentKey& key, int size,
                             const std::vector<std::uint8_t>& pixels) {
  std::vector<float> output(pixels.size(), std::nanf(""));
  augment(options, key, size, pixels.data(), kMean, kDeviation, output.data());
  return output;
}

AugmentOptions nothing() {
  AugmentOptions options;
  options.flip_horizontal = options.flip_vertical = false;
  options.rotation = options.shift = options.zoom = options.brightness = options.contrast = 0.0f;
  return options;
}

std::vector<float> flipped(const std::vector<float>& values, int size, bool x_axis, bool y_axis) {
  std::vector<float> result(values.size());
  for (int y = 0; y < size; ++y) {
    for (int x = 0; x < size; ++x) {
      const int from_x = x_axis ? size - 1 - x : x, from_y = y_axis ? size - 1 - y : y;
      for (int c = 0; c < 3; ++c) {
        result[static_cast<std::size_t>((y * size + x) * 3 + c)] =
            values[static_cast<std::size_t>((from_y * size + from_x) * 3 + c)];
      }
    }
  }
  return result;
}

TEST_CASE("normalising follows its formula") {
  const std::vector<std::uint8_t> bytes = {0, 1, 127, 128, 255};
  const std::vector<float> values = normalised(bytes);
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    CHECK(test::close(values[i], (bytes[i] / 255.0 - 0.5) / 0.25, 1e-6, 1e-6));
  }
}

TEST_CASE("with nothing switched on, augmenting is normalising to the bit") {
  for (const int size : {1, 2, 7, 32}) {
    const std::vector<std::uint8_t> pixels = picture(size);
    CHECK(augmented(nothing(), {1, 2, 3}, size, pixels) == normalised(pixels));
    AugmentOptions off;
    off.enabled = false;
    CHECK(augmented(off, {1, 2, 3}, size, pixels) == normalised(pixels));
  }
}

TEST_CASE("flips are exact, and both ways occur") {
  for (const int size : {1, 2, 9, 16}) {
    const std::vector<std::uint8_t> pixels = picture(size);
    const std::vector<float> plain = normalised(pixels);
    AugmentOptions options = nothing();
    options.flip_horizontal = options.flip_vertical = true;
    int seen[4] = {};
    for (std::uint32_t sample = 0; sample < 64; ++sample) {
      const std::vector<float> output = augmented(options, {1, 0, sample}, size, pixels);
      int matches = 0;
      for (int way = 0; way < 4; ++way) {
        if (output != flipped(plain, size, (way & 1) != 0, (way & 2) != 0)) continue;
        ++seen[way];
        ++matches;
      }
      CHECK(matches >= 1);
    }
    for (const int count : seen) CHECK(count > 5);
  }
}

TEST_CASE("a picture is a function of seed, epoch and sample") {
  const std::vector<std::uint8_t> pixels = picture(16);
  const std::vector<float> first = augmented({}, {1, 2, 3}, 16, pixels);
  CHECK(first == augmented({}, {1, 2, 3}, 16, pixels));
  CHECK(first != augmented({}, {2, 2, 3}, 16, pixels));
  CHECK(first != augmented({}, {1, 3, 3}, 16, pixels));
  CHECK(first != augmented({}, {1, 2, 4}, 16, pixels));
}

TEST_CASE("switching one change off leaves the others as they were") {
  const std::vector<std::uint8_t> pixels = picture(8);
  AugmentOptions with = nothing(), without = nothing();
  with.brightness = without.brightness = 0.2f;
  with.rotation = 0.0f;
  without.rotation = 1e-9f;  // drawn, too small to move anything
  CHECK(augmented(with, {5, 6, 7}, 8, pixels) == augmented(without, {5, 6, 7}, 8, pixels));
}

TEST_CASE("values stay within the range of a normalised byte") {
  AugmentOptions strong;
  strong.rotation = 180.0f;
  strong.shift = 0.5f;
  strong.zoom = 0.9f;
  strong.brightness = 0.8f;
  strong.contrast = 0.9f;
  strong.flip_vertical = true;
  const float low = (0.0f - kMean) / kDeviation, high = (1.0f - kMean) / kDeviation;
  for (const int size : {1, 3, 24}) {
    const std::vector<std::uint8_t> pixels = picture(size);
    for (std::uint32_t sample = 0; sample < 100; ++sample) {
      const std::vector<float> output = augmented(strong, {9, 1, sample}, size, pixels);
      CHECK(std::all_of(output.begin(), output.end(), [&](float v) { return v >= low - 1e-5f && v <= high + 1e-5f; }));
    }
  }
}

TEST_CASE("one colour stays one colour under turning, shifting and zooming") {
  AugmentOptions options;
  options.brightness = options.contrast = 0.0f;
  const std::vector<std::uint8_t> pixels(20 * 20 * 3, 77);
  const std::vector<float> expected = normalised(pixels);
  for (std::uint32_t sample = 0; sample < 20; ++sample) {
    test::check_close(augmented(options, {3, 0, sample}, 20, pixels), expected, 1e-6, 1e-6, "one colour");
  }
}

TEST_CASE("contrast keeps the mean grey, brightness moves it") {
  std::vector<std::uint8_t> pixels(10 * 10 * 3);
  for (std::size_t i = 0; i < pixels.size(); ++i) pixels[i] = static_cast<std::uint8_t>(i % 2 == 0 ? 100 : 140);
  const auto mean = [](const std::vector<float>& values) {
    double sum = 0;
    for (const float value : values) sum += value;
    return sum / static_cast<double>(values.size());
  };
  AugmentOptions contrast = nothing(), brightness = nothing();
  contrast.contrast = 0.3f;
  brightness.brightness = 0.2f;
  double most = 0;
  for (std::uint32_t sample = 0; sample < 50; ++sample) {
    const std::vector<float> output = augmented(contrast, {1, 0, sample}, 10, pixels);
    CHECK(test::close(mean(output), mean(normalised(pixels)), 1e-4, 0));
    const double range = (output[0] - output[1]) / (normalised(pixels)[0] - normalised(pixels)[1]);
    CHECK(range >= 0.7 - 1e-4);
    CHECK(range <= 1.3 + 1e-4);
    const double moved =
        (mean(augmented(brightness, {1, 0, sample}, 10, pixels)) - mean(normalised(pixels))) * kDeviation;
    CHECK(std::fabs(moved) <= 0.2 + 1e-4);
    most = std::max(most, std::fabs(moved));
  }
  CHECK(most > 0.1);
}

/// Bilinear reading of a smooth picture must follow the same map computed in double.
TEST_CASE("rotation turns about the centre, in both directions and never too far") {
  constexpr int kSize = 33;
  std::vector<std::uint8_t> pixels(kSize * kSize * 3);
  for (int y = 0; y < kSize; ++y) {
    for (int x = 0; x < kSize; ++x) {
      std::uint8_t* at = pixels.data() + (y * kSize + x) * 3;
      at[0] = static_cast<std::uint8_t>(x * 7);
      at[1] = static_cast<std::uint8_t>(y * 7);
    }
  }
  AugmentOptions options = nothing();
  options.rotation = 10.0f;
  double lowest = 0, highest = 0;
  for (std::uint32_t sample = 0; sample < 100; ++sample) {
    const std::vector<float> output = augmented(options, {1, 0, sample}, kSize, pixels);
    const auto position = [&](int x, int y, int axis) {  // where the output pixel read, relative to the centre
      return (output[static_cast<std::size_t>((y * kSize + x) * 3 + axis)] * kDeviation + kMean) * 255.0 / 7.0 - 16.0;
    };
    CHECK(std::fabs(position(16, 16, 0)) < 0.01);
    CHECK(std::fabs(position(16, 16, 1)) < 0.01);
    const double angle = std::atan2(position(26, 16, 1), position(26, 16, 0)) * 180.0 / 3.14159265358979;
    CHECK(std::fabs(std::hypot(position(26, 16, 0), position(26, 16, 1)) - 10.0) < 0.05);
    CHECK(std::fabs(angle) <= 10.05);
    lowest = std::min(lowest, angle);
    highest = std::max(highest, angle);
  }
  CHECK(lowest < -8);
  CHECK(highest > 8);
}

}  // namespace
}  // namespace sortlab
