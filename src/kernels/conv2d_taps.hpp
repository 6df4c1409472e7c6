// Which taps of a kernel lie inside the image. Used by the convolutions' .cpp files only.
#pragma once

#include <algorithm>

namespace sortlab::kernels {

/// The part of a kernel row or column that lies inside the image: taps [begin, end).
struct Taps {
  int begin, end;
};
/// first: where tap 0 lies.
inline Taps inside(int first, int kernel_size, int extent) {
  const int begin = std::clamp(-first, 0, kernel_size);
  return {begin, std::max(begin, std::min(kernel_size, extent - first))};
}

}  // namespace sortlab::kernels
