// Which method computes which direction of a convolution, and the memory it needs. The only place where that is decided.
//
// Measured in V8 on one core, relaxed (ms an image; bench/bench_kernels.cpp):
//   direct           first layers. 4 channels or fewer leave a Winograd product too short to pay for its transforms.
//   Winograd 4x4     3x3, stride 1 from 16 channels on: 2 to 3 times the speed of the implicit product
//   Winograd 2x2     where 4x4 tiles would mostly hang over the edge (images of 1, 2, 5 or 6 pixels)
//   sparse           both backward passes of the pooled block
#include "kernels/conv2d_plan.hpp"

#include <algorithm>

#include "kernels/conv2d_direct.hpp"
#include "kernels/conv2d_gemm.hpp"
#include "kernels/conv2d_sparse.hpp"
#include "kernels/conv2d_winograd.hpp"

namespace sortlab::kernels {
namespace {

using WinogradF4 = winograd::Winograd<winograd::F4>;
using WinogradF2 = winograd::Winograd<winograd::F2>;

int padded_extent(int extent, int kernel_size, int stride, Padding padding, int& before) {
  before = 0;
  if (padding == Padding::kValid) return extent < kernel_size ? 0 : (extent - kernel_size) / stride + 1;
  const int out = (extent + stride - 1) / stride;
  before = std::max(0, (out - 1) * stride + kernel_size - extent) / 2;
  return out;
}

/// Multiplications of one pair of channels.
long winograd_cost(const Conv2dShape& shape, int tile) {
  const long rows = (shape.out_height + tile - 1) / tile, columns = (shape.out_width + tile - 1) / tile;
  return rows * columns * (tile + 2) * (tile + 2);
}

constexpr int kWinogradChannels = 16, kDirectChannels = 4;

/// The method for a forward convolution, or for the turned one that gives dinput.
Conv2dMethod choose(const Conv2dShape& shape) {
  if (shape.in_channels == 3 && WinogradF4::supports(shape)) return Conv2dMethod::kWinograd4x4;
  if (shape.in_channels <= kDirectChannels && direct::supports(shape)) return Conv2dMethod::kDirect;
  if (!WinogradF2::supports(shape) || shape.in_channels < kWinogradChannels) return Conv2dMethod::kImplicitGemm;
  const bool small_tiles = winograd_cost(shape, 2) <= winograd_cost(shape, 4);
  return small_tiles ? Conv2dMethod::kWinograd2x2 : Conv2dMethod::kWinograd4x4;
}

std::size_t prepared_size(Conv2dMethod method, const Conv2dShape& shape) {
  switch (method) {
    case Conv2dMethod::kDirect:
      return direct::prepared_size(shape);
    case Conv2dMethod::kWinograd4x4:
      return WinogradF4::prepared_size(shape);
    case Conv2dMethod::kWinograd2x2:
      return WinogradF2::prepared_size(shape);
    case Conv2dMethod::kImplicitGemm:
    case Conv2dMethod::kSparse:
      break;
  }
  return implicit_gemm::prepared_forward_size(shape);
}

std::size_t forward_workspace_size(Conv2dMethod method, const Conv2dShape& shape, bool pooled) {
  switch (method) {
    case Conv2dMethod::kDirect:
      return direct::workspace_size(shape);
    case Conv2dMethod::kWinograd4x4:
      return WinogradF4::workspace_size(shape);
    case Conv2dMethod::kWinograd2x2:
      return WinogradF2::workspace_size(shape);
    case Conv2dMethod::kImplicitGemm:
    case Conv2dMethod::kSparse:
      break;
  }
  // The implicit product writes two conv rows before they are pooled.
  const std::size_t two_rows = 2 * static_cast<std::size_t>(shape.out_width) * static_cast<std::size_t>(shape.out_channels);
  return implicit_gemm::forward_workspace_size(shape) + (pooled ? two_rows : 0);
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

bool conv2d_forward_supports(Conv2dMethod method, const Conv2dShape& shape, bool /*pooled*/) {
  switch (method) {
    case Conv2dMethod::kDirect:
      return direct::supports(shape);
    case Conv2dMethod::kWinograd4x4:
      return WinogradF4::supports(shape);
    case Conv2dMethod::kWinograd2x2:
      return WinogradF2::supports(shape);
    case Conv2dMethod::kImplicitGemm:
      return true;
    case Conv2dMethod::kSparse:
      break;
  }
  return false;
}

bool conv2d_backward_input_supports(Conv2dMethod method, const Conv2dShape& shape, bool pooled) {
  if (pooled) return method == Conv2dMethod::kSparse;
  if (method == Conv2dMethod::kImplicitGemm) return true;
  // Both channel counts are multiples of four or the turned convolution is not supported; weights of the three-channel way
  // are not turned.
  const Conv2dShape turned = implicit_gemm::turned_shape(shape);
  if (shape.stride != 1 || turned.in_channels % 4 != 0) return false;
  if (method == Conv2dMethod::kWinograd4x4) return WinogradF4::supports(turned);
  return method == Conv2dMethod::kWinograd2x2 && WinogradF2::supports(turned);
}

void conv2d_plan_sizes(Conv2dPlan& plan) {
  const Conv2dShape& shape = plan.shape;
  plan.prepared_forward_size = prepared_size(plan.forward, shape);
  plan.forward_workspace_size = forward_workspace_size(plan.forward, shape, plan.pooled);
  if (plan.pooled) {
    plan.prepared_backward_size = sparse::prepared_backward_size(shape);
    plan.backward_workspace_size =
        std::max(sparse::backward_input_workspace_size(shape), sparse::backward_weight_workspace_size(shape));
    return;
  }
  plan.prepared_backward_size = implicit_gemm::prepared_backward_size(shape);
  plan.backward_workspace_size = implicit_gemm::backward_input_workspace_size(shape);
  if (plan.backward_input != Conv2dMethod::kImplicitGemm) {
    const Conv2dShape turned = implicit_gemm::turned_shape(shape);
    plan.prepared_backward_size = prepared_size(plan.backward_input, turned);
    plan.backward_workspace_size = forward_workspace_size(plan.backward_input, turned, false);
  }
  plan.backward_workspace_size =
      std::max(plan.backward_workspace_size, implicit_gemm::backward_weight_workspace_size(shape));
}

Conv2dPlan conv2d_plan(const Conv2dShape& shape, bool pooled) {
  Conv2dPlan plan;
  plan.shape = shape;
  plan.pooled = pooled;
  plan.forward = choose(shape);
  if (pooled) {
    plan.backward_input = plan.backward_weight = Conv2dMethod::kSparse;
  } else if (shape.stride == 1) {
    const Conv2dMethod method = choose(implicit_gemm::turned_shape(shape));
    if (conv2d_backward_input_supports(method, shape, pooled)) plan.backward_input = method;
  }
  conv2d_plan_sizes(plan);
  return plan;
}

}  // namespace sortlab::kernels
