// The turn that EXIF asks for, 1..8: how the stored rows and columns lie in the upright picture.
#pragma once

#include <cstdint>
#include <vector>

#include "image/image.hpp"

namespace sortlab {

/// Stored columns become rows: width and height change places.
constexpr bool orientation_transposes(int orientation) { return orientation >= 5; }

/// In the upright picture x (after a transposition) runs against the stored order; likewise y.
constexpr bool orientation_mirrors_x(int orientation) {
  return orientation == 2 || orientation == 3 || orientation == 6 || orientation == 7;
}
constexpr bool orientation_mirrors_y(int orientation) {
  return orientation == 3 || orientation == 4 || orientation == 7 || orientation == 8;
}

/// stored: (height, width, 3). upright: the same bytes in upright order, (width, height, 3) where the orientation
/// transposes.
void turn_upright(int width, int height, const std::uint8_t* stored, int orientation, std::uint8_t* upright);

}  // namespace sortlab
