#include "image/exif.hpp"

#include <algorithm>
#include <array>

#include "image/bytes.hpp"

namespace sortlab {

namespace {
constexpr std::uint32_t kOrientationTag = 0x0112, kTypeShort = 3, kMaxEntries = 512;
constexpr std::size_t kEntryBytes = 12;
}  // namespace

int exif_orientation(std::span<const std::uint8_t> bytes) {
  constexpr std::array<std::uint8_t, 6> kPrefix = {'E', 'x', 'i', 'f', 0, 0};
  if (bytes.size() >= kPrefix.size() && std::equal(kPrefix.begin(), kPrefix.end(), bytes.begin())) {
    bytes = bytes.subspan(kPrefix.size());
  }
  if (bytes.size() < 8) return 1;
  ByteOrder order = ByteOrder::kBigEndian;
  if (bytes[0] == 'I' && bytes[1] == 'I') {
    order = ByteOrder::kLittleEndian;
  } else if (bytes[0] != 'M' || bytes[1] != 'M') {
    return 1;
  }
  std::uint32_t magic = 0, directory = 0, entries = 0;
  if (!read_u16(bytes, 2, order, magic) || magic != 42) return 1;
  if (!read_u32(bytes, 4, order, directory) || !read_u16(bytes, directory, order, entries)) return 1;
  for (std::uint32_t i = 0; i < std::min(entries, kMaxEntries); ++i) {
    const std::size_t entry = std::size_t{directory} + 2 + kEntryBytes * i;
    std::uint32_t tag = 0, type = 0, count = 0, value = 0;
    if (!read_u16(bytes, entry, order, tag) || !read_u16(bytes, entry + 2, order, type) ||
        !read_u32(bytes, entry + 4, order, count) || !read_u16(bytes, entry + 8, order, value)) {
      return 1;
    }
    if (tag != kOrientationTag) continue;
    return type == kTypeShort && count == 1 && value >= 1 && value <= 8 ? static_cast<int>(value) : 1;
  }
  return 1;
}

}  // namespace sortlab
