// Which method computes which direction of a convolution, and the memory it needs. The only place where that is decided.
#include <algorithm>

#include "kernels/conv2d.hpp"
#include "kernels/conv2d_gemm.hpp"
#include "kernels/conv2d_sparse.hpp"

namespace sortlab::kernels {
namespace {

int padded_extent(int extent, int kernel_size, int stride, Padding padding, int& before) {
  before = 0;
  if (padding == Padding::kValid) return extent < kernel_size ? 0 : (extent - kernel_size) / stride + 1;
  const int out = (extent + stride - 1) / stride;
  before = std::max(0, (out - 1) * stride + kernel_size - extent) / 2;
  return out;
}

}  // namespace

Conv2dShape conv2d_shape(int height, int width, int in_channels, int out_channels, int kernel_size, int stride,
                         Padding padding) {
  Conv2dShape shape;
  shape.height = height, shape.width = width;
  shape.in_channels = in_channels, shape.out_channels = out_channels;
  shape.kernel_size = kernel_size, shape.stride = stride;
  shape.out_height = padded_extent(height, kernel_size, stride, padding, shape.pad_top);
  shape.out_width = padded_extent(width, kernel_size, stride, padding, shape.pad_left);
  return shape;
}

Conv2dPlan conv2d_plan(const Conv2dShape& shape, bool pooled) {
  Conv2dPlan plan;
  plan.shape = shape;
  plan.pooled = pooled;
  plan.prepared_forward_size = implicit_gemm::prepared_forward_size(shape);
  plan.forward_workspace_size = implicit_gemm::forward_workspace_size(shape);
  if (pooled) {
    // Two conv rows, before they are pooled.
    plan.forward_workspace_size += 2 * static_cast<std::size_t>(shape.out_width) * static_cast<std::size_t>(shape.out_channels);
    plan.backward_input = plan.backward_weight = Conv2dMethod::kSparse;
    plan.prepared_backward_size = sparse::prepared_backward_size(shape);
    plan.backward_workspace_size =
        std::max(sparse::backward_input_workspace_size(shape), sparse::backward_weight_workspace_size(shape));
  } else {
    plan.prepared_backward_size = implicit_gemm::prepared_backward_size(shape);
    plan.backward_workspace_size = std::max(implicit_gemm::backward_input_workspace_size(shape),
                                            implicit_gemm::backward_weight_workspace_size(shape));
  }
  return plan;
}

}  // namespace sortlab::kernels
