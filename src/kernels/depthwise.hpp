// 3x3 (or k x k) depthwise convolution of one sample, NHWC: weight (kernel_size, kernel_size, channels). Shape fields
// as in conv2d.hpp with in_channels = out_channels = channels. Vectorised over channels.
#pragma once

#include "kernels/conv2d.hpp"

namespace sortlab::kernels {

void depthwise_forward(const Conv2dShape& shape, const float* input, const float* weight, const float* bias,
                       Activation activation, float* output, int row_begin, int row_end);
/// Overwrites dinput.
void depthwise_backward_input(const Conv2dShape& shape, const float* doutput, const float* weight, float* dinput);
/// Accumulates into dweight and dbias (dbias may be null).
void depthwise_backward_weight(const Conv2dShape& shape, const float* input, const float* doutput, float* dweight,
                               float* dbias);

}  // namespace sortlab::kernels
