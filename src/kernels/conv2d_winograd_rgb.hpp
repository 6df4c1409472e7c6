// Winograd F(4x4, 3x3) for three input channels; see conv2d_winograd_rgb.cpp. Used by conv2d_winograd.cpp only.
#pragma once

#include <cstddef>

#include "kernels/winograd_ends.hpp"

namespace sortlab::kernels::winograd::rgb {

std::size_t prepared_size(const Conv2dShape& shape);
void prepare(const Conv2dShape& shape, const float* weight, float* prepared);
std::size_t workspace_size(const Conv2dShape& shape);

/// All tiles whose first output row lies in [row_begin, row_end).
void convolve(const Conv2dShape& shape, const float* input, const float* prepared, int row_begin, int row_end,
              const TileEnd& end, float* workspace);

}  // namespace sortlab::kernels::winograd::rgb
