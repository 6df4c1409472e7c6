// The one resize of the project: training, evaluation, camera, command line and every export use it.
#pragma once

#include <cstdint>

#include "base/status.hpp"
#include "image/image.hpp"

namespace sortlab {

/// How a picture of any shape becomes a square: cut the largest centred square (kCrop) or squeeze (kSqueeze).
enum class Fit { kCrop, kSqueeze };

/// Everything between a decoded picture and the network's input; stored in every model file.
struct Preprocessing {
  int size = 96;  // side of the square, pixels
  Fit fit = Fit::kSqueeze;
  // input float = (byte / 255 - mean) / deviation, the same for all channels; channel order RGB
  float mean = 0.5f;
  float deviation = 0.25f;
};

/// Sides from 1 to 1,024 and finite numbers, a deviation above 0; kInvalidArgument otherwise.
Status check_preprocessing(const Preprocessing& preprocessing);

/// Area resize when shrinking (each output pixel is the exact mean of what it covers), bilinear (half-pixel centres)
/// when growing, per axis; fixed point, so the same bytes everywhere. output: size x size x 3. `channels` of the
/// source: 3 or 4 (RGBA: alpha is laid over white).
Status resize_to_square(int width, int height, int channels, const std::uint8_t* pixels,
                        const Preprocessing& preprocessing, std::uint8_t* output);

}  // namespace sortlab
