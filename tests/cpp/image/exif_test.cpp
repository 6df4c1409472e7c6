#include "image/exif.hpp"

#include <doctest/doctest.h>

#include <array>

#include "image/decode.hpp"
#include "jpeg_edit.hpp"
#include "jpeg_fixtures.hpp"

namespace sortlab {
namespace {

using Bytes = std::vector<std::uint8_t>;

/// Which of the fixture's quarters (0 red, 1 green, 2 blue, 3 white) lies at the middle of a quarter of the picture.
int quarter_at(const Image& image, int quarter) {
  const int x = image.width * (1 + 2 * (quarter % 2)) / 4, y = image.height * (1 + 2 * (quarter / 2)) / 4;
  const std::uint8_t* at = image.pixels.data() + 3 * (y * image.width + x);
  return (at[1] > 150 ? 1 : 0) + (at[2] > 150 ? 2 : 0);
}

TEST_CASE("a photo is turned by its EXIF orientation") {
  // Top left, top right, bottom left, bottom right of the upright picture, as the EXIF standard draws them.
  const std::array<std::array<int, 4>, 8> expected = {{{0, 1, 2, 3},    // 1 upright
                                                       {1, 0, 3, 2},    // 2 mirrored left to right
                                                       {3, 2, 1, 0},    // 3 upside down
                                                       {2, 3, 0, 1},    // 4 mirrored top to bottom
                                                       {0, 2, 1, 3},    // 5 rows become columns
                                                       {2, 0, 3, 1},    // 6 a quarter turn clockwise
                                                       {3, 1, 2, 0},    // 7
                                                       {1, 3, 0, 2}}};  // 8 a quarter turn anticlockwise
  for (int orientation = 1; orientation <= 8; ++orientation) {
    for (const bool little_endian : {false, true}) {
      const Bytes file = test::with_inserted(test::kJpegBaseline, 2, test::exif_segment(orientation, little_endian));
      const Result<ImageInfo> info = inspect_image(file);
      REQUIRE(info.ok());
      CHECK(info->orientation == orientation);
      CHECK(info->width == 40);
      const Result<Image> image = decode_image(file);
      REQUIRE(image.ok());
      CHECK(image->width == (orientation < 5 ? 40 : 24));
      CHECK(image->height == (orientation < 5 ? 24 : 40));
      for (int quarter = 0; quarter < 4; ++quarter) {
        CHECK_MESSAGE(quarter_at(*image, quarter) ==
                          expected[static_cast<std::size_t>(orientation - 1)][static_cast<std::size_t>(quarter)],
                      "orientation ", orientation, " quarter ", quarter);
      }
    }
  }
}

TEST_CASE("broken EXIF data leaves a photo upright") {
  const Bytes segment = test::exif_segment(6, false);
  const Bytes tiff(segment.begin() + 10, segment.end());
  REQUIRE(exif_orientation(tiff) == 6);
  REQUIRE(exif_orientation(Bytes(segment.begin() + 4, segment.end())) == 6);
  for (std::size_t size = 0; size < 20; ++size) CHECK(exif_orientation(std::span(tiff).first(size)) == 1);
  const auto changed = [&tiff](std::size_t at, std::uint8_t value) {
    Bytes copy = tiff;
    copy[at] = value;
    return exif_orientation(copy);
  };
  CHECK(changed(0, 'I') == 1);  // mixed byte order marks
  CHECK(changed(3, 43) == 1);   // not TIFF
  CHECK(changed(4, 255) == 1);  // directory far outside
  CHECK(changed(7, 255) == 1);  // directory just outside
  CHECK(changed(9, 0) == 1);    // no entries
  CHECK(changed(13, 4) == 1);   // wrong type
  CHECK(changed(17, 2) == 1);   // wrong count
  CHECK(changed(19, 0) == 1);   // out of range
  CHECK(changed(19, 9) == 1);
  CHECK(changed(8, 255) == 6);  // more entries claimed than are there: the first is still read
  for (std::size_t at = 0; at < tiff.size(); ++at) {
    for (int value = 0; value < 256; ++value) {
      const int orientation = changed(at, static_cast<std::uint8_t>(value));
      REQUIRE(orientation >= 1);
      REQUIRE(orientation <= 8);
    }
  }
}

TEST_CASE("the first EXIF segment counts") {
  Bytes file = test::with_inserted(test::kJpegBaseline, 2, test::exif_segment(8, true));
  file = test::with_inserted(file, 2, test::exif_segment(3, true));
  CHECK(inspect_image(file)->orientation == 3);
}

}  // namespace
}  // namespace sortlab
