// Hands each direction of a convolution to the method its plan names. Tilings, pictures and rates stand in the methods'
// own files:
//
//     plan.forward  --> conv2d_direct | conv2d_gemm | conv2d_winograd        pooled: in its tiles, or by rows (below)
//     plan.backward --> conv2d_direct_weight | conv2d_gemm | conv2d_winograd[_weight]   pooled: conv2d_sparse_*
#include "kernels/conv2d.hpp"

#include "kernels/conv2d_direct.hpp"
#include "kernels/conv2d_gemm.hpp"
#include "kernels/conv2d_pool.hpp"
#include "kernels/conv2d_sparse.hpp"
#include "kernels/conv2d_winograd.hpp"
#include "kernels/conv2d_winograd_weight.hpp"
#include "simd/copy.hpp"

namespace sortlab::kernels {
namespace {

using WinogradF4 = winograd::Winograd<winograd::F4>;
using WinogradF2 = winograd::Winograd<winograd::F2>;

/// Methods that do not pool their tiles write two conv rows at a time, which are then pooled.
using RowMethod = void (*)(const Conv2dShape& shape, const float* input, const float* prepared, const float* bias,
                           Activation activation, float* output, int row_begin, int row_end, float* workspace);
void pool_rows_of(RowMethod forward, const Conv2dShape& shape, const float* input, const float* prepared,
                  const float* bias, float* pooled, std::uint8_t* code, int row_begin, int row_end, float* workspace) {
  const int pooled_width = shape.out_width / 2, channels = shape.out_channels;
  const std::ptrdiff_t conv_row = static_cast<std::ptrdiff_t>(shape.out_width) * channels;
  float* rows = workspace;
  workspace += 2 * conv_row;
  for (int row = row_begin; row < row_end; ++row) {
    forward(shape, input, prepared, bias, Activation::kNone, rows, 2 * row, 2 * row + 2, workspace);
    const std::ptrdiff_t target = static_cast<std::ptrdiff_t>(row) * pooled_width * channels;
    pool_rows(pooled_width, channels, rows, rows + conv_row, pooled + target,
              code != nullptr ? code + target : nullptr);
  }
}

}  // namespace

[[clang::minsize]] void conv2d_prepare_forward(const Conv2dPlan& plan, const float* weight, float* prepared) {
  const Conv2dShape& shape = plan.shape;
  switch (plan.forward) {
    case Conv2dMethod::kDirect:
      return direct::prepare(shape, weight, prepared);
    case Conv2dMethod::kWinograd4x4:
      return WinogradF4::prepare_forward(shape, weight, prepared);
    case Conv2dMethod::kWinograd2x2:
      return WinogradF2::prepare_forward(shape, weight, prepared);
    case Conv2dMethod::kImplicitGemm:
    case Conv2dMethod::kSparse:
      return implicit_gemm::prepare_forward(shape, weight, prepared);
  }
}

[[clang::minsize]] void conv2d_prepare_backward(const Conv2dPlan& plan, const float* weight, float* prepared) {
  const Conv2dShape& shape = plan.shape;
  switch (plan.backward_input) {
    case Conv2dMethod::kSparse:
      return sparse::prepare_backward(shape, weight, prepared);
    case Conv2dMethod::kWinograd4x4:
      return WinogradF4::prepare_backward(implicit_gemm::turned_shape(shape), weight, prepared);
    case Conv2dMethod::kWinograd2x2:
      return WinogradF2::prepare_backward(implicit_gemm::turned_shape(shape), weight, prepared);
    case Conv2dMethod::kDirect:
    case Conv2dMethod::kImplicitGemm:
      return implicit_gemm::prepare_backward(shape, weight, prepared);
  }
}

void conv2d_forward(const Conv2dPlan& plan, const float* input, const float* prepared, const float* bias,
                    Activation activation, float* output, int row_begin, int row_end, float* workspace) {
  const Conv2dShape& shape = plan.shape;
  float* const first_row = output + static_cast<std::ptrdiff_t>(row_begin) * shape.out_width * shape.out_channels;
  switch (plan.forward) {
    case Conv2dMethod::kDirect:
      return direct::forward(shape, input, prepared, bias, activation, first_row, row_begin, row_end, workspace);
    case Conv2dMethod::kWinograd4x4:
      return WinogradF4::forward(shape, input, prepared, bias, activation, output, row_begin, row_end, workspace);
    case Conv2dMethod::kWinograd2x2:
      return WinogradF2::forward(shape, input, prepared, bias, activation, output, row_begin, row_end, workspace);
    case Conv2dMethod::kImplicitGemm:
    case Conv2dMethod::kSparse:
      return implicit_gemm::forward(shape, input, prepared, bias, activation, first_row, row_begin, row_end, workspace);
  }
}

void conv2d_pool_forward(const Conv2dPlan& plan, const float* input, const float* prepared, const float* bias,
                         float* pooled, std::uint8_t* code, int row_begin, int row_end, float* workspace) {
  const Conv2dShape& shape = plan.shape;
  switch (plan.forward) {
    case Conv2dMethod::kDirect:
      return pool_rows_of(direct::forward, shape, input, prepared, bias, pooled, code, row_begin, row_end, workspace);
    case Conv2dMethod::kWinograd4x4:
      return winograd::pool_forward(shape, input, prepared, bias, pooled, code, row_begin, row_end, workspace);
    case Conv2dMethod::kWinograd2x2:
    case Conv2dMethod::kImplicitGemm:
    case Conv2dMethod::kSparse:
      return pool_rows_of(implicit_gemm::forward, shape, input, prepared, bias, pooled, code, row_begin, row_end,
                          workspace);
  }
}

void conv2d_backward_input(const Conv2dPlan& plan, const float* doutput, const float* prepared_backward, float* dinput,
                           float* workspace) {
  const Conv2dShape& shape = plan.shape;
  switch (plan.backward_input) {
    case Conv2dMethod::kWinograd4x4:
      return WinogradF4::forward(implicit_gemm::turned_shape(shape), doutput, prepared_backward, nullptr,
                                 Activation::kNone, dinput, 0, shape.height, workspace);
    case Conv2dMethod::kWinograd2x2:
      return WinogradF2::forward(implicit_gemm::turned_shape(shape), doutput, prepared_backward, nullptr,
                                 Activation::kNone, dinput, 0, shape.height, workspace);
    case Conv2dMethod::kDirect:
    case Conv2dMethod::kSparse:
    case Conv2dMethod::kImplicitGemm:
      return implicit_gemm::backward_input(shape, doutput, prepared_backward, dinput, workspace);
  }
}

void conv2d_backward_weight(const Conv2dPlan& plan, const float* input, const float* doutput, float* dweight,
                            float* dbias, float* workspace) {
  const Conv2dShape& shape = plan.shape;
  if (plan.backward_weight == Conv2dMethod::kWinograd4x4) {
    winograd::backward_weight(shape, input, doutput, dweight, workspace);
  } else if (plan.backward_weight == Conv2dMethod::kDirect) {
    direct::backward_weight(shape, input, doutput, dweight, workspace);
  } else {
    implicit_gemm::backward_weight(shape, input, doutput, dweight, workspace);
  }
  if (dbias == nullptr) return;
  const std::ptrdiff_t pixels = static_cast<std::ptrdiff_t>(shape.out_height) * shape.out_width;
  for (std::ptrdiff_t pixel = 0; pixel < pixels; ++pixel) {
    simd::accumulate(shape.out_channels, doutput + pixel * shape.out_channels, dbias);
  }
}

void conv2d_pool_backward(const Conv2dPlan& plan, const float* input, const float* dpooled, const std::uint8_t* code,
                          const float* prepared_backward, float* dinput, float* dweight, float* dbias,
                          float* workspace) {
  sparse::backward_weight(plan.shape, input, dpooled, code, dweight, dbias, workspace);
  if (dinput == nullptr) return;
  sparse::backward_input(plan.shape, dpooled, code, prepared_backward, dinput, workspace);
}

}  // namespace sortlab::kernels
