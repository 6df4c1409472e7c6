// Direct convolution for few input channels; see conv2d_direct.cpp and conv2d_direct_weight.cpp. Used by conv2d.cpp and
// conv2d_plan.cpp only.
#pragma once

#include <cstddef>

#include "kernels/activation.hpp"
#include "kernels/conv2d.hpp"

namespace sortlab::kernels::direct {

/// out_channels a multiple of four.
bool supports(const Conv2dShape& shape);

std::size_t prepared_size(const Conv2dShape& shape);
void prepare(const Conv2dShape& shape, const float* weight, float* prepared);
/// Floats of one padded input row: enough for output pixels in whole groups of four.
std::ptrdiff_t padded_row_size(const Conv2dShape& shape);
std::size_t workspace_size(const Conv2dShape& shape);

/// Output rows [row_begin, row_end); `output` points at the first of them.
void forward(const Conv2dShape& shape, const float* input, const float* prepared, const float* bias,
             Activation activation, float* output, int row_begin, int row_end, float* workspace);

/// dweight accumulated. Needs out_channels a multiple of eight, at least three taps in a kernel row, and a workspace of
/// workspace_size(shape).
bool backward_weight_supports(const Conv2dShape& shape);
void backward_weight(const Conv2dShape& shape, const float* input, const float* doutput, float* dweight,
                     float* workspace);

}  // namespace sortlab::kernels::direct
