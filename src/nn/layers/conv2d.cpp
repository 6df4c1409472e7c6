// 2-D convolution: weight (kernel_size, kernel_size, in_channels, filters), bias (filters).
#include "kernels/conv2d.hpp"

#include "nn/layers/layers.hpp"

namespace sortlab {
namespace {

/// A 1x1 convolution does not see the picture's shape: as one long column of pixels, its rows can be cut anywhere.
bool is_per_pixel(const LayerSpec& spec) { return spec.kernel_size == 1 && spec.stride == 1; }

kernels::Conv2dShape plan_shape(const LayerSpec& spec, const Shape& input, bool pooled) {
  if (!pooled && is_per_pixel(spec)) {
    return kernels::conv2d_shape(input[0] * input[1], 1, input[2], spec.filters, 1, 1, spec.padding);
  }
  return kernels::conv2d_shape(input[0], input[1], input[2], spec.filters, spec.kernel_size, spec.stride, spec.padding);
}

class Conv2dLayer : public Layer {
 public:
  Conv2dLayer(const LayerSpec& spec, const Shape& input, bool pooled)
      : plan_(kernels::conv2d_plan(plan_shape(spec, input, pooled), pooled)),
        activation_(spec.activation),
        use_bias_(spec.use_bias) {
    const Shape weight{spec.kernel_size, spec.kernel_size, input[2], spec.filters};
    weight_count_ = weight.count();
    const int window = spec.kernel_size * spec.kernel_size;
    needs_.parameters.push_back(
        {"weight", weight, weight_start(spec, window * input[2], window * spec.filters), /*decay=*/true});
    if (use_bias_) needs_.parameters.push_back({"bias", Shape{spec.filters}, {}, false});
    needs_.input_in_backward = true;
    needs_.prepared_forward_size = plan_.prepared_forward_size;
    needs_.prepared_backward_size = plan_.prepared_backward_size;
    needs_.forward_workspace_size = plan_.forward_workspace_size;
    needs_.backward_workspace_size = plan_.backward_workspace_size;
  }

  void prepare_forward(const float* parameters, float* prepared) const override {
    kernels::conv2d_prepare_forward(plan_, parameters, prepared);
  }
  void prepare_backward(const float* parameters, float* prepared) const override {
    kernels::conv2d_prepare_backward(plan_, parameters, prepared);
  }

 protected:
  const float* bias(const float* parameters) const { return use_bias_ ? parameters + weight_count_ : nullptr; }
  float* bias(float* parameters) const { return use_bias_ ? parameters + weight_count_ : nullptr; }

  kernels::Conv2dPlan plan_;
  kernels::Activation activation_;
  bool use_bias_;
  std::size_t weight_count_ = 0;
};

class PlainConv2d final : public Conv2dLayer {
 public:
  PlainConv2d(const LayerSpec& spec, const Shape& input) : Conv2dLayer(spec, input, /*pooled=*/false) {
    const bool per_pixel = is_per_pixel(spec);
    needs_.output = per_pixel ? Shape{input[0], input[1], spec.filters}
                              : Shape{plan_.shape.out_height, plan_.shape.out_width, spec.filters};
    needs_.output_in_backward = activation_ != kernels::Activation::kNone;
    // Tiles of the matrix product have 3 or 4 rows.
    needs_.row_tile = per_pixel ? 12 : kernels::kConv2dRowTile;
    needs_.rows = plan_.shape.out_height;
  }

  void forward(const ForwardPass& pass) const override {
    kernels::conv2d_forward(plan_, pass.inputs[0], pass.prepared, bias(pass.parameters), activation_, pass.output,
                            pass.row_begin, pass.row_end, pass.workspace);
  }

  void backward(const BackwardPass& pass) const override {
    if (activation_ != kernels::Activation::kNone) {
      kernels::activation_backward(activation_, needs_.output.count(), pass.output, pass.doutput, pass.doutput);
    }
    kernels::conv2d_backward_weight(plan_, pass.inputs[0], pass.doutput, pass.dparameters, bias(pass.dparameters),
                                    pass.workspace);
    if (pass.dinputs[0] != nullptr) {
      kernels::conv2d_backward_input(plan_, pass.doutput, pass.prepared, pass.dinputs[0], pass.workspace);
    }
  }
};

class PooledConv2d final : public Conv2dLayer {
 public:
  PooledConv2d(const LayerSpec& spec, const Shape& input) : Conv2dLayer(spec, input, /*pooled=*/true) {
    needs_.output = Shape{plan_.shape.out_height / 2, plan_.shape.out_width / 2, spec.filters};
    needs_.codes_size = needs_.output.count();
    needs_.row_tile = kernels::kConv2dRowTile / 2;
    needs_.rows = needs_.output[0];
  }

  void forward(const ForwardPass& pass) const override {
    kernels::conv2d_pool_forward(plan_, pass.inputs[0], pass.prepared, bias(pass.parameters), pass.output, pass.codes,
                                 pass.row_begin, pass.row_end, pass.workspace);
  }

  void backward(const BackwardPass& pass) const override {
    kernels::conv2d_pool_backward(plan_, pass.inputs[0], pass.doutput, pass.codes, pass.prepared, pass.dinputs[0],
                                  pass.dparameters, bias(pass.dparameters), pass.workspace);
  }
};

}  // namespace

LayerPointer make_conv2d(const LayerSpec& spec, const Shape& input) {
  return std::make_unique<PlainConv2d>(spec, input);
}

LayerPointer make_conv2d_pool(const LayerSpec& spec, const Shape& input) {
  return std::make_unique<PooledConv2d>(spec, input);
}

}  // namespace sortlab
