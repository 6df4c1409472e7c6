// Which method computes which direction of a convolution, and the memory it needs. The only place where that is
// decided.
//
// Measured in V8, relaxed, ms an image on one thread, best calls. The rows "method, ..." of bench_kernels (a table of
// docs/benchmarks.md) are every method that can compute a direction, the chosen one marked:
//
//   3x3 layer          plain, at   forward                            backward weight             backward input
//                      the peak    direct  implicit  F(2x2)  F(4x4)   direct  implicit  F(4x4)    F(2x2)  F(4x4)
//   112x112  32 -> 64     7.8       8.7      9.3      5.1     3.4      9.5      9.8      3.5       4.8     3.1
//   56x56    64 -> 64     3.9       4.3      4.6      2.3     1.4      4.6      4.7      1.5       2.2     1.4
//   24x24    32 -> 32     0.18      0.20     0.22     0.12    0.08     0.23     0.23     0.09      0.12    0.08
//   14x14   128 -> 128    0.98      1.23     1.10     0.53    0.41     1.34     1.28     0.70      0.53    0.41
//   6x6     128 -> 128    0.18      0.26     0.20     0.10    0.11     0.34     0.21     0.34      0.10    0.11
//   3x3     128 -> 192    0.07      0.10     0.08     0.07    0.06     0.21     0.08     0.40      0.07    0.06
//   224x224 s2 3 -> 32    0.37      0.46     0.72     -       -        0.49     0.79     -         (first layer)
//
//   Winograd 4x4     from 16 channels on, and from 3 (its own file)
//   Winograd 2x2     not before a pool, on images of some 3 to 6 pixels: 4x4 tiles hang over the edge there, are too
//                    few for the rows of a product's tile, and their weights are four times those of the layer
//   implicit         on the smallest, and with stride 2. Winograd 4x4 is faster at 3 pixels, also where the weights are
//                    others each time (0.065 ms), but a training step prepares weights too: 0.8 ms for it, 0.02 here,
//                    more than a batch of 32 wins. Hence the fetching in products_cost
//   direct           other first layers, and the weight gradient of all of them that no pool follows
//   sparse           both backward passes of the pooled block (conv2d_sparse_*.cpp)
//
// What did not pay: for three channels the general Winograd path (products of length three do not carry their tiles'
// loads and stores) and two tiles at once in its own path (V8 spills); unrolling the products' loops in C++ (see
// gemm_tile.hpp); longer strips than two pooled rows in the sparse weight gradient (they leave the first-level cache);
// larger Winograd groups.
#include "kernels/conv2d_plan.hpp"

#include <algorithm>

#include "kernels/conv2d_direct.hpp"
#include "kernels/conv2d_gemm.hpp"
#include "kernels/conv2d_sparse.hpp"
#include "kernels/conv2d_winograd.hpp"
#include "kernels/conv2d_winograd_weight.hpp"
#include "kernels/gemm_blocking.hpp"

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

/// What the products of a method cost for one pair of channels: `count` weights, each for so many rows as whole tiles
/// of the matrix product have, and for being fetched: as much as three more rows (measured on 2 to 28 pixels).
long products_cost(const Conv2dShape& shape, long count, long rows) {
  const long tile = gemm_tile_rows(gemm_panel_width(shape.out_channels));
  return count * ((rows + tile - 1) / tile * tile + 3);
}

long winograd_cost(const Conv2dShape& shape, int tile) {
  const long rows = (shape.out_height + tile - 1) / tile, columns = (shape.out_width + tile - 1) / tile;
  return products_cost(shape, (tile + 2) * (tile + 2), rows * columns);
}

long implicit_cost(const Conv2dShape& shape) {
  return products_cost(shape, 9, static_cast<long>(shape.out_height) * shape.out_width);
}

// Below these the products between Winograd's transforms, and the patches of the implicit product, are too short.
constexpr int kWinogradChannels = 16, kDirectChannels = 4;
// The weight gradient by Winograd sums 36 planes of in x out channels: 2.4 MB at the most, and worth it from nine
// tiles.
constexpr int kFewestWeightTiles = 9, kMostWeightPairs = 128 * 128;

