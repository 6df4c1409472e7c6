#include "image/resize.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <numeric>
#include <vector>

#include "image/resize_region.hpp"

namespace sortlab {
namespace {

using Bytes = std::vector<std::uint8_t>;

Bytes noise(int width, int height, int channels) {
  Bytes pixels(static_cast<std::size_t>(width) * static_cast<std::size_t>(height) * static_cast<std::size_t>(channels));
  std::uint32_t state = static_cast<std::uint32_t>(width * 131 + height);
  for (std::uint8_t& value : pixels) {
    state = state * 1664525u + 1013904223u;
    value = static_cast<std::uint8_t>(state >> 24);
  }
  return pixels;
}

/// Weight of every source pixel for output i, in double: area when shrinking, bilinear with half-pixel centres when
/// growing.
std::vector<double> weights(int source, int size, int i) {
  std::vector<double> result(static_cast<std::size_t>(source));
  const double scale = static_cast<double>(source) / size;
  if (source >= size) {
    for (int k = 0; k < source; ++k) {
      const double overlap = std::min((i + 1) * scale, k + 1.0) - std::max(i * scale, static_cast<double>(k));
      result[static_cast<std::size_t>(k)] = std::max(0.0, overlap) / scale;
    }
  } else {
    const double centre = std::clamp((i + 0.5) * scale - 0.5, 0.0, source - 1.0);
    for (int k = 0; k < source; ++k) result[static_cast<std::size_t>(k)] = std::max(0.0, 1.0 - std::fabs(centre - k));
  }
  return result;
}

/// Plain loops in double over the same region.
std::vector<double> oracle(int width, int channels, const Bytes& pixels, const Region& region, int size) {
  std::vector<double> output;
  for (int y = 0; y < size; ++y) {
    const std::vector<double> down = weights(region.height, size, y);
    for (int x = 0; x < size; ++x) {
      const std::vector<double> across = weights(region.width, size, x);
      for (int c = 0; c < 3; ++c) {
        double sum = 0;
        for (int j = 0; j < region.height; ++j) {
          for (int i = 0; i < region.width; ++i) {
            const std::size_t at = static_cast<std::size_t>(((region.y + j) * width + region.x + i) * channels);
            const double alpha = channels == 4 ? pixels[at + 3] / 255.0 : 1.0;
            const double value = pixels[at + static_cast<std::size_t>(c)] * alpha + 255.0 * (1.0 - alpha);
            sum += down[static_cast<std::size_t>(j)] * across[static_cast<std::size_t>(i)] * value;
          }
        }
        output.push_back(sum);
      }
    }
  }
  return output;
}

Bytes resized(int width, int height, int channels, const Bytes& pixels, int size, Fit fit) {
  Preprocessing preprocessing;
  preprocessing.size = size;
  preprocessing.fit = fit;
  Bytes output(static_cast<std::size_t>(size * size * 3));
  REQUIRE(resize_to_square(width, height, channels, pixels.data(), preprocessing, output.data()).ok());
  return output;
}

TEST_CASE("resizing agrees with plain loops in double") {
  const int sides[][2] = {{1, 1}, {1, 9}, {9, 1}, {2, 3}, {7, 7}, {16, 16}, {17, 31}, {64, 5}, {40, 41}};
  for (const auto& [width, height] : sides) {
    for (const int size : {1, 2, 7, 16, 23}) {
      for (const int channels : {3, 4}) {
        for (const Fit fit : {Fit::kCrop, Fit::kSqueeze}) {
          const Bytes pixels = noise(width, height, channels);
          const Bytes actual = resized(width, height, channels, pixels, size, fit);
          const std::vector<double> expected =
              oracle(width, channels, pixels, region_for(width, height, fit == Fit::kCrop), size);
          // Exact to rounding; transparent pixels are rounded once more before the mean.
          const double tolerance = channels == 4 ? 1.0 : 0.5 + 1e-9;
          double worst = 0;
          for (std::size_t i = 0; i < actual.size(); ++i) worst = std::max(worst, std::fabs(actual[i] - expected[i]));
          CHECK_MESSAGE(worst <= tolerance, width, "x", height, "x", channels, " to ", size, ", crop ",
                        fit == Fit::kCrop, ": ", worst);
        }
      }
    }
  }
}

TEST_CASE("one colour stays that colour at every size") {
  for (const int value : {0, 1, 127, 254, 255}) {
    const Bytes pixels(29 * 13 * 3, static_cast<std::uint8_t>(value));
    for (const int size : {1, 5, 13, 29, 64}) {
      const Bytes output = resized(29, 13, 3, pixels, size, Fit::kSqueeze);
      CHECK(std::all_of(output.begin(), output.end(), [value](std::uint8_t v) { return v == value; }));
    }
  }
}

TEST_CASE("a square at its own size is copied") {
  const Bytes pixels = noise(31, 31, 3);
  CHECK(resized(31, 31, 3, pixels, 31, Fit::kSqueeze) == pixels);
  CHECK(resized(31, 31, 3, pixels, 31, Fit::kCrop) == pixels);
}

TEST_CASE("shrinking keeps the mean") {
  const Bytes pixels = noise(200, 120, 3);
  const double before = std::accumulate(pixels.begin(), pixels.end(), 0.0) / static_cast<double>(pixels.size());
  for (const int size : {3, 17, 64}) {
    const Bytes output = resized(200, 120, 3, pixels, size, Fit::kSqueeze);
    const double after = std::accumulate(output.begin(), output.end(), 0.0) / static_cast<double>(output.size());
    CHECK(std::fabs(after - before) < 0.2);
  }
}

TEST_CASE("a mirrored picture gives the mirrored result to the bit") {
  const Bytes pixels = noise(37, 22, 3);
  Bytes mirrored(pixels.size());
  for (int y = 0; y < 22; ++y) {
    for (int x = 0; x < 37; ++x) {
      for (int c = 0; c < 3; ++c)
        mirrored[static_cast<std::size_t>((y * 37 + 36 - x) * 3 + c)] =
            pixels[static_cast<std::size_t>((y * 37 + x) * 3 + c)];
    }
  }
  for (const int size : {1, 10, 22, 50}) {
    const Bytes first = resized(37, 22, 3, pixels, size, Fit::kSqueeze),
                second = resized(37, 22, 3, mirrored, size, Fit::kSqueeze);
    bool same = true;
    for (int i = 0; i < size * size; ++i) {
      const int x = i % size, y = i / size;
      for (int c = 0; c < 3; ++c) {
        same = same && first[static_cast<std::size_t>(i * 3 + c)] ==
                           second[static_cast<std::size_t>((y * size + size - 1 - x) * 3 + c)];
      }
    }
    CHECK_MESSAGE(same, "size ", size);
  }
}

TEST_CASE("the crop is the largest centred square") {
  CHECK(region_for(10, 7, true).x == 1);
  CHECK(region_for(10, 7, true, true).x == 2);
  CHECK(region_for(7, 10, true).y == 1);
  CHECK(region_for(7, 10, true, false, true).y == 2);
  CHECK(region_for(10, 7, true).width == 7);
  CHECK(region_for(10, 7, false).width == 10);
}

TEST_CASE("opaque RGBA gives the same bytes as RGB") {
  const Bytes rgb = noise(50, 20, 3);
  Bytes rgba;
  for (std::size_t i = 0; i < rgb.size(); i += 3) rgba.insert(rgba.end(), {rgb[i], rgb[i + 1], rgb[i + 2], 255});
  for (const int size : {4, 32})
    CHECK(resized(50, 20, 3, rgb, size, Fit::kCrop) == resized(50, 20, 4, rgba, size, Fit::kCrop));
  for (std::size_t i = 3; i < rgba.size(); i += 4) rgba[i] = 0;
  const Bytes white = resized(50, 20, 4, rgba, 8, Fit::kSqueeze);
  CHECK(std::all_of(white.begin(), white.end(), [](std::uint8_t v) { return v == 255; }));
}

TEST_CASE("long thin pictures do not overflow") {
  for (const auto& [width, height] : {std::pair{131072, 1}, std::pair{1, 131072}, std::pair{20000, 400}}) {
    const Bytes pixels(static_cast<std::size_t>(width) * static_cast<std::size_t>(height) * 3, 255);
    for (const int size : {1, 1024}) {
      const Bytes output = resized(width, height, 3, pixels, size, Fit::kSqueeze);
      CHECK(std::all_of(output.begin(), output.end(), [](std::uint8_t v) { return v == 255; }));
    }
  }
}

TEST_CASE("wrong arguments are refused") {
  const Bytes pixels(3);
  std::uint8_t output[3];
  Preprocessing preprocessing;
  preprocessing.size = 1;
  CHECK(resize_to_square(1, 1, 3, pixels.data(), preprocessing, output).ok());
  CHECK(resize_to_square(0, 1, 3, pixels.data(), preprocessing, output).code() == StatusCode::kInvalidArgument);
  CHECK(resize_to_square(1, -1, 3, pixels.data(), preprocessing, output).code() == StatusCode::kInvalidArgument);
  CHECK(resize_to_square(131073, 1, 3, pixels.data(), preprocessing, output).code() == StatusCode::kInvalidArgument);
  CHECK(resize_to_square(1, 1, 2, pixels.data(), preprocessing, output).code() == StatusCode::kInvalidArgument);
  CHECK(resize_to_square(1, 1, 3, nullptr, preprocessing, output).code() == StatusCode::kInvalidArgument);
  for (const int size : {0, -1, 1025}) {
    preprocessing.size = size;
    CHECK(resize_to_square(1, 1, 3, pixels.data(), preprocessing, output).code() == StatusCode::kInvalidArgument);
  }
  preprocessing = {};
  preprocessing.deviation = 0.0f;
  CHECK(!check_preprocessing(preprocessing).ok());
  preprocessing.deviation = std::nanf("");
  CHECK(!check_preprocessing(preprocessing).ok());
}

}  // namespace
}  // namespace sortlab
