#include "nn/graph.hpp"

#include <algorithm>
#include <map>
#include <set>
#include <utility>

#include "nn/initialise.hpp"
#include "nn/layers/layers.hpp"

namespace sortlab {
namespace {

constexpr std::uint64_t kMaxParameters = std::uint64_t{1} << 26;

}  // namespace

void Graph::initialise_parameters(std::uint64_t seed, std::span<float> parameters) const {
  for (const ParameterTensor& tensor : parameters_) {
    initialise(tensor.start, seed, tensor.layer, tensor.index, parameters.subspan(tensor.offset, tensor.shape.count()));
  }
}

class GraphCompiler {
 public:
  GraphCompiler(const Architecture& architecture, int image_size, int classes, GraphUse use)
      : architecture_(architecture), use_(use) {
    graph_.image_size_ = image_size;
    graph_.classes_ = classes;
  }

  Result<Graph> compile() {
    SORTLAB_RETURN_IF_ERROR(check_arguments());
    count_readers();
    const int side = graph_.image_size_;
    outputs_["input"] = {0, Shape{side, side, 3}};
    graph_.values_.push_back({.count = Shape{side, side, 3}.count()});
    for (std::size_t i = 0; i < architecture_.layers.size(); ++i) SORTLAB_RETURN_IF_ERROR(add_layer(i));
    SORTLAB_RETURN_IF_ERROR(check_end());
    SORTLAB_RETURN_IF_ERROR(check_size());
    order_operations();
    place_parameters();
    mark_values();
    return std::move(graph_);
  }

 private:
  struct Output {
    int value = 0;
    Shape shape;
  };

  Status check_arguments() const {
    if (graph_.image_size_ < 1 || graph_.image_size_ > 1024) {
      return {StatusCode::kInvalidArgument, "The picture's side must be 1 to 1024 pixels.", "size"};
    }
    if (graph_.classes_ < 2 || graph_.classes_ > 1000) {
      return {StatusCode::kInvalidArgument, "There must be 2 to 1000 classes.", "classes"};
    }
    if (architecture_.layers.empty())
      return {StatusCode::kInvalidArgument, "The network has no layers.", "architecture"};
    return {};
  }

  void count_readers() {
    for (const LayerSpec& layer : architecture_.layers) {
      for (const std::string& name : layer.from) ++readers_[name];
    }
  }

  /// A 2x2 max-pool of stride 2 that alone reads a ReLU convolution is computed with it; gives its index, or 0.
  std::size_t pool_to_fuse(const LayerSpec& conv) const {
    const auto readers = readers_.find(conv.name);
    if (conv.type != LayerType::kConv2d || conv.activation != kernels::Activation::kRelu) return 0;
    if (readers == readers_.end() || readers->second != 1) return 0;
    for (std::size_t i = 1; i < architecture_.layers.size(); ++i) {
      const LayerSpec& pool = architecture_.layers[i];
      if (pool.from.size() == 1 && pool.from[0] == conv.name) {
        return pool.type == LayerType::kMaxPool && pool.size == 2 && pool.stride == 2 ? i : 0;
      }
    }
    return 0;
  }

  Status add_layer(std::size_t index) {
    const LayerSpec& spec = architecture_.layers[index];
    if (fused_.count(spec.name) > 0) return {};  // computed with the convolution before it
    if (spec.from.empty()) return {StatusCode::kInvalidArgument, {"Layer ", spec.name, " has no input."}, spec.name};
    std::vector<Shape> shapes;
    std::array<int, 2> inputs{-1, -1};
    for (std::size_t i = 0; i < spec.from.size() && i < 2; ++i) {
      const auto found = outputs_.find(spec.from[i]);
      if (found == outputs_.end()) {
        return {StatusCode::kInvalidArgument,
                {"Layer ", spec.name, " reads \"", spec.from[i], "\", which is no layer before it."},
                spec.name};
      }
      shapes.push_back(found->second.shape);
      inputs[i] = found->second.value;
    }
    if (spec.type == LayerType::kAdd && shapes.size() != 2) {
      return {StatusCode::kInvalidArgument, {"Layer ", spec.name, " must read two layers."}, spec.name};
    }
    Result<LayerPointer> layer = make_layer(spec, shapes, graph_.classes_);
    if (!layer.ok()) return layer.status();
    if (spec.type == LayerType::kFlatten || (spec.type == LayerType::kDropout && use_ == GraphUse::kInference)) {
      const Shape shape = spec.type == LayerType::kFlatten ? Shape{static_cast<int>(shapes[0].count())} : shapes[0];
      outputs_[spec.name] = {inputs[0], shape};
      return {};
    }
    std::string output_name = spec.name;
    if (const std::size_t pool = pool_to_fuse(spec); pool > 0) {
      const LayerSpec& pool_spec = architecture_.layers[pool];
      const Shape& convolved = (*layer)->needs().output;
      if (convolved[0] >= 2 && convolved[1] >= 2) {  // otherwise the pool itself reports that it does not fit
        layer = make_conv2d_pool(spec, shapes[0]);
        output_name = pool_spec.name;
        fused_.insert(output_name);
      }
    }
    add_operation(spec, index, inputs, output_name, shapes[0], std::move(layer).value());
    return {};
  }