/// The method for a forward convolution, or for the turned one that gives dinput.
Conv2dMethod choose(const Conv2dShape& shape, bool pooled) {
  if (shape.in_channels == 3 && WinogradF4::supports(shape)) return Conv2dMethod::kWinograd4x4;
  if (shape.in_channels <= kDirectChannels && direct::supports(shape)) return Conv2dMethod::kDirect;
  if (!WinogradF2::supports(shape) || shape.in_channels < kWinogradChannels) return Conv2dMethod::kImplicitGemm;
  const long large_tiles = winograd_cost(shape, 4), small_tiles = pooled ? large_tiles + 1 : winograd_cost(shape, 2);
  if (implicit_cost(shape) < std::min(small_tiles, large_tiles)) return Conv2dMethod::kImplicitGemm;
  return small_tiles <= large_tiles ? Conv2dMethod::kWinograd2x2 : Conv2dMethod::kWinograd4x4;
}

Conv2dMethod choose_weight(const Conv2dShape& shape) {
  if (shape.in_channels <= kDirectChannels && direct::backward_weight_supports(shape)) return Conv2dMethod::kDirect;
  const int tiles = (shape.out_height + 3) / 4 * ((shape.out_width + 3) / 4);
  const bool winograd_pays = winograd::backward_weight_supports(shape) && tiles >= kFewestWeightTiles &&
                             shape.in_channels * shape.out_channels <= kMostWeightPairs;
  return winograd_pays ? Conv2dMethod::kWinograd4x4 : Conv2dMethod::kImplicitGemm;
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
  if (method == Conv2dMethod::kWinograd4x4) return WinogradF4::workspace_size(shape);
  if (method == Conv2dMethod::kWinograd2x2) return WinogradF2::workspace_size(shape);
  // The others write two conv rows before they are pooled.
  const std::size_t two_rows =
      2 * static_cast<std::size_t>(shape.out_width) * static_cast<std::size_t>(shape.out_channels);
  return (pooled ? two_rows : 0) + (method == Conv2dMethod::kDirect ? direct::workspace_size(shape)
                                                                    : implicit_gemm::forward_workspace_size(shape));
}

std::size_t backward_weight_workspace_size(Conv2dMethod method, const Conv2dShape& shape) {
  if (method == Conv2dMethod::kWinograd4x4) return winograd::backward_weight_workspace_size(shape);
  if (method == Conv2dMethod::kDirect) return direct::workspace_size(shape);
  return implicit_gemm::backward_weight_workspace_size(shape);
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

bool conv2d_forward_supports(Conv2dMethod method, const Conv2dShape& shape, bool pooled) {
  switch (method) {
    case Conv2dMethod::kDirect:
      return direct::supports(shape);
    case Conv2dMethod::kWinograd4x4:
      return WinogradF4::supports(shape);
    case Conv2dMethod::kWinograd2x2:
      return !pooled && WinogradF2::supports(shape);
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
  // Both channel counts are multiples of four or the turned convolution is not supported; weights of the three-channel
  // way are not turned.
  const Conv2dShape turned = implicit_gemm::turned_shape(shape);
  if (shape.stride != 1 || turned.in_channels % 4 != 0) return false;
  if (method == Conv2dMethod::kWinograd4x4) return WinogradF4::supports(turned);
  return method == Conv2dMethod::kWinograd2x2 && WinogradF2::supports(turned);
}

bool conv2d_backward_weight_supports(Conv2dMethod method, const Conv2dShape& shape, bool pooled) {
  if (pooled) return method == Conv2dMethod::kSparse;
  if (method == Conv2dMethod::kImplicitGemm) return true;
  if (method == Conv2dMethod::kDirect) return direct::backward_weight_supports(shape);
  return method == Conv2dMethod::kWinograd4x4 && winograd::backward_weight_supports(shape);
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
      std::max(plan.backward_workspace_size, backward_weight_workspace_size(plan.backward_weight, shape));
}

Conv2dPlan conv2d_plan(const Conv2dShape& shape, bool pooled) {
  Conv2dPlan plan;
  plan.shape = shape;
  plan.pooled = pooled;
  plan.forward = choose(shape, pooled);
  if (pooled) {
    plan.backward_input = plan.backward_weight = Conv2dMethod::kSparse;
  } else {
    plan.backward_weight = choose_weight(shape);
    const Conv2dMethod method = choose(implicit_gemm::turned_shape(shape), false);
    if (conv2d_backward_input_supports(method, shape, pooled)) plan.backward_input = method;
  }
  conv2d_plan_sizes(plan);
  return plan;
}

}  // namespace sortlab::kernels
