// Random changes of one training picture, seeded: a pure function of (seed, epoch, sample).
#pragma once

#include <cstddef>
#include <cstdint>

namespace sortlab {

struct AugmentOptions {
  bool enabled = true;
  bool flip_horizontal = true;
  bool flip_vertical = false;
  float rotation = 15.0f;    // degrees, uniform in +-
  float shift = 0.08f;       // share of the side, uniform in +-, per axis
  float zoom = 0.15f;        // factor uniform in [1 - zoom, 1 + zoom]
  float brightness = 0.15f;  // added, share of full range, uniform in +-
  float contrast = 0.2f;     // factor around the mean grey, uniform in [1 - contrast, 1 + contrast]
};

struct AugmentKey {
  std::uint64_t seed = 0;
  std::uint32_t epoch = 0, sample = 0;
};

/// Bytes to the network's floats, (value / 255 - mean) / deviation, computed as value * scale + offset; evaluation,
/// camera and training use this one function. count: values, not pixels.
void normalise(std::size_t count, const std::uint8_t* input, float mean, float deviation, float* output);

/// One affine map (flip, rotation, shift, zoom about the centre; bilinear; edge pixels repeated) and one colour map.
/// input: (size, size, 3) bytes; output: the same shape as floats, as normalise gives
/// them. Values are clipped to the range of a byte first. With all options off or 0 it is normalise to the last bit.
void augment(const AugmentOptions& options, const AugmentKey& key, int size, const std::uint8_t* input, float mean,
             float deviation, float* output);

}  // namespace sortlab
