// Convolution as an implicit matrix product; see conv2d_gemm.cpp. Used by conv2d.cpp and conv2d_plan.cpp only.
#pragma once

#include <cstddef>

#include "kernels/activation.hpp"
#include "kernels/conv2d.hpp"

namespace sortlab::kernels::implicit_gemm {

/// The convolution over doutput that gives dinput (stride 1 only): channels exchanged, padding mirrored.
Conv2dShape turned_shape(const Conv2dShape& shape);

/// Floats of packed weights.
std::size_t prepared_forward_size(const Conv2dShape& shape);
std::size_t prepared_backward_size(const Conv2dShape& shape);
void prepare_forward(const Conv2dShape& shape, const float* weight, float* prepared);
void prepare_backward(const Conv2dShape& shape, const float* weight, float* prepared);

/// Floats of workspace for each direction.
std::size_t forward_workspace_size(const Conv2dShape& shape);
std::size_t backward_input_workspace_size(const Conv2dShape& shape);
std::size_t backward_weight_workspace_size(const Conv2dShape& shape);

/// Output rows [row_begin, row_end); `output` points at row row_begin.
void forward(const Conv2dShape& shape, const float* input, const float* prepared, const float* bias,
             Activation activation, float* output, int row_begin, int row_end, float* workspace);
/// Overwrites dinput.
void backward_input(const Conv2dShape& shape, const float* doutput, const float* prepared, float* dinput,
                    float* workspace);
/// Accumulates into dweight.
void backward_weight(const Conv2dShape& shape, const float* input, const float* doutput, float* dweight,
                     float* workspace);

}  // namespace sortlab::kernels::implicit_gemm
