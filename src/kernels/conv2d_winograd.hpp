// 3x3 convolution with stride 1 by Winograd's F(2x2, 3x3) and F(4x4, 3x3); see conv2d_winograd.cpp. Used by conv2d.cpp
// and conv2d_plan.cpp only.
#pragma once

#include <cstddef>
#include <cstdint>

#include "kernels/activation.hpp"
#include "kernels/conv2d.hpp"
#include "kernels/winograd_transform.hpp"

namespace sortlab::kernels::winograd {

/// Everything for one transform, F4 or F2.
template <typename F>
struct Winograd {
  /// 3x3, stride 1, both channel counts multiples of four; F4 also from three channels.
  static bool supports(const Conv2dShape& shape);
  /// Floats of transformed weights, and of workspace.
  static std::size_t prepared_size(const Conv2dShape& shape);
  static std::size_t workspace_size(const Conv2dShape& shape);
  static void prepare_forward(const Conv2dShape& shape, const float* weight, float* prepared);
  /// `turned`: implicit_gemm::turned_shape of the convolution whose dinput is wanted; weight as stored for that
  /// convolution.
  static void prepare_backward(const Conv2dShape& turned, const float* weight, float* prepared);
  /// Output rows [row_begin, row_end), both multiples of F::kOut or the end; `output` points at row 0.
  static void forward(const Conv2dShape& shape, const float* input, const float* prepared, const float* bias,
                      Activation activation, float* output, int row_begin, int row_end, float* workspace);
};
extern template struct Winograd<F4>;
extern template struct Winograd<F2>;

/// F4 with ReLU and 2x2 max-pool; pooled rows [row_begin, row_end), `pooled` and `code` (may be null) point at row 0.
void pool_forward(const Conv2dShape& shape, const float* input, const float* prepared, const float* bias, float* pooled,
                  std::uint8_t* code, int row_begin, int row_end, float* workspace);

}  // namespace sortlab::kernels::winograd
