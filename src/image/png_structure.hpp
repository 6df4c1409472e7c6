// The structure of a PNG file, chunk by chunk to its end, without inflating (W3C PNG, third edition).
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "base/status.hpp"

namespace sortlab {

struct PngStructure {
  std::uint32_t width = 0, height = 0;
  int orientation = 1;  // from an eXIf chunk
  int bit_depth = 8;
  int channels = 3;  // stored: 1 for palettes
  bool palette = false, transparency = false, interlaced = false;
  std::size_t inflated_bytes = 0;  // what the pixel data must inflate to, at most
  std::size_t decode_bytes = 0;    // memory that decoding takes at least, without the finished RGB picture
};

/// kTruncated without its end chunk; kInvalidData for wrong checksums of critical chunks and wrong fields.
Result<PngStructure> walk_png(std::span<const std::uint8_t> bytes);

/// CRC-32 of ISO 3309, as PNG and zip use it.
std::uint32_t crc32(std::span<const std::uint8_t> bytes);

}  // namespace sortlab
