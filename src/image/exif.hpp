// The orientation of a photo, from its EXIF data (TIFF 6.0 structure; EXIF 2.32, tag 0x0112).
#pragma once

#include <cstdint>
#include <span>

namespace sortlab {

/// `bytes`: a TIFF structure, with or without "Exif\0\0" before it. Gives 1..8; 1 (upright) where the tag is absent or
/// wrong, since a broken tag is no reason to refuse a photo.
int exif_orientation(std::span<const std::uint8_t> bytes);

}  // namespace sortlab
