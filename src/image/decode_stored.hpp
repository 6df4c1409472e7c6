// The step below decode_image: pixels as the file stores them, with the turn still to be done.
#pragma once

#include <cstdint>
#include <span>

#include "image/decode.hpp"

namespace sortlab {

struct StoredImage {
  Image image;
  int orientation = 1;  // EXIF 1..8
};

/// As decode_image, without the turn: a photo that is made smaller anyway is cheaper to turn afterwards.
Result<StoredImage> decode_stored(std::span<const std::uint8_t> bytes, const DecodeOptions& options);

}  // namespace sortlab
