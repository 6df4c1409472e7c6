// Depthwise convolution: weight (kernel_size, kernel_size, channels), bias (channels).
#include "kernels/depthwise.hpp"
#include "nn/layers/layers.hpp"

namespace sortlab {
namespace {

class DepthwiseConv2d final : public Layer {
 public:
  DepthwiseConv2d(const LayerSpec& spec, const Shape& input)
      : shape_(
            kernels::conv2d_shape(input[0], input[1], input[2], input[2], spec.kernel_size, spec.stride, spec.padding)),
        activation_(spec.activation),
        use_bias_(spec.use_bias) {
    const Shape weight{spec.kernel_size, spec.kernel_size, input[2]};
    weight_count_ = weight.count();
    const int window = spec.kernel_size * spec.kernel_size;
    needs_.parameters.push_back({"weight", weight, weight_start(spec, window, window), /*decay=*/true});
    if (use_bias_) needs_.parameters.push_back({"bias", Shape{input[2]}, {}, false});
    needs_.output = Shape{shape_.out_height, shape_.out_width, input[2]};
    needs_.input_in_backward = true;
    needs_.output_in_backward = activation_ != kernels::Activation::kNone;
    needs_.row_tile = 1;
    needs_.rows = shape_.out_height;
  }

  void forward(const ForwardPass& pass) const override {
    kernels::depthwise_forward(shape_, pass.inputs[0], pass.parameters,
                               use_bias_ ? pass.parameters + weight_count_ : nullptr, activation_, pass.output,
                               pass.row_begin, pass.row_end);
  }

  void backward(const BackwardPass& pass) const override {
    if (activation_ != kernels::Activation::kNone) {
      kernels::activation_backward(activation_, needs_.output.count(), pass.output, pass.doutput, pass.doutput);
    }
    kernels::depthwise_backward_weight(shape_, pass.inputs[0], pass.doutput, pass.dparameters,
                                       use_bias_ ? pass.dparameters + weight_count_ : nullptr);
    if (pass.dinputs[0] != nullptr) {
      kernels::depthwise_backward_input(shape_, pass.doutput, pass.parameters, pass.dinputs[0]);
    }
  }

 private:
  kernels::Conv2dShape shape_;
  kernels::Activation activation_;
  bool use_bias_;
  std::size_t weight_count_ = 0;
};

}  // namespace

LayerPointer make_depthwise_conv2d(const LayerSpec& spec, const Shape& input) {
  return std::make_unique<DepthwiseConv2d>(spec, input);
}

}  // namespace sortlab
