#include "image/decode.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <string>

#include "image/decode_to_square.hpp"
#include "jpeg_fixtures.hpp"
#include "png_builder.hpp"
#include "test_data.hpp"

namespace sortlab {
namespace {

using test::Bytes;
using Rgb = std::array<int, 3>;
constexpr Rgb kRed = {230, 30, 30}, kGreen = {30, 200, 40}, kBlue = {30, 40, 220}, kWhite = {250, 250, 250};

Rgb pixel(const Image& image, int x, int y) {
  const std::size_t at =
      3 * (static_cast<std::size_t>(y) * static_cast<std::size_t>(image.width) + static_cast<std::size_t>(x));
  return {image.pixels[at], image.pixels[at + 1], image.pixels[at + 2]};
}

bool near(const Rgb& actual, const Rgb& expected, int tolerance) {
  for (std::size_t c = 0; c < 3; ++c) {
    if (std::abs(actual[c] - expected[c]) > tolerance) return false;
  }
  return true;
}

/// Colours at the middle of the four quarters: top left, top right, bottom left, bottom right.
void check_quarters(const Image& image, const std::array<Rgb, 4>& expected, int tolerance, const char* name) {
  for (int quarter = 0; quarter < 4; ++quarter) {
    const Rgb found =
        pixel(image, (image.width * (1 + 2 * (quarter % 2))) / 4, (image.height * (1 + 2 * (quarter / 2))) / 4);
    const bool fits = near(found, expected[static_cast<std::size_t>(quarter)], tolerance);
    CHECK_MESSAGE(fits, std::string(name), " quarter ", quarter, ": ", found[0], " ", found[1], " ", found[2]);
  }
}

TEST_CASE("every kind of JPEG decodes to the four colours of its picture") {
  const std::array<Rgb, 4> colours = {kRed, kGreen, kBlue, kWhite};
  const std::pair<const char*, const Bytes*> files[] = {{"baseline", &test::kJpegBaseline},
                                                        {"subsampled", &test::kJpegSubsampled},
                                                        {"progressive", &test::kJpegProgressive},
                                                        {"restart", &test::kJpegRestart},
                                                        {"cmyk", &test::kJpegCmyk}};
  for (const auto& [name, bytes] : files) {
    const Result<Image> image = decode_image(*bytes);
    REQUIRE_MESSAGE(image.ok(), std::string(name), ": ", image.status().message());
    CHECK(image->width == 40);
    CHECK(image->height == 24);
    CHECK(image->pixels.size() == 40 * 24 * 3);
    check_quarters(*image, colours, 24, name);
  }
  const Result<Image> grey = decode_image(test::kJpegGrey);
  REQUIRE(grey.ok());
  check_quarters(*grey, {Rgb{90, 90, 90}, {131, 131, 131}, {58, 58, 58}, {250, 250, 250}}, 8, "grey");
}

TEST_CASE("every platform decodes to the same bytes") {
  // FNV-1a of all pixels, recorded natively; the same test runs as WebAssembly.
  std::uint64_t hash = 0xCBF29CE484222325u;
  for (const Bytes* file : {&test::kJpegSubsampled, &test::kJpegProgressive, &test::kJpegNoise, &test::kJpegCmyk}) {
    const Result<Image> image = decode_image(*file);
    REQUIRE(image.ok());
    for (const std::uint8_t value : image->pixels) hash = (hash ^ value) * 0x100000001B3u;
  }
  CHECK(hash == 11965675325000430014u);
}

TEST_CASE("inspection reads size and format without decoding") {
  const Result<ImageInfo> jpeg = inspect_image(test::kJpegProgressive);
  REQUIRE(jpeg.ok());
  CHECK(jpeg->format == ImageInfo::Format::kJpeg);
  CHECK(jpeg->width == 40);
  CHECK(jpeg->height == 24);
  CHECK(jpeg->orientation == 1);
  const Result<ImageInfo> png = inspect_image(test::rgb_png(2, 3, Bytes(18, 7)));
  REQUIRE(png.ok());
  CHECK(png->format == ImageInfo::Format::kPng);
  CHECK(png->width == 2);
  CHECK(png->height == 3);
}

TEST_CASE("PNG pixels come back exactly") {
  Bytes pixels(5 * 3 * 3);
  for (std::size_t i = 0; i < pixels.size(); ++i) pixels[i] = static_cast<std::uint8_t>(i * 37);
  const Result<Image> image = decode_image(test::rgb_png(5, 3, pixels));
  REQUIRE(image.ok());
  CHECK(image->pixels == pixels);
}

TEST_CASE("PNG: palette, grey, alpha, 16 bits, one bit and interlaced") {
  test::Png palette;
  palette.width = 3;
  palette.color = 3;
  palette.palette = {10, 20, 30, 40, 50, 60, 70, 80, 90};
  palette.transparency = {255, 0};  // the second colour is transparent
  palette.rows = {0, 2, 0, 1};
  Result<Image> image = decode_image(palette.file());
  REQUIRE(image.ok());
  CHECK(image->pixels == Bytes{70, 80, 90, 10, 20, 30, 255, 255, 255});

  test::Png alpha;
  alpha.width = 2;
  alpha.color = 6;
  alpha.rows = {0, 100, 0, 200, 51, 1, 2, 3, 255};  // alpha 51 of 255 is a fifth: 0.2 * 100 + 0.8 * 255 = 224
  image = decode_image(alpha.file());
  REQUIRE(image.ok());
  CHECK(image->pixels == Bytes{224, 204, 244, 1, 2, 3});

  test::Png grey_alpha;
  grey_alpha.color = 4;
  grey_alpha.rows = {0, 100, 51};
  image = decode_image(grey_alpha.file());
  REQUIRE(image.ok());
  CHECK(image->pixels == Bytes{224, 224, 224});

  test::Png deep;
  deep.depth = 16;
  deep.rows = {0, 0x12, 0x34, 0xAB, 0xCD, 0xFF, 0xFF};
  image = decode_image(deep.file());
  REQUIRE(image.ok());
  CHECK(image->pixels == Bytes{0x12, 0xAB, 0xFF});

  test::Png bits;
  bits.width = 9;
  bits.depth = 1;
  bits.color = 0;
  bits.rows = {0, 0b10100101, 0x80};
  image = decode_image(bits.file());
  REQUIRE(image.ok());
  for (int x = 0; x < 9; ++x) CHECK(pixel(*image, x, 0)[1] == ((0b101001011 >> (8 - x)) & 1) * 255);

  test::Png interlaced;  // 2 x 2: pass 1 holds (0, 0), pass 6 (1, 0), pass 7 the second row
  interlaced.width = interlaced.height = 2;
  interlaced.color = 0;
  interlaced.interlaced = true;
  interlaced.rows = {0, 11, 0, 22, 0, 33, 44};
  image = decode_image(interlaced.file());
  REQUIRE(image.ok());
  CHECK(image->pixels == Bytes{11, 11, 11, 22, 22, 22, 33, 33, 33, 44, 44, 44});
}

TEST_CASE("decode_to_square gives the bytes of decode_image and resize_to_square") {
  for (const int orientation : {1, 2, 3, 4, 5, 6, 7, 8}) {
    test::Png png;
    png.width = 23;
    png.height = 14;
    png.exif = {'M',  'M',  0, 42, 0, 0, 0, 8, 0, 1,
                0x01, 0x12, 0, 3,  0, 0, 0, 1, 0, static_cast<std::uint8_t>(orientation),
                0,    0};
    std::uint32_t state = 1;
    for (int y = 0; y < 14; ++y) {
      png.rows.push_back(0);
      for (int i = 0; i < 23 * 3; ++i) {
        state = state * 1664525u + 1013904223u;
        png.rows.push_back(static_cast<std::uint8_t>(state >> 24));
      }
    }
    const Bytes file = png.file();
    const Result<Image> image = decode_image(file);
    REQUIRE(image.ok());
    CHECK(image->width == (orientation < 5 ? 23 : 14));
    for (const int size : {1, 7, 14, 40}) {
      for (const Fit fit : {Fit::kCrop, Fit::kSqueeze}) {
        Preprocessing preprocessing;
        preprocessing.size = size;
        preprocessing.fit = fit;
        Bytes expected(static_cast<std::size_t>(size * size * 3)), actual(expected.size());
        REQUIRE(resize_to_square(image->width, image->height, 3, image->pixels.data(), preprocessing, expected.data())
                    .ok());
        const Result<ImageInfo> info = decode_to_square(file, {}, preprocessing, actual.data());
        REQUIRE(info.ok());
        CHECK(info->orientation == orientation);
        CHECK_MESSAGE(actual == expected, "orientation ", orientation, " size ", size, " crop ", fit == Fit::kCrop);
      }
    }
  }
}

}  // namespace
}  // namespace sortlab
