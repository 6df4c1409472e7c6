// Any bytes into the image decoder: no crash, no memory error, no answer that is not whole.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <span>
#include <vector>

#include "image/bytes.hpp"
#include "image/decode.hpp"
#include "image/png_structure.hpp"

namespace {

/// Checksums that fit whatever the chunks hold: otherwise no change of a PNG would get past them.
void repair_png(std::vector<std::uint8_t>& file) {
  std::uint32_t length = 0;
  for (std::size_t at = 8; sortlab::read_u32(file, at, sortlab::ByteOrder::kBigEndian, length); at += length + 12) {
    if (file.size() - at < 12 || length > file.size() - at - 12) return;
    const std::uint32_t crc = sortlab::crc32(std::span(file).subspan(at + 4, length + 4));
    for (std::size_t i = 0; i < 4; ++i) file[at + 8 + length + i] = static_cast<std::uint8_t>(crc >> (24 - 8 * i));
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  sortlab::DecodeOptions options;
  options.arena_bytes = std::size_t{16} << 20;
  std::vector<std::uint8_t> bytes(data, data + size);
  if (size > 8 && data[0] == 0x89) repair_png(bytes);
  const auto info = sortlab::inspect_image(bytes, options);
  const auto image = sortlab::decode_image(bytes, options);
  if (image.ok()) {
    if (!info.ok()) std::abort();
    const auto pixels = static_cast<std::size_t>(image->width) * static_cast<std::size_t>(image->height);
    if (image->pixels.size() != 3 * pixels) std::abort();
  } else if (image.status().message().empty()) {
    std::abort();
  }
  return 0;
}
