#include "photos.hpp"

#include <doctest/doctest.h>

#include "image/decode_to_square.hpp"

namespace sortlab {
namespace {

TEST_CASE("real photos decode whole, and are refused when cut") {
  const auto photos = test::read_photos();
  if (photos.empty()) {
    MESSAGE("no photos at ", std::string(test::kPhotoZip), ": nothing to check");
    return;
  }
  CHECK(photos.size() == 120);
  std::size_t cuts = 0;
  for (std::size_t i = 0; i < photos.size(); ++i) {
    const auto& [name, bytes] = photos[i];
    std::vector<std::uint8_t> square(96 * 96 * 3);
    const Result<ImageInfo> info = decode_to_square(bytes, {}, {}, square.data());
    REQUIRE_MESSAGE(info.ok(), name, ": ", info.status().message());
    CHECK(info->width * info->height == 384 * 512);
    // Every 97th byte of every photo by structure; a few of them with an end marker put behind the cut.
    for (std::size_t size = 1 + i % 97; size < bytes.size(); size += 97, ++cuts) {
      REQUIRE_MESSAGE(!inspect_image(std::span(bytes).first(size)).ok(), name, " cut at ", size);
    }
    std::vector<std::uint8_t> patched(bytes.begin(),
                                      bytes.begin() + static_cast<std::ptrdiff_t>(bytes.size() * (2 + i % 7) / 10));
    patched.insert(patched.end(), {0xFF, 0xD9});
    CHECK_MESSAGE(!decode_image(patched).ok(), name, " cut at ", patched.size() - 2, " with an end marker");
  }
  CHECK(cuts > 10000);
}

}  // namespace
}  // namespace sortlab
