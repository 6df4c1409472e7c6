#include "image/orientation.hpp"

#include <cstddef>

namespace sortlab {

void turn_upright(int width, int height, const std::uint8_t* stored, int orientation, std::uint8_t* upright) {
  const bool transposes = orientation_transposes(orientation);
  const std::ptrdiff_t out_width = transposes ? height : width, out_height = transposes ? width : height;
  // Where in `upright` the stored pixel (0, 0) lands, and how far one stored column and one stored row move it.
  std::ptrdiff_t start = 0;
  std::ptrdiff_t step_x = 3, step_y = 3 * out_width;  // of the upright picture
  if (orientation_mirrors_x(orientation)) {
    start += 3 * (out_width - 1);
    step_x = -step_x;
  }
  if (orientation_mirrors_y(orientation)) {
    start += 3 * out_width * (out_height - 1);
    step_y = -step_y;
  }
  const std::ptrdiff_t column = transposes ? step_y : step_x, row = transposes ? step_x : step_y;
  // Tiles keep both sides of a transposition in cache.
  constexpr int kTile = 32;
  for (int y0 = 0; y0 < height; y0 += kTile) {
    const int y1 = y0 + kTile < height ? y0 + kTile : height;
    for (int x0 = 0; x0 < width; x0 += kTile) {
      const int x1 = x0 + kTile < width ? x0 + kTile : width;
      for (int y = y0; y < y1; ++y) {
        const std::uint8_t* from = stored + 3 * (static_cast<std::ptrdiff_t>(y) * width + x0);
        std::uint8_t* to = upright + start + row * y + column * x0;
        for (int x = x0; x < x1; ++x, from += 3, to += column) {
          to[0] = from[0];
          to[1] = from[1];
          to[2] = from[2];
        }
      }
    }
  }
}

}  // namespace sortlab
