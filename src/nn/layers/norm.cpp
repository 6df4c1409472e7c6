// GroupNorm with its activation fused: gamma, beta (channels). BatchNorm frozen: gamma, beta, mean, variance
// (channels), all constants; it is a scale and a shift, folded once a step.
#include "kernels/norm.hpp"

#include "nn/layers/layers.hpp"
#include "simd/f32x4.hpp"

namespace sortlab {
namespace {

class GroupNorm final : public Layer {
 public:
  GroupNorm(const LayerSpec& spec, const Shape& input)
      : shape_{.pixels = input[0] * input[1],
               .channels = input[2],
               .groups = spec.groups,
               .epsilon = spec.epsilon,
               .activation = spec.activation} {
    const Start gamma{.kind = Start::Kind::kConstant, .value = spec.initial_gamma};
    needs_.output = input;
    needs_.parameters = {{"gamma", Shape{input[2]}, gamma, false}, {"beta", Shape{input[2]}, {}, false}};
    needs_.input_in_backward = true;
    needs_.output_in_backward = spec.activation != kernels::Activation::kNone;
    needs_.statistics_size = 2 * static_cast<std::size_t>(spec.groups);
    needs_.backward_workspace_size = 4 * static_cast<std::size_t>(input[2]);
  }

  void forward(const ForwardPass& pass) const override {
    kernels::group_norm_forward(shape_, pass.inputs[0], pass.parameters, pass.parameters + shape_.channels, pass.output,
                                pass.statistics);
  }
  void backward(const BackwardPass& pass) const override {
    // The kernel always gives dinput; where nobody wants it, doutput may hold it.
    float* dinput = pass.dinputs[0] != nullptr ? pass.dinputs[0] : pass.doutput;
    kernels::group_norm_backward(shape_, pass.inputs[0], pass.output, pass.doutput, pass.parameters, pass.statistics,
                                 dinput, pass.dparameters, pass.dparameters + shape_.channels, pass.workspace);
  }

 private:
  kernels::GroupNormShape shape_;
};

class BatchNorm final : public Layer {
 public:
  BatchNorm(const LayerSpec& spec, const Shape& input)
      : pixels_(input[0] * input[1]), channels_(input[2]), epsilon_(spec.epsilon), activation_(spec.activation) {
    const Start one{.kind = Start::Kind::kConstant, .value = 1.0f};
    needs_.output = input;
    needs_.parameters = {{"gamma", Shape{channels_}, one, false},
                         {"beta", Shape{channels_}, {}, false},
                         {"mean", Shape{channels_}, {}, false},
                         {"variance", Shape{channels_}, one, false}};
    needs_.trainable = false;
    needs_.output_in_backward = activation_ != kernels::Activation::kNone;
    needs_.prepared_forward_size = 2 * static_cast<std::size_t>(channels_);
    needs_.prepared_backward_size = static_cast<std::size_t>(channels_);
  }

  void prepare_forward(const float* parameters, float* prepared) const override {
    fold(parameters, prepared, prepared + channels_);
  }
  void prepare_backward(const float* parameters, float* prepared) const override {
    fold(parameters, prepared, nullptr);
  }

  void forward(const ForwardPass& pass) const override {
    kernels::channel_affine_forward(pixels_, channels_, pass.inputs[0], pass.prepared, pass.prepared + channels_,
                                    activation_, pass.output);
  }
  void backward(const BackwardPass& pass) const override {
    if (pass.dinputs[0] == nullptr) return;
    kernels::channel_affine_backward(pixels_, channels_, pass.output, pass.doutput, pass.prepared, activation_,
                                     pass.dinputs[0]);
  }

 private:
  void fold(const float* parameters, float* scale, float* shift) const {
    const float *gamma = parameters, *beta = gamma + channels_, *mean = beta + channels_, *variance = mean + channels_;
    for (int c = 0; c < channels_; ++c) {
      const float deviation = simd::extract<0>(simd::sqrt(simd::splat(variance[c] + epsilon_)));
      const float factor = gamma[c] / deviation;
      scale[c] = factor;
      if (shift != nullptr) shift[c] = beta[c] - mean[c] * factor;
    }
  }

  int pixels_, channels_;
  float epsilon_;
  kernels::Activation activation_;
};

}  // namespace

LayerPointer make_group_norm(const LayerSpec& spec, const Shape& input) {
  return std::make_unique<GroupNorm>(spec, input);
}
LayerPointer make_batch_norm(const LayerSpec& spec, const Shape& input) {
  return std::make_unique<BatchNorm>(spec, input);
}

}  // namespace sortlab
