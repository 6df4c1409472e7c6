// stb_image behind a small wall: JPEG and PNG bytes to samples, all memory from the current DecodeArena.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

namespace sortlab {

/// Samples as stored, before the EXIF turn: (height, width, channels), in memory of the arena or lent to it.
struct StbImage {
  std::uint8_t* pixels = nullptr;  // null: the data could not be decoded
  int width = 0, height = 0;
  int channels = 0;  // 1 grey, 2 grey and alpha, 3 RGB, 4 RGBA
  // JPEG: 8 x 8 blocks written, and whether many were made up after the entropy-coded data had ended.
  std::size_t blocks = 0;
  bool ended_early = false;
};

/// Always 3 channels, in one allocation of width * height * 3 + 1 bytes, the last one.
StbImage stb_decode_jpeg(std::span<const std::uint8_t> bytes);
/// 1 to 4 channels, 8 bits each.
StbImage stb_decode_png(std::span<const std::uint8_t> bytes);

}  // namespace sortlab
