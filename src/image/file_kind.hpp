// What a file is, from its first bytes: so that a refusal can name the format.
#pragma once

#include <cstdint>
#include <span>

namespace sortlab {

enum class FileKind {
  kJpeg,
  kPng,
  kEmpty,
  kHeic,
  kAvif,
  kWebp,
  kGif,
  kBmp,
  kTiff,
  kJpegXl,
  kJpeg2000,
  kPhotoshop,
  kSvg,
  kPdf,
  kVideo,
  kZip,
  kUnknown,
};

FileKind file_kind(std::span<const std::uint8_t> bytes);

/// One plain sentence for a kind that is neither JPEG nor PNG: what it is and what to do.
const char* unsupported_message(FileKind kind);

}  // namespace sortlab
