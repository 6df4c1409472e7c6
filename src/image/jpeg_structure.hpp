// The structure of a JPEG file, marker by marker to its end, without decoding (ITU-T T.81, annex B; progressive: annex
// G).
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "base/status.hpp"

namespace sortlab {

struct JpegStructure {
  int width = 0, height = 0;
  int orientation = 1;  // EXIF
  int components = 0;   // 1 grey, 3 colour, 4 CMYK or YCCK
  bool progressive = false;
  int scans = 0;
  // What decoding takes: component planes (and coefficients of a progressive file), without the finished RGB picture.
  std::size_t plane_bytes = 0;
  // 8 x 8 blocks that the scans must fill at least.
  std::size_t blocks = 0;
};

/// kTruncated without an end marker or where scans are missing; kUnsupported for kinds of JPEG that are not decoded
/// here (arithmetic coding, lossless, 12 bits, more than max_scans scans); kInvalidData where the structure lies.
Result<JpegStructure> walk_jpeg(std::span<const std::uint8_t> bytes, int max_scans);

}  // namespace sortlab
