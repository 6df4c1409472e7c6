#include <doctest/doctest.h>

#include <string>

#include "image/decode.hpp"
#include "jpeg_edit.hpp"
#include "jpeg_fixtures.hpp"

namespace sortlab {
namespace {

using Bytes = std::vector<std::uint8_t>;
constexpr int kSof0 = 0xC0, kSof2 = 0xC2, kSos = 0xDA;

const std::pair<const char*, const Bytes*> kFiles[] = {{"baseline", &test::kJpegBaseline},
                                                       {"subsampled", &test::kJpegSubsampled},
                                                       {"progressive", &test::kJpegProgressive},
                                                       {"restart", &test::kJpegRestart},
                                                       {"grey", &test::kJpegGrey},
                                                       {"cmyk", &test::kJpegCmyk},
                                                       {"noise", &test::kJpegNoise}};

StatusCode code_of(const Bytes& file) { return decode_image(file).status().code(); }

TEST_CASE("a JPEG cut anywhere is refused") {
  for (const auto& [name, file] : kFiles) {
    REQUIRE(decode_image(*file).ok());
    for (std::size_t size = 2; size < file->size(); ++size) {
      const Bytes cut(file->begin(), file->begin() + static_cast<std::ptrdiff_t>(size));
      const Result<ImageInfo> info = inspect_image(cut);
      CHECK_MESSAGE(info.status().code() == StatusCode::kTruncated, std::string(name), " at ", size);
      CHECK_MESSAGE(!decode_image(cut).ok(), std::string(name), " at ", size);
    }
  }
}

TEST_CASE("a cut JPEG that was given an end marker is noticed once more than a little is missing") {
  const Bytes& whole = test::kJpegNoise;
  const std::size_t start = test::find_marker(whole, kSos) + 14;
  for (std::size_t size = start; size < start + (whole.size() - start) / 2; ++size) {
    Bytes cut(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(size));
    cut.insert(cut.end(), {0xFF, 0xD9});
    CHECK_MESSAGE(!decode_image(cut).ok(), "at ", size);
  }
}

TEST_CASE("a progressive JPEG without its last scans is noticed") {
  const Bytes& whole = test::kJpegProgressive;
  int scans = 0;
  for (std::size_t at = test::find_marker(whole, kSos); at < whole.size();
       at = test::find_marker(whole, kSos, at + 2)) {
    Bytes cut(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(at));
    cut.insert(cut.end(), {0xFF, 0xD9});
    CHECK_MESSAGE(!inspect_image(cut).ok(), "before scan ", scans);
    ++scans;
  }
  CHECK(scans > 5);
}

TEST_CASE("a JPEG with a missing restart interval is noticed") {
  // Without everything between the first restart marker and the end.
  const Bytes& whole = test::kJpegRestart;
  Bytes cut(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(test::find_marker(whole, 0xD0)));
  cut.insert(cut.end(), {0xFF, 0xD9});
  CHECK(code_of(cut) == StatusCode::kTruncated);
}

TEST_CASE("no flipped bit crashes, and every answer is whole") {
  for (const auto& [name, file] : kFiles) {
    if (file->size() > 1000) continue;
    for (std::size_t bit = 0; bit < file->size() * 8; ++bit) {
      Bytes changed = *file;
      changed[bit / 8] = static_cast<std::uint8_t>(changed[bit / 8] ^ (1 << bit % 8));
      DecodeOptions options;
      options.arena_bytes = std::size_t{8} << 20;
      const Result<Image> image = decode_image(changed, options);
      if (image.ok()) {
        const std::size_t pixels = static_cast<std::size_t>(image->width) * static_cast<std::size_t>(image->height);
        REQUIRE_MESSAGE(image->pixels.size() == 3 * pixels, std::string(name), " bit ", bit);
      } else {
        REQUIRE_MESSAGE(!image.status().message().empty(), std::string(name), " bit ", bit);
      }
    }
  }
}

TEST_CASE("bytes behind the end marker do no harm") {
  Bytes file = test::kJpegBaseline;
  file.insert(file.end(), test::kJpegGrey.begin(), test::kJpegGrey.end());
  CHECK(decode_image(file).ok());
  CHECK(decode_image(file)->width == 40);
}

TEST_CASE("a picture that begins inside another one is a cut one") {
  Bytes file(test::kJpegNoise.begin(), test::kJpegNoise.begin() + 1000);
  file.insert(file.end(), test::kJpegBaseline.begin(), test::kJpegBaseline.end());
  CHECK(code_of(file) == StatusCode::kTruncated);
}

TEST_CASE("kinds of JPEG that are not decoded are named") {
  const std::size_t frame = test::find_marker(test::kJpegBaseline, kSof0);
  const auto with_byte = [frame](std::size_t at, int value) {
    Bytes file = test::kJpegBaseline;
    file[frame + at] = static_cast<std::uint8_t>(value);
    return decode_image(file).status();
  };
  CHECK(with_byte(1, 0xC9).code() == StatusCode::kUnsupported);
  CHECK(with_byte(1, 0xC9).message().find("arithmetic") != std::string::npos);
  CHECK(with_byte(1, 0xC3).message().find("without loss") != std::string::npos);
  CHECK(with_byte(1, 0xC5).message().find("hierarchical") != std::string::npos);
  CHECK(with_byte(4, 12).message().find("12 bits") != std::string::npos);
  CHECK(with_byte(4, 12).code() == StatusCode::kUnsupported);
}

TEST_CASE("four colours without Adobe's mark are refused, since nobody knows what they mean") {
  Bytes file = test::kJpegCmyk;
  const std::size_t adobe = test::find_marker(file, 0xEE);
  REQUIRE(adobe < file.size());
  file[adobe + 1] = 0xEF;
  CHECK(code_of(file) == StatusCode::kUnsupported);
}

TEST_CASE("too many scans are refused before they cost time") {
  Bytes file = test::kJpegProgressive;
  std::size_t last = 0;
  int scans = 0;
  for (std::size_t at = test::find_marker(file, kSos); at < file.size(); at = test::find_marker(file, kSos, at + 2)) {
    last = at;
    ++scans;
  }
  const Bytes scan(file.begin() + static_cast<std::ptrdiff_t>(last), file.end() - 2);
  while (scans < 100) {
    file = test::with_inserted(file, file.size() - 2, scan);
    ++scans;
  }
  CHECK(inspect_image(file).ok());
  file = test::with_inserted(file, file.size() - 2, scan);
  CHECK(inspect_image(file).status().code() == StatusCode::kUnsupported);
}

TEST_CASE("sides are weighed against the arena before decoding") {
  for (const auto& [file, marker] :
       {std::pair{&test::kJpegBaseline, kSof0}, std::pair{&test::kJpegProgressive, kSof2}}) {
    Bytes huge = *file;
    const std::size_t frame = test::find_marker(huge, marker);
    for (std::size_t i = 5; i < 9; ++i) huge[frame + i] = 0xFF;
    CHECK(code_of(huge) == StatusCode::kTooLarge);
    CHECK(decode_image(huge).status().message().find("65,535 x 65,535") != std::string::npos);
    CHECK(inspect_image(huge).status().code() == StatusCode::kTooLarge);
  }
  DecodeOptions small;
  small.arena_bytes = 3000;  // the 40 x 24 picture alone takes 2,880
  CHECK(decode_image(test::kJpegBaseline, small).status().code() == StatusCode::kTooLarge);
}

TEST_CASE("structures that lie are refused") {
  const std::size_t frame = test::find_marker(test::kJpegBaseline, kSof0),
                    scan = test::find_marker(test::kJpegBaseline, kSos);
  const auto with_byte = [](std::size_t at, int value) {
    Bytes file = test::kJpegBaseline;
    file[at] = static_cast<std::uint8_t>(value);
    return code_of(file);
  };
  CHECK(with_byte(frame + 3, 16) == StatusCode::kInvalidData);  // wrong length
  CHECK(with_byte(frame + 9, 2) == StatusCode::kInvalidData);   // two components
  CHECK(with_byte(frame + 11, 0) == StatusCode::kInvalidData);  // sampling 0
  CHECK(with_byte(scan + 4, 0) == StatusCode::kInvalidData);    // a scan of nothing
  CHECK(with_byte(scan + 5, 77) == StatusCode::kInvalidData);   // an unknown component
  Bytes file = test::kJpegBaseline;
  file[frame + 5] = file[frame + 6] = 0;  // no height
  CHECK(code_of(file) == StatusCode::kInvalidData);
  const Bytes two_frames =
      test::with_inserted(test::kJpegBaseline, frame, std::span(test::kJpegBaseline).subspan(frame, 19));
  CHECK(code_of(two_frames) == StatusCode::kInvalidData);
  CHECK(code_of({0xFF, 0xD8, 0xFF, 0xD9}) == StatusCode::kInvalidData);
  CHECK(code_of({0xFF, 0xD8}) == StatusCode::kTruncated);
  CHECK(code_of({0xFF, 0xD8, 0xFF, 0xE0, 0, 1}) == StatusCode::kInvalidData);
}

}  // namespace
}  // namespace sortlab
