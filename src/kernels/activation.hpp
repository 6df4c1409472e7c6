// Element-wise activations. All buffers hold `count` floats; input and output may be the same buffer.
#pragma once

#include <cstddef>

namespace sortlab::kernels {

enum class Activation { kNone, kRelu, kRelu6 };

/// output = max(input, 0), and min(.., 6) for ReLU6. NaN gives NaN.
void activation_forward(Activation activation, std::size_t count, const float* input, float* output);

/// dinput = doutput where `output` (the activated value) is strictly inside the linear part, else 0. Overwrites.
void activation_backward(Activation activation, std::size_t count, const float* output, const float* doutput,
                         float* dinput);

}  // namespace sortlab::kernels
