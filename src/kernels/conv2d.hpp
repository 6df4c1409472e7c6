// 2-D convolution of one sample, NHWC, square kernels, on one thread.
//   input (height, width, in_channels); weight (kernel_size, kernel_size, in_channels, out_channels); bias
//   (out_channels); output (out_height, out_width, out_channels).
// Padding is Keras' "same": out = ceil(in / stride), the odd row or column of zeros at the bottom and right; or
// "valid".
#pragma once

#include <cstddef>
#include <cstdint>

#include "kernels/activation.hpp"

namespace sortlab::kernels {

enum class Padding { kSame, kValid };

struct Conv2dShape {
  int height = 0, width = 0, in_channels = 0, out_channels = 0;
  int kernel_size = 3, stride = 1;
  int pad_top = 0, pad_left = 0;  // zeros before the first row and column
  int out_height = 0, out_width = 0;
};
/// Fills in the padding and the output size.
Conv2dShape conv2d_shape(int height, int width, int in_channels, int out_channels, int kernel_size, int stride,
                         Padding padding);

/// How each direction of one convolution is computed, and what memory it needs. Chosen in conv2d_plan.cpp, by measured
/// speed, and nowhere else.
enum class Conv2dMethod { kDirect, kImplicitGemm, kWinograd4x4, kWinograd2x2, kSparse };
struct Conv2dPlan {
  Conv2dShape shape;
  bool pooled = false;  // Conv + bias + ReLU + 2x2 max-pool in one
  Conv2dMethod forward = Conv2dMethod::kImplicitGemm;
  Conv2dMethod backward_input = Conv2dMethod::kImplicitGemm;
  Conv2dMethod backward_weight = Conv2dMethod::kImplicitGemm;
  std::size_t prepared_forward_size = 0;   // floats: weights packed or transformed for forward
  std::size_t prepared_backward_size = 0;  // floats: the same for backward_input
  std::size_t forward_workspace_size = 0;  // floats, a thread
  std::size_t backward_workspace_size = 0;
};
Conv2dPlan conv2d_plan(const Conv2dShape& shape, bool pooled);

/// Packs or transforms the weights; once a step, shared by all samples and threads.
void conv2d_prepare_forward(const Conv2dPlan& plan, const float* weight, float* prepared);
void conv2d_prepare_backward(const Conv2dPlan& plan, const float* weight, float* prepared);

/// output rows [row_begin, row_end) = activation(conv(input) + bias). Rows may be given to different threads: cutting
/// at multiples of kConv2dRowTile does not change a bit. `output` points at row 0. bias may be null.
inline constexpr int kConv2dRowTile = 4;
void conv2d_forward(const Conv2dPlan& plan, const float* input, const float* prepared, const float* bias,
                    Activation activation, float* output, int row_begin, int row_end, float* workspace);

/// Conv + bias + ReLU + MaxPool(2, stride 2, floor) that keeps only the pooled output and where each maximum was.
///   pooled (out_height/2, out_width/2, out_channels); code: the same shape, a byte each: 0..3 = 2*row + column of the
///   first maximum of the window, kPoolDead where ReLU gave 0 (no gradient). code may be null (inference).
/// Pooled rows [row_begin, row_end); cut at multiples of kConv2dRowTile / 2.
inline constexpr std::uint8_t kPoolDead = 4;
void conv2d_pool_forward(const Conv2dPlan& plan, const float* input, const float* prepared, const float* bias,
                         float* pooled, std::uint8_t* code, int row_begin, int row_end, float* workspace);

/// dinput overwritten; dweight and dbias accumulated (dbias may be null).
void conv2d_backward_input(const Conv2dPlan& plan, const float* doutput, const float* prepared_backward, float* dinput,
                           float* workspace);
void conv2d_backward_weight(const Conv2dPlan& plan, const float* input, const float* doutput, float* dweight,
                            float* dbias, float* workspace);

/// Both backward passes of the pooled block. dpooled as `pooled`; dinput may be null (first layer).
/// dinput overwritten; dweight and dbias accumulated.
void conv2d_pool_backward(const Conv2dPlan& plan, const float* input, const float* dpooled, const std::uint8_t* code,
                          const float* prepared_backward, float* dinput, float* dweight, float* dbias,
                          float* workspace);

}  // namespace sortlab::kernels
