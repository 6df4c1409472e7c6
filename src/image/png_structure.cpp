#include "image/png_structure.hpp"

#include <algorithm>
#include <array>
#include <string>

#include "image/bytes.hpp"
#include "image/exif.hpp"

namespace sortlab {

namespace {

constexpr std::array<std::uint8_t, 8> kSignature = {0x89, 'P', 'N', 'G', 0x0D, 0x0A, 0x1A, 0x0A};
constexpr std::uint32_t chunk_type(const char (&name)[5]) {
  std::uint32_t type = 0;
  for (int i = 0; i < 4; ++i) type = type << 8 | static_cast<std::uint8_t>(name[i]);
  return type;
}
constexpr std::uint32_t kHeader = chunk_type("IHDR"), kPalette = chunk_type("PLTE"), kData = chunk_type("IDAT"),
                        kEnd = chunk_type("IEND"), kTransparency = chunk_type("tRNS"), kExif = chunk_type("eXIf");
constexpr bool is_critical(std::uint32_t type) { return (type & 0x20000000u) == 0; }

Status truncated() {
  return {StatusCode::kTruncated, "The picture ends too early, as after an interrupted copy; copy it again."};
}
Status damaged() {
  return {StatusCode::kInvalidData, "The picture is damaged: its PNG structure makes no sense; copy it again."};
}

constexpr std::array<std::uint32_t, 256> make_crc_table() {
  std::array<std::uint32_t, 256> table{};
  for (std::uint32_t i = 0; i < 256; ++i) {
    std::uint32_t value = i;
    for (int bit = 0; bit < 8; ++bit) value = (value & 1) != 0 ? 0xEDB88320u ^ (value >> 1) : value >> 1;
    table[i] = value;
  }
  return table;
}
constexpr std::array<std::uint32_t, 256> kCrcTable = make_crc_table();

Status read_header(std::span<const std::uint8_t> data, PngStructure& png) {
  if (data.size() != 13) return damaged();
  read_u32(data, 0, ByteOrder::kBigEndian, png.width);
  read_u32(data, 4, ByteOrder::kBigEndian, png.height);
  png.bit_depth = data[8];
  const int color = data[9];
  png.palette = color == 3;
  png.interlaced = data[12] == 1;
  switch (color) {
    case 0:
    case 3:
      png.channels = 1;
      break;
    case 2:
      png.channels = 3;
      break;
    case 4:
      png.channels = 2;
      break;
    case 6:
      png.channels = 4;
      break;
    default:
      return damaged();
  }
  const int depth = png.bit_depth;
  const bool small_depth = depth == 1 || depth == 2 || depth == 4;
  const bool depth_fits = depth == 8 || (depth == 16 && color != 3) || (small_depth && (color == 0 || color == 3));
  if (!depth_fits || data[10] != 0 || data[11] != 0 || data[12] > 1) return damaged();
  constexpr std::uint32_t kMaxSide = 0x7FFFFFFF;
  if (png.width == 0 || png.height == 0 || png.width > kMaxSide || png.height > kMaxSide) return damaged();
  return {};
}

/// Memory of the decoder's steps: inflated rows beside the unfiltered picture (twice while interlaced passes are put
/// together).
void measure(PngStructure& png) {
  // Sides up to 2^31 with 8 bytes a pixel still fit 64 bits after clamping; such pictures are refused anyway.
  const auto clamp = [](std::uint64_t value) { return std::min<std::uint64_t>(value, std::uint64_t{1} << 31); };
  const std::uint64_t width = png.width, height = png.height;
  const std::uint64_t row = (width * static_cast<std::uint64_t>(png.channels * png.bit_depth) + 7) / 8 + 1;
  const std::uint64_t inflated = clamp(clamp(row) * height + (png.interlaced ? row + 16 * height : 0));
  const std::uint64_t sample_bytes = png.bit_depth == 16 ? 2 : 1;
  const std::uint64_t unfiltered = clamp(clamp(width * height) * sample_bytes *
                                         static_cast<std::uint64_t>(png.channels + (png.transparency ? 1 : 0)));
  png.inflated_bytes = static_cast<std::size_t>(inflated);
  png.decode_bytes = static_cast<std::size_t>(clamp(inflated + unfiltered * (png.interlaced ? 2 : 1)));
}

}  // namespace

std::uint32_t crc32(std::span<const std::uint8_t> bytes) {
  std::uint32_t crc = 0xFFFFFFFFu;
  for (const std::uint8_t byte : bytes) crc = kCrcTable[(crc ^ byte) & 0xFF] ^ (crc >> 8);
  return crc ^ 0xFFFFFFFFu;
}

Result<PngStructure> walk_png(std::span<const std::uint8_t> bytes) {
  const std::size_t seen = std::min(bytes.size(), kSignature.size());
  if (!std::equal(bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(seen), kSignature.begin()))
    return damaged();
  PngStructure png;
  bool header = false, palette = false, data_seen = false;
  std::size_t at = kSignature.size();
  for (;;) {
    std::uint32_t length = 0, type = 0, stored_crc = 0;
    if (!read_u32(bytes, at, ByteOrder::kBigEndian, length)) return truncated();
    if (!read_u32(bytes, at + 4, ByteOrder::kBigEndian, type)) return truncated();
    if (length > 0x7FFFFFFFu) return damaged();
    if (bytes.size() - at < 12 || length > bytes.size() - at - 12) {
      // A header that already asks too much is told by its size, whatever follows; a lying length of it is not
      // believed.
      return header || type == kHeader ? truncated() : damaged();
    }
    const std::span<const std::uint8_t> data = bytes.subspan(at + 8, length);
    read_u32(bytes, at + 8 + length, ByteOrder::kBigEndian, stored_crc);
    if (is_critical(type) && crc32(bytes.subspan(at + 4, std::size_t{length} + 4)) != stored_crc) return damaged();
    at += std::size_t{length} + 12;
    if (!header && type != kHeader) return damaged();
    if (type == kHeader) {
      if (header) return damaged();
      SORTLAB_RETURN_IF_ERROR(read_header(data, png));
      header = true;
    } else if (type == kPalette) {
      if (length == 0 || length > 768 || length % 3 != 0) return damaged();
      palette = true;
    } else if (type == kData) {
      data_seen = true;
    } else if (type == kTransparency) {
      png.transparency = true;
    } else if (type == kExif) {
      png.orientation = exif_orientation(data);
    } else if (type == kEnd) {
      break;
    } else if (is_critical(type)) {
      return Status(StatusCode::kUnsupported,
                    "This PNG picture uses an unknown extension; save it again as JPEG or PNG.");
    }
  }
  if (!data_seen || (png.palette && !palette)) return damaged();
  measure(png);
  return png;
}

}  // namespace sortlab
