// Direct convolution for few input channels; see conv2d_direct.cpp. Used by conv2d.cpp and conv2d_plan.cpp only.
#pragma once

#include <cstddef>
#include <cstdint>

#include "kernels/activation.hpp"
#include "kernels/conv2d.hpp"

namespace sortlab::kernels::direct {

/// out_channels a multiple of four.
bool supports(const Conv2dShape& shape);

std::size_t prepared_size(const Conv2dShape& shape);
void prepare(const Conv2dShape& shape, const float* weight, float* prepared);
std::size_t workspace_size(const Conv2dShape& shape);

/// Output rows [row_begin, row_end); `output` points at row 0.
void forward(const Conv2dShape& shape, const float* input, const float* prepared, const float* bias,
             Activation activation, float* output, int row_begin, int row_end, float* workspace);
/// With ReLU and 2x2 max-pool; pooled rows [row_begin, row_end), `pooled` and `code` (may be null) point at row 0.
void pool_forward(const Conv2dShape& shape, const float* input, const float* prepared, const float* bias, float* pooled,
                  std::uint8_t* code, int row_begin, int row_end, float* workspace);

}  // namespace sortlab::kernels::direct
