#include "image/file_kind.hpp"

#include <doctest/doctest.h>

#include <string>
#include <string_view>
#include <vector>

#include "image/decode.hpp"

namespace sortlab {
namespace {

using namespace std::string_view_literals;

std::vector<std::uint8_t> bytes(std::string_view text) { return {text.begin(), text.end()}; }

TEST_CASE("other formats are refused by name") {
  const std::pair<std::string_view, std::string_view> files[] = {{"\0\0\0\x18"
                                                                  "ftypheic\0\0\0\0"sv,
                                                                  "HEIC"},
                                                                 {"\0\0\0\x18"
                                                                  "ftypmif1"sv,
                                                                  "HEIC"},
                                                                 {"\0\0\0\x18"
                                                                  "ftypavif"sv,
                                                                  "AVIF"},
                                                                 {"\0\0\0\x18"
                                                                  "ftypisom"sv,
                                                                  "video"},
                                                                 {"RIFF\0\0\0\0WEBPVP8 "sv, "WebP"},
                                                                 {"GIF89a"sv, "GIF"},
                                                                 {"BM\0\0\0\0"sv, "BMP"},
                                                                 {"II*\0"sv, "TIFF"},
                                                                 {"MM\0*"sv, "TIFF"},
                                                                 {"\xFF\x0A"sv, "JPEG XL"},
                                                                 {"\0\0\0\x0CjP  \r\n"sv, "JPEG 2000"},
                                                                 {"8BPS"sv, "Photoshop"},
                                                                 {"%PDF-1.7"sv, "PDF"},
                                                                 {"PK\3\4"sv, "zip"},
                                                                 {"<svg xmlns="sv, "SVG"},
                                                                 {"\xEF\xBB\xBF  <?xml "sv, "SVG"},
                                                                 {"hello"sv, "not a picture"},
                                                                 {"\0"sv, "not a picture"}};
  for (const auto& [content, name] : files) {
    const Status status = inspect_image(bytes(content)).status();
    CHECK(status.code() == StatusCode::kUnsupported);
    CHECK_MESSAGE(status.message().find(name) != std::string::npos, std::string(name), ": ", status.message());
    CHECK(decode_image(bytes(content)).status().message() == status.message());
  }
}

TEST_CASE("an empty file is told apart") {
  CHECK(inspect_image({}).status().code() == StatusCode::kTruncated);
  CHECK(inspect_image({}).status().message().find("empty") != std::string::npos);
}

TEST_CASE("any first bytes are looked at without reading further") {
  for (int first = 0; first < 256; ++first) {
    for (std::size_t size = 1; size < 16; ++size) {
      const std::vector<std::uint8_t> file(size, static_cast<std::uint8_t>(first));
      CHECK(!inspect_image(file).ok());
    }
  }
}

}  // namespace
}  // namespace sortlab
