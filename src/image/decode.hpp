// Untrusted image bytes to RGB. JPEG and PNG only (stb_image); anything else is kUnsupported and the browser may decode
// it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "base/status.hpp"
#include "image/image.hpp"

namespace sortlab {

struct DecodeOptions {
  std::size_t arena_bytes = std::size_t{256} << 20;  // all memory the decoder may take; over it: kTooLarge
  int max_scans = 100;                               // progressive JPEG scans
};

/// What the header says, without decoding: cheap, for inspection.
struct ImageInfo {
  enum class Format { kJpeg, kPng };
  Format format = Format::kJpeg;
  int width = 0, height = 0;  // as stored, before the EXIF turn
  int orientation = 1;        // EXIF 1..8
};

/// Reads the header and walks the structure to its end: JPEG markers to EOI, PNG chunks to IEND.
/// kTruncated when the end is missing, kInvalidData when the structure lies, kUnsupported for other formats.
Result<ImageInfo> inspect_image(std::span<const std::uint8_t> bytes, const DecodeOptions& options = {});

/// Decodes, drops alpha over white, turns by EXIF orientation. Memory comes zero-filled from one arena of arena_bytes.
Result<Image> decode_image(std::span<const std::uint8_t> bytes, const DecodeOptions& options = {});

}  // namespace sortlab
