#include "image/file_kind.hpp"

#include <algorithm>
#include <cstddef>
#include <string_view>

namespace sortlab {

namespace {

bool has(std::span<const std::uint8_t> bytes, std::size_t offset, std::string_view magic) {
  return bytes.size() >= offset + magic.size() &&
         std::equal(magic.begin(), magic.end(), bytes.begin() + static_cast<std::ptrdiff_t>(offset),
                    [](char a, std::uint8_t b) { return static_cast<std::uint8_t>(a) == b; });
}

/// ISO base media files ("ftyp" boxes) name their kind by a brand of four letters.
FileKind brand_kind(std::span<const std::uint8_t> bytes) {
  for (const char* brand : {"avif", "avis"}) {
    if (has(bytes, 8, brand)) return FileKind::kAvif;
  }
  for (const char* brand : {"heic", "heix", "heim", "heis", "hevc", "hevx", "mif1", "msf1"}) {
    if (has(bytes, 8, brand)) return FileKind::kHeic;
  }
  return FileKind::kVideo;
}

bool looks_like_svg(std::span<const std::uint8_t> bytes) {
  std::size_t start = has(bytes, 0, "\xEF\xBB\xBF") ? 3 : 0;
  while (start < bytes.size() && start < 64 && bytes[start] <= ' ') ++start;
  return has(bytes, start, "<svg") || has(bytes, start, "<?xml");
}

}  // namespace

FileKind file_kind(std::span<const std::uint8_t> bytes) {
  using namespace std::string_view_literals;
  if (bytes.empty()) return FileKind::kEmpty;
  if (has(bytes, 0, "\xFF\xD8")) return FileKind::kJpeg;
  if (has(bytes, 0, "\x89PNG")) return FileKind::kPng;
  if (has(bytes, 4, "ftyp")) return brand_kind(bytes);
  if (has(bytes, 0, "RIFF") && has(bytes, 8, "WEBP")) return FileKind::kWebp;
  if (has(bytes, 0, "GIF8")) return FileKind::kGif;
  if (has(bytes, 0, "BM")) return FileKind::kBmp;
  if (has(bytes, 0, "II*\0"sv) || has(bytes, 0, "MM\0*"sv)) return FileKind::kTiff;
  if (has(bytes, 0, "\xFF\x0A") || has(bytes, 4, "JXL ")) return FileKind::kJpegXl;
  if (has(bytes, 4, "jP  ") || has(bytes, 0, "\xFF\x4F\xFF\x51")) return FileKind::kJpeg2000;
  if (has(bytes, 0, "8BPS")) return FileKind::kPhotoshop;
  if (has(bytes, 0, "%PDF")) return FileKind::kPdf;
  if (has(bytes, 0, "PK\3\4")) return FileKind::kZip;
  if (looks_like_svg(bytes)) return FileKind::kSvg;
  return FileKind::kUnknown;
}

const char* unsupported_message(FileKind kind) {
  switch (kind) {
    case FileKind::kJpeg:
    case FileKind::kPng:
      return "This is a JPEG or PNG picture.";
    case FileKind::kEmpty:
      return "The file is empty; copy it again from where it came.";
    case FileKind::kHeic:
      return "This is a HEIC photo, which cannot be read here; export it as JPEG.";
    case FileKind::kAvif:
      return "This is an AVIF picture, which cannot be read here; save it as JPEG or PNG.";
    case FileKind::kWebp:
      return "This is a WebP picture, which cannot be read here; save it as JPEG or PNG.";
    case FileKind::kGif:
      return "This is a GIF picture, which cannot be read here; save it as JPEG or PNG.";
    case FileKind::kBmp:
      return "This is a BMP picture, which cannot be read here; save it as JPEG or PNG.";
    case FileKind::kTiff:
      return "This is a TIFF or raw camera picture, which cannot be read here; save it as JPEG or PNG.";
    case FileKind::kJpegXl:
      return "This is a JPEG XL picture, which cannot be read here; save it as JPEG or PNG.";
    case FileKind::kJpeg2000:
      return "This is a JPEG 2000 picture, which cannot be read here; save it as JPEG or PNG.";
    case FileKind::kPhotoshop:
      return "This is a Photoshop file, which cannot be read here; export it as JPEG or PNG.";
    case FileKind::kSvg:
      return "This is an SVG drawing, which cannot be read here; export it as PNG.";
    case FileKind::kPdf:
      return "This is a PDF document, not a photo; export its pictures as JPEG or PNG.";
    case FileKind::kVideo:
      return "This is a video, not a photo; save single frames of it as JPEG.";
    case FileKind::kZip:
      return "This is a zip file, not a photo; open it as a data set.";
    case FileKind::kUnknown:
      break;
  }
  return "This is not a picture that can be read here; use JPEG or PNG.";
}

}  // namespace sortlab
