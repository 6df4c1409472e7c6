// An architecture made ready for one picture size: shapes inferred, blocks fused, operations in order.
//
//   input ─► trunk: operations on one sample at a time (convolutions, pools, norms)
//              └─► flat values, one row a sample ─► head: operations on the whole batch (dense, dropout) ─► logits
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "nn/architecture.hpp"
#include "nn/layer.hpp"

namespace sortlab {

enum class GraphUse { kTraining, kInference };  // in inference dropout is no operation

/// A tensor between operations; `count` floats a sample. Value 0 is the picture.
struct Value {
  std::size_t count = 0;
  bool head = false;            // made or read by the head: lies in one matrix (batch, count)
  bool needs_gradient = false;  // a trainable parameter lies before it
  bool kept = false;            // read by backward
  int producer = -1;            // operation
  int last_reader = -1;         // operation; -1: none
};

struct Operation {
  std::unique_ptr<Layer> layer;
  std::string name;                   // of the layer whose parameters it has
  std::array<int, 2> inputs{-1, -1};  // values
  int output = -1;
  bool head = false;
  std::size_t parameter_offset = 0, parameter_count = 0;  // in the flat buffer, floats
  std::uint32_t random_layer = 0;                         // position in the architecture: the key of its random numbers
};

struct ParameterTensor {
  std::string name;  // "conv2d_1/weight"
  Shape shape;
  Start start;
  std::size_t offset = 0;  // floats
  bool decay = false, trainable = true;
  std::uint32_t layer = 0, index = 0;  // the key of its initial random numbers
};

class Graph {
 public:
  /// kInvalidArgument or kTooLarge with the layer as subject.
  static Result<Graph> compile(const Architecture& architecture, int image_size, int classes, GraphUse use);

  int image_size() const { return image_size_; }
  int classes() const { return classes_; }
  const std::vector<Value>& values() const { return values_; }
  /// Trunk first, then head; each in an order that can be run.
  const std::vector<Operation>& operations() const { return operations_; }
  int trunk_operations() const { return trunk_operations_; }
  int logits() const { return logits_; }

  /// All parameters lie in one flat buffer, in graph order without gaps; the trunk's come first.
  const std::vector<ParameterTensor>& parameters() const { return parameters_; }
  std::size_t parameter_count() const { return parameter_count_; }
  std::size_t trunk_parameter_count() const { return trunk_parameter_count_; }
  /// Writes the initial values of all parameters.
  void initialise_parameters(std::uint64_t seed, std::span<float> parameters) const;

 private:
  friend class GraphCompiler;
  int image_size_ = 0, classes_ = 0, logits_ = 0, trunk_operations_ = 0;
  std::vector<Value> values_;
  std::vector<Operation> operations_;
  std::vector<ParameterTensor> parameters_;
  std::size_t parameter_count_ = 0, trunk_parameter_count_ = 0;
};

}  // namespace sortlab
