// Pooling of one sample, NHWC, "valid": input (height, width, channels), output (out_height, out_width, channels) with
// out = (in - size) / stride + 1.
#pragma once

#include <cstdint>

namespace sortlab::kernels {

struct PoolShape {
  int height = 0, width = 0, channels = 0;
  int size = 2, stride = 2;
  int out_height() const { return (height - size) / stride + 1; }
  int out_width() const { return (width - size) / stride + 1; }
};

/// code (may be null): size*row + column of the first maximum of each window (size <= 15). NaN in a window gives NaN.
void max_pool_forward(const PoolShape& shape, const float* input, float* output, std::uint8_t* code, int row_begin,
                      int row_end);
/// Overwrites dinput.
void max_pool_backward(const PoolShape& shape, const float* doutput, const std::uint8_t* code, float* dinput);

void average_pool_forward(const PoolShape& shape, const float* input, float* output, int row_begin, int row_end);
void average_pool_backward(const PoolShape& shape, const float* doutput, float* dinput);

/// Mean over all `pixels` of (pixels, channels): output (channels).
void global_average_pool_forward(int pixels, int channels, const float* input, float* output);
void global_average_pool_backward(int pixels, int channels, const float* doutput, float* dinput);

}  // namespace sortlab::kernels
