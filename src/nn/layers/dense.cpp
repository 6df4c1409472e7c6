#include "nn/layers/dense.hpp"

#include <algorithm>
#include <cstring>

#include "kernels/elementwise.hpp"
#include "kernels/gemm.hpp"
#include "nn/layers/layers.hpp"

namespace sortlab {
namespace {

// Long enough that a part is worth a thread's while; eight parts keep up to eight threads busy.
constexpr int kForwardPartFeatures = 512;
constexpr int kMaxForwardParts = 8;
constexpr int kBackwardPartFeatures = 256;
constexpr int kMaxBackwardParts = 16;

int largest_part(int count, int parts) { return (count + parts - 1) / parts; }

}  // namespace

DenseLayer::DenseLayer(const LayerSpec& spec, const Shape& input, int units)
    : features_(input[0]),
      units_(units),
      forward_parts_(std::clamp(features_ / kForwardPartFeatures, 1, kMaxForwardParts)),
      backward_parts_(std::clamp(features_ / kBackwardPartFeatures, 1, kMaxBackwardParts)),
      packed_part_size_(kernels::gemm_packed_b_size(units_, largest_part(features_, forward_parts_))),
      activation_(spec.activation),
      use_bias_(spec.use_bias) {
  needs_.output = Shape{units_};
  needs_.parameters.push_back(
      {"weight", Shape{features_, units_}, weight_start(spec, features_, units_), /*decay=*/true});
  if (use_bias_) needs_.parameters.push_back({"bias", Shape{units_}, {}, false});
  needs_.input_in_backward = true;
  needs_.output_in_backward = activation_ != kernels::Activation::kNone;
}

std::size_t DenseLayer::workspace_size(int rows) const {
  const int part = largest_part(features_, backward_parts_);
  return std::max({kernels::gemm_workspace_size(rows, units_, largest_part(features_, forward_parts_)),
                   kernels::gemm_workspace_size(part, units_, rows), kernels::gemm_workspace_size(rows, part, units_)});
}

std::size_t DenseLayer::packed_workspace_size(int rows) const {
  return kernels::gemm_packed_workspace_size(rows, units_, largest_part(features_, forward_parts_));
}

std::size_t DenseLayer::partial_size(int rows) const {
  return static_cast<std::size_t>(forward_parts_) * static_cast<std::size_t>(rows) * static_cast<std::size_t>(units_);
}

void DenseLayer::forward_part(int part, int rows, const float* input, const float* parameters, float* partial,
                              float* workspace) const {
  const Range range = forward_range(part);
  kernels::gemm(rows, units_, range.end - range.begin, input + range.begin, features_,
                weight_row(parameters, range.begin), units_, part_of(partial, part, rows), units_, {}, workspace);
}

void DenseLayer::pack(const float* parameters, float* packed) const {
  for (int part = 0; part < forward_parts_; ++part, packed += packed_part_size_) {
    const Range range = forward_range(part);
    kernels::gemm_pack_b(units_, range.end - range.begin, weight_row(parameters, range.begin), units_,
                         kernels::Order::kNormal, packed);
  }
}

void DenseLayer::forward_packed_part(int part, int rows, const float* input, const float* packed, float* partial,
                                     float* workspace) const {
  const Range range = forward_range(part);
  kernels::gemm_packed(rows, units_, range.end - range.begin, input + range.begin, features_,
                       packed + static_cast<std::size_t>(part) * packed_part_size_, part_of(partial, part, rows),
                       units_, {}, workspace);
}

void DenseLayer::finish_forward(int rows, const float* parameters, float* partial, float* output) const {
  const auto units = static_cast<std::size_t>(units_);
  const std::size_t result = static_cast<std::size_t>(rows) * units;
  for (int part = 1; part < forward_parts_; ++part) {
    kernels::accumulate(result, part_of(partial, part, rows), partial);
  }
  if (!use_bias_) return kernels::activation_forward(activation_, result, partial, output);
  const float* bias = parameters + static_cast<std::size_t>(features_) * units;
  for (int row = 0; row < rows; ++row) {
    const std::size_t at = static_cast<std::size_t>(row) * units;
    kernels::add_forward(units, partial + at, bias, activation_, output + at);
  }
}

void DenseLayer::undo_activation(int rows, const float* output, float* doutput) const {
  if (activation_ == kernels::Activation::kNone) return;
  kernels::activation_backward(activation_, static_cast<std::size_t>(rows) * static_cast<std::size_t>(units_), output,
                               doutput, doutput);
}

void DenseLayer::backward_part(int part, int rows, const float* input, const float* doutput, const float* parameters,
                               float* dparameters, float* dinput, float* workspace) const {
  const auto units = static_cast<std::size_t>(units_);
  const Range range = fixed_part(features_, backward_parts_, part);
  const std::size_t weight_at = static_cast<std::size_t>(range.begin) * units;
  // dweight (part, units) = input^T (part, rows) doutput (rows, units)
  kernels::gemm(range.end - range.begin, units_, rows, input + range.begin, features_, doutput, units_,
                dparameters + weight_at, units_, {.order_a = kernels::Order::kTransposed}, workspace);
  if (part == 0 && use_bias_) {
    float* dbias = dparameters + static_cast<std::size_t>(features_) * units;
    std::memset(dbias, 0, units * sizeof(float));
    kernels::accumulate_column_sums(rows, units_, doutput, dbias);
  }
  if (dinput == nullptr) return;
  // dinput (rows, part) = doutput (rows, units) weight^T (units, part)
  kernels::gemm(rows, range.end - range.begin, units_, doutput, units_, parameters + weight_at, units_,
                dinput + range.begin, features_, {.order_b = kernels::Order::kTransposed}, workspace);
}

LayerPointer make_dense(const LayerSpec& spec, const Shape& input, int units) {
  return std::make_unique<DenseLayer>(spec, input, units);
}

}  // namespace sortlab
