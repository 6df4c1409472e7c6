// Pixels as bytes: RGB, row by row.
#pragma once

#include <cstdint>
#include <vector>

namespace sortlab {

struct Image {
  int width = 0, height = 0;
  std::vector<std::uint8_t> pixels;  // (height, width, 3)
};

}  // namespace sortlab
