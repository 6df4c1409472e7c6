// The input gradient of a depthwise convolution with a stride; see depthwise_strided.cpp. Used by depthwise.cpp only.
#pragma once

#include "kernels/conv2d.hpp"

namespace sortlab::kernels {

/// As depthwise_backward_input, stride above 1.
void depthwise_strided_backward_input(const Conv2dShape& shape, const float* doutput, const float* weight,
                                      float* dinput);

}  // namespace sortlab::kernels
