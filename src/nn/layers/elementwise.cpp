// Layers whose output has the shape of their input: activation, dropout, add.
#include "kernels/elementwise.hpp"

#include "nn/layers/layers.hpp"

namespace sortlab {
namespace {

class ActivationLayer final : public Layer {
 public:
  ActivationLayer(const LayerSpec& spec, const Shape& input) : activation_(spec.activation) {
    needs_.output = input;
    needs_.output_in_backward = true;
  }
  void forward(const ForwardPass& pass) const override {
    kernels::activation_forward(activation_, needs_.output.count(), pass.inputs[0], pass.output);
  }
  void backward(const BackwardPass& pass) const override {
    if (pass.dinputs[0] == nullptr) return;
    kernels::activation_backward(activation_, needs_.output.count(), pass.output, pass.doutput, pass.dinputs[0]);
  }

 private:
  kernels::Activation activation_;
};

/// The mask is a function of the key, so backward applies the same function to the gradient.
class Dropout final : public Layer {
 public:
  Dropout(const LayerSpec& spec, const Shape& input) : rate_(spec.rate) { needs_.output = input; }
  void forward(const ForwardPass& pass) const override {
    if (pass.training) {
      kernels::dropout(needs_.output.count(), rate_, pass.dropout_key, pass.inputs[0], pass.output);
    } else {
      kernels::activation_forward(kernels::Activation::kNone, needs_.output.count(), pass.inputs[0], pass.output);
    }
  }
  void backward(const BackwardPass& pass) const override {
    if (pass.dinputs[0] == nullptr) return;
    kernels::dropout(needs_.output.count(), rate_, pass.dropout_key, pass.doutput, pass.dinputs[0]);
  }

 private:
  float rate_;
};

class Add final : public Layer {
 public:
  Add(const LayerSpec& spec, const Shape& input) : activation_(spec.activation) {
    needs_.output = input;
    needs_.output_in_backward = activation_ != kernels::Activation::kNone;
  }
  void forward(const ForwardPass& pass) const override {
    kernels::add_forward(needs_.output.count(), pass.inputs[0], pass.inputs[1], activation_, pass.output);
  }
  void backward(const BackwardPass& pass) const override {
    for (float* dinput : pass.dinputs) {
      if (dinput == nullptr) continue;
      kernels::activation_backward(activation_, needs_.output.count(), pass.output, pass.doutput, dinput);
    }
  }

 private:
  kernels::Activation activation_;
};

}  // namespace

LayerPointer make_activation(const LayerSpec& spec, const Shape& input) {
  return std::make_unique<ActivationLayer>(spec, input);
}
LayerPointer make_dropout(const LayerSpec& spec, const Shape& input) { return std::make_unique<Dropout>(spec, input); }
LayerPointer make_add(const LayerSpec& spec, const Shape& input) { return std::make_unique<Add>(spec, input); }

}  // namespace sortlab
