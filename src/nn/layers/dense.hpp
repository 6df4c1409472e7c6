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

  /// Floats of workspace that any part of either pass over `rows` samples takes.
  std::size_t workspace_size(int rows) const;
  /// Floats for the partial sums of forward.
  std::size_t partial_size(int rows) const;

  // Forward: the sum over features is cut into forward_parts() pieces (a long row times a narrow weight has no other
  // dimension worth cutting), then finish_forward adds them in order, with bias and activation.
  int forward_parts() const { return forward_parts_; }
  void prepare_part(int part, const float* parameters, float* prepared) const;
  /// input (rows, features); partial: partial_size(rows) floats shared by all parts.
  void forward_part(int part, int rows, const float* input, const float* prepared, float* partial,
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

  void prepare_forward(const float* parameters, float* prepared) const override;
  /// Not for single samples: the executor calls the parts.
  void forward(const ForwardPass&) const override {}
  void backward(const BackwardPass&) const override {}

 private:
  Range forward_range(int part) const { return fixed_part(features_, forward_parts_, part); }

  int features_, units_;
  int forward_parts_, backward_parts_;
  std::size_t packed_part_size_ = 0;
  kernels::Activation activation_;
  bool use_bias_;
};

}  // namespace sortlab
