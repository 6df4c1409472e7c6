// The weight gradient of a 3x3 convolution with stride 1 by Winograd's F(4x4, 3x3); see conv2d_winograd_weight.cpp.
// Used by conv2d.cpp and conv2d_plan.cpp only.
#pragma once

#include <cstddef>

#include "kernels/conv2d.hpp"

namespace sortlab::kernels::winograd {

/// 3x3, stride 1, both channel counts multiples of four.
bool backward_weight_supports(const Conv2dShape& shape);
/// Floats.
std::size_t backward_weight_workspace_size(const Conv2dShape& shape);
/// dweight accumulated.
void backward_weight(const Conv2dShape& shape, const float* input, const float* doutput, float* dweight,
                     float* workspace);

}  // namespace sortlab::kernels::winograd
