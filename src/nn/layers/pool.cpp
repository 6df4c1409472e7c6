// Max, average and global average pooling.
#include "kernels/pool.hpp"

#include "nn/layers/layers.hpp"

namespace sortlab {
namespace {

kernels::PoolShape pool_shape(const LayerSpec& spec, const Shape& input) {
  return {.height = input[0], .width = input[1], .channels = input[2], .size = spec.size, .stride = spec.stride};
}

class MaxPool final : public Layer {
 public:
  MaxPool(const LayerSpec& spec, const Shape& input) : shape_(pool_shape(spec, input)) {
    needs_.output = Shape{shape_.out_height(), shape_.out_width(), input[2]};
    needs_.codes_size = needs_.output.count();
    needs_.row_tile = 1;
    needs_.rows = shape_.out_height();
  }
  void forward(const ForwardPass& pass) const override {
    kernels::max_pool_forward(shape_, pass.inputs[0], pass.output, pass.codes, pass.row_begin, pass.row_end);
  }
  void backward(const BackwardPass& pass) const override {
    if (pass.dinputs[0] != nullptr) kernels::max_pool_backward(shape_, pass.doutput, pass.codes, pass.dinputs[0]);
  }

 private:
  kernels::PoolShape shape_;
};

class AveragePool final : public Layer {
 public:
  AveragePool(const LayerSpec& spec, const Shape& input) : shape_(pool_shape(spec, input)) {
    needs_.output = Shape{shape_.out_height(), shape_.out_width(), input[2]};
    needs_.row_tile = 1;
    needs_.rows = shape_.out_height();
  }
  void forward(const ForwardPass& pass) const override {
    kernels::average_pool_forward(shape_, pass.inputs[0], pass.output, pass.row_begin, pass.row_end);
  }
  void backward(const BackwardPass& pass) const override {
    if (pass.dinputs[0] != nullptr) kernels::average_pool_backward(shape_, pass.doutput, pass.dinputs[0]);
  }

 private:
  kernels::PoolShape shape_;
};

class GlobalAveragePool final : public Layer {
 public:
  explicit GlobalAveragePool(const Shape& input) : pixels_(input[0] * input[1]), channels_(input[2]) {
    needs_.output = Shape{channels_};
  }
  void forward(const ForwardPass& pass) const override {
    kernels::global_average_pool_forward(pixels_, channels_, pass.inputs[0], pass.output);
  }
  void backward(const BackwardPass& pass) const override {
    if (pass.dinputs[0] != nullptr) {
      kernels::global_average_pool_backward(pixels_, channels_, pass.doutput, pass.dinputs[0]);
    }
  }

 private:
  int pixels_, channels_;
};

}  // namespace

LayerPointer make_max_pool(const LayerSpec& spec, const Shape& input) { return std::make_unique<MaxPool>(spec, input); }
LayerPointer make_average_pool(const LayerSpec& spec, const Shape& input) {
  return std::make_unique<AveragePool>(spec, input);
}
LayerPointer make_global_average_pool(const Shape& input) { return std::make_unique<GlobalAveragePool>(input); }

}  // namespace sortlab
