// What every layer tells the graph, and what it does for one sample. Layers own no memory and no loops: they name what
// they need, and call kernels on what they are given.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include "base/random.hpp"
#include "kernels/elementwise.hpp"
#include "nn/architecture.hpp"
#include "tensor/shape.hpp"

namespace sortlab {

/// How one parameter tensor starts.
struct Start {
  enum class Kind { kConstant, kGlorotUniform, kHeNormal };
  Kind kind = Kind::kConstant;
  float value = 0;              // kConstant
  int fan_in = 0, fan_out = 0;  // the others
};

struct ParameterSpec {
  const char* name = "weight";
  Shape shape;
  Start start;
  bool decay = false;  // whether weight decay applies: to weights, not to biases and norms
};

/// What a layer needs, once its input shapes are known. Sizes are floats (codes: bytes), for one sample.
struct LayerNeeds {
  Shape output;
  std::vector<ParameterSpec> parameters;
  bool trainable = true;           // false: the parameters are constants
  bool input_in_backward = false;  // which values must live until backward
  bool output_in_backward = false;
  std::size_t statistics_size = 0;                                      // kept beside them: group-norm statistics
  std::size_t codes_size = 0;                                           // kept beside them: arg-max codes
  std::size_t prepared_forward_size = 0, prepared_backward_size = 0;    // once a step, shared by all samples
  std::size_t forward_workspace_size = 0, backward_workspace_size = 0;  // a thread
  int row_tile = 0;  // output rows may be cut at multiples of this; 0: not at all
  int rows = 0;      // output rows, where row_tile > 0
};

/// One sample on its way forward. Shapes as the layer says; buffers that the layer did not ask for are null.
struct ForwardPass {
  std::array<const float*, 2> inputs{};
  float* output = nullptr;
  const float* parameters = nullptr;  // the layer's, in the order of LayerNeeds::parameters
  const float* prepared = nullptr;
  float* statistics = nullptr;
  std::uint8_t* codes = nullptr;  // null in inference
  float* workspace = nullptr;
  bool training = false;  // whether dropout drops
  kernels::DropoutKey dropout_key;
  int row_begin = 0, row_end = 0;
};

/// The same sample on its way back. doutput may be overwritten by the layer (its activation is undone in place).
struct BackwardPass {
  std::array<const float*, 2> inputs{};
  const float* output = nullptr;  // where the layer did not ask for it: anything readable, never used
  float* doutput = nullptr;
  std::array<float*, 2> dinputs{};  // overwritten; null where nobody needs it
  const float* parameters = nullptr;
  float* dparameters = nullptr;  // accumulated
  const float* prepared = nullptr;
  const float* statistics = nullptr;
  const std::uint8_t* codes = nullptr;
  float* workspace = nullptr;
  kernels::DropoutKey dropout_key;
};

class DenseLayer;

class Layer {
 public:
  virtual ~Layer() = default;

  const LayerNeeds& needs() const { return needs_; }

  /// Packs, transforms or folds the parameters, once a step. Sizes as needs() says.
  virtual void prepare_forward(const float* parameters, float* prepared) const;
  virtual void prepare_backward(const float* parameters, float* prepared) const;
  /// Output rows [row_begin, row_end) where needs().row_tile > 0, otherwise everything.
  virtual void forward(const ForwardPass& pass) const = 0;
  virtual void backward(const BackwardPass& pass) const = 0;
  /// The dense layer works on a whole batch instead (nn/layers/dense.hpp).
  virtual const DenseLayer* as_dense() const { return nullptr; }

 protected:
  LayerNeeds needs_;
};

/// Builds one layer for its input shapes; an error names the layer and both shapes.
Result<std::unique_ptr<Layer>> make_layer(const LayerSpec& spec, const std::vector<Shape>& inputs, int classes);

}  // namespace sortlab