  void add_operation(const LayerSpec& spec, std::size_t index, std::array<int, 2> inputs,
                     const std::string& output_name, const Shape& input_shape, LayerPointer layer) {
    Operation operation;
    operation.name = spec.name;
    operation.inputs = inputs;
    operation.output = static_cast<int>(graph_.values_.size());
    operation.head = input_shape.rank() == 1;
    operation.random_layer = static_cast<std::uint32_t>(index);
    for (const ParameterSpec& parameter : layer->needs().parameters)
      operation.parameter_count += parameter.shape.count();
    outputs_[output_name] = {operation.output, layer->needs().output};
    graph_.values_.push_back({.count = layer->needs().output.count()});
    operation.layer = std::move(layer);
    graph_.operations_.push_back(std::move(operation));
  }

  Status check_end() {
    const LayerSpec& last = architecture_.layers.back();
    const Output& output = outputs_[last.name];
    if (last.type != LayerType::kDense || output.shape != Shape{graph_.classes_} ||
        last.activation != kernels::Activation::kNone) {
      return {
          StatusCode::kInvalidArgument,
          {"Layer ", last.name, ": the last layer must be a dense one with \"units\": \"classes\" and no activation."},
          last.name};
    }
    graph_.logits_ = output.value;
    for (const LayerSpec& layer : architecture_.layers) {
      if (&layer != &last && readers_.find(layer.name) == readers_.end()) {
        return {StatusCode::kInvalidArgument,
                {"Layer ", layer.name, ": no layer reads it; remove it or name it in a \"from\"."},
                layer.name};
      }
    }
    return {};
  }

  Status check_size() const {
    std::uint64_t parameters = 0;
    for (const Operation& operation : graph_.operations_) parameters += operation.parameter_count;
    if (parameters <= kMaxParameters) return {};
    return {StatusCode::kTooLarge, "The network has more than 64 million parameters; make it smaller.", "architecture"};
  }

  void order_operations() {
    std::vector<Operation> trunk, head;
    for (Operation& operation : graph_.operations_) (operation.head ? head : trunk).push_back(std::move(operation));
    graph_.trunk_operations_ = static_cast<int>(trunk.size());
    for (Operation& operation : head) trunk.push_back(std::move(operation));
    graph_.operations_ = std::move(trunk);
  }

  void place_parameters() {
    for (Operation& operation : graph_.operations_) {
      operation.parameter_offset = graph_.parameter_count_;
      const LayerNeeds& needs = operation.layer->needs();
      std::uint32_t index = 0;
      for (const ParameterSpec& spec : needs.parameters) {
        graph_.parameters_.push_back({.name = concat({operation.name, "/", spec.name}),
                                      .shape = spec.shape,
                                      .start = spec.start,
                                      .offset = graph_.parameter_count_,
                                      .decay = spec.decay,
                                      .trainable = needs.trainable,
                                      .layer = operation.random_layer,
                                      .index = index++});
        graph_.parameter_count_ += spec.shape.count();
      }
      if (!operation.head) graph_.trunk_parameter_count_ = graph_.parameter_count_;
    }
  }

  void mark_values() {
    std::vector<Value>& values = graph_.values_;
    for (std::size_t i = 0; i < graph_.operations_.size(); ++i) {
      const Operation& operation = graph_.operations_[i];
      const LayerNeeds& needs = operation.layer->needs();
      Value& output = values[static_cast<std::size_t>(operation.output)];
      output.producer = static_cast<int>(i);
      output.needs_gradient = needs.trainable && !needs.parameters.empty();
      output.kept |= needs.output_in_backward;
      output.head |= operation.head;
      for (const int input : operation.inputs) {
        if (input < 0) continue;
        Value& value = values[static_cast<std::size_t>(input)];
        output.needs_gradient |= value.needs_gradient;
        value.last_reader = static_cast<int>(i);
        value.kept |= needs.input_in_backward;
        value.head |= operation.head;
      }
    }
    for (Value& value : values) value.kept |= value.head;
    values[0].kept = true;  // the batch is written before the step begins
  }

  const Architecture& architecture_;
  GraphUse use_;
  Graph graph_;
  std::map<std::string, int> readers_;
  std::set<std::string> fused_;
  std::map<std::string, Output> outputs_;
};

Result<Graph> Graph::compile(const Architecture& architecture, int image_size, int classes, GraphUse use) {
  return GraphCompiler(architecture, image_size, classes, use).compile();
}

}  // namespace sortlab
