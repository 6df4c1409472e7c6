// The step below resize_to_square: a named region of a picture to a square.
#pragma once

#include <cstdint>

namespace sortlab {

/// Part of a picture, in pixels.
struct Region {
  int x = 0, y = 0, width = 0, height = 0;
};

/// The largest centred square, or all. Where the rest is odd, the smaller half of it is cut off at the left and the
/// top; at the right or the bottom where that side is asked for (mirror).
Region region_for(int width, int height, bool crop, bool mirror_x = false, bool mirror_y = false);

/// pixels: (height, width, channels) with channels 3 or 4; the region lies inside it. output: size x size x 3.
void resize_region(int width, int channels, const std::uint8_t* pixels, const Region& region, int size,
                   std::uint8_t* output);

}  // namespace sortlab
