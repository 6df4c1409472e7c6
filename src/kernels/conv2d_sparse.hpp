// Backward passes of the pooled block over the few gradients that are not zero; see conv2d_sparse_*.cpp.
#pragma once

#include <cstddef>
#include <cstdint>

#include "kernels/conv2d.hpp"

namespace sortlab::kernels::sparse {

/// Floats of weights arranged for backward_input, and of workspace.
std::size_t prepared_backward_size(const Conv2dShape& shape);
void prepare_backward(const Conv2dShape& shape, const float* weight, float* prepared);
std::size_t backward_input_workspace_size(const Conv2dShape& shape);
std::size_t backward_weight_workspace_size(const Conv2dShape& shape);

/// Overwrites dinput. dpooled, code: (out_height / 2, out_width / 2, out_channels).
void backward_input(const Conv2dShape& shape, const float* dpooled, const std::uint8_t* code, const float* prepared,
                    float* dinput, float* workspace);
/// Accumulates into dweight and dbias (may be null).
void backward_weight(const Conv2dShape& shape, const float* input, const float* dpooled, const std::uint8_t* code,
                     float* dweight, float* dbias, float* workspace);

}  // namespace sortlab::kernels::sparse
