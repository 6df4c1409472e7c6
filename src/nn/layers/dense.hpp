// Dense: output = activation(input weight + bias), weight (features, units), bias (units).
// It works on a whole batch as matrix products cut into parts of fixed size, which the caller shares out over threads:
// the weight's gradient exists once, and cutting never depends on the number of threads.
#pragma once

#include "base/parallel.hpp"
#include "kernels/activation.hpp"
#include "nn/layer.hpp"

namespace sortlab {

class DenseLayer final : public Layer {
 public:
  DenseLayer(const LayerSpec& spec, const Shape& input, int units);

  const DenseLayer* as_dense() const override { return this; }
  int features() const { return features_; }
  int units() const { return units_; }

  /// Floats of workspace that any part of either pass over `rows` samples takes, and a part over packed weights.
  std::size_t workspace_size(int rows) const;
  std::size_t packed_workspace_size(int rows) const;
  /// Floats for the partial sums of forward.
  std::size_t partial_size(int rows) const;

  // Forward: the sum over features is cut into forward_parts() pieces (a long row times a narrow weight has no other
  // dimension worth cutting), then finish_forward adds them in order, with bias and activation.
  int forward_parts() const { return forward_parts_; }
  /// input (rows, features); partial: partial_size(rows) floats shared by all parts. Packs its part of the weights into
  /// its workspace: in training they change with every step, and a second copy of them all would only take memory.
  void forward_part(int part, int rows, const float* input, const float* parameters, float* partial,
                    float* workspace) const;
  /// The same bits from weights that are packed once: packed_size() floats.
  std::size_t packed_size() const { return packed_part_size_ * static_cast<std::size_t>(forward_parts_); }
  void pack(const float* parameters, float* packed) const;
  void forward_packed_part(int part, int rows, const float* input, const float* packed, float* partial,
                           float* workspace) const;
  void finish_forward(int rows, const float* parameters, float* partial, float* output) const;

  // Backward: undo_activation once, then parts in any order, each writing its own rows of dweight and columns of
  // dinput.
  int backward_parts() const { return backward_parts_; }
  void undo_activation(int rows, const float* output, float* doutput) const;
  /// doutput (rows, units). dparameters overwritten (the bias by part 0); dinput (rows, features) overwritten, may be
  /// null.
  void backward_part(int part, int rows, const float* input, const float* doutput, const float* parameters,
                     float* dparameters, float* dinput, float* workspace) const;

  /// Not for single samples: the executor calls the parts.
  void forward(const ForwardPass&) const override {}
  void backward(const BackwardPass&) const override {}

 private:
  Range forward_range(int part) const { return fixed_part(features_, forward_parts_, part); }
  const float* weight_row(const float* parameters, int feature) const {
    return parameters + static_cast<std::size_t>(feature) * static_cast<std::size_t>(units_);
  }
  float* part_of(float* partial, int part, int rows) const {
    return partial + static_cast<std::size_t>(part) * static_cast<std::size_t>(rows) * static_cast<std::size_t>(units_);
  }

  int features_, units_;
  int forward_parts_, backward_parts_;
  std::size_t packed_part_size_ = 0;
  kernels::Activation activation_;
  bool use_bias_;
};

}  // namespace sortlab
