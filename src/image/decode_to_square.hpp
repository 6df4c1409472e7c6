// A photo file to the bytes a network is trained on: decode, turn, resize.
#pragma once

#include <cstdint>
#include <span>

#include "base/status.hpp"
#include "image/decode.hpp"
#include "image/resize.hpp"

namespace sortlab {

/// output: size x size x 3 bytes. The same bytes as decode_image followed by resize_to_square, but the turn is done on
/// the small square: one copy of the photo less, so that 48 megapixels fit where 24 would.
Result<ImageInfo> decode_to_square(std::span<const std::uint8_t> bytes, const DecodeOptions& options,
                                   const Preprocessing& preprocessing, std::uint8_t* output);

}  // namespace sortlab
