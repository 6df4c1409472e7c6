#include "nn/graph.hpp"

#include <algorithm>
#include <string_view>
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
    name_sources();
    const int side = graph_.image_size_;
    sources_[0].value = 0;
    sources_[0].shape = {side, side, 3};
    graph_.values_.push_back({.count = sources_[0].shape.count()});
    for (std::size_t i = 0; i < architecture_.layers.size(); ++i) SORTLAB_RETURN_IF_ERROR(add_layer(i));
    SORTLAB_RETURN_IF_ERROR(check_end());
    order_operations();
    SORTLAB_RETURN_IF_ERROR(check_size());
    place_parameters();
    mark_values();
    return std::move(graph_);
  }

 private:
  /// What a layer may read: the picture (source 0), or layer i (source i + 1).
  struct Source {
    std::string_view name;
    int readers = 0;
    std::size_t reader = 0;  // a layer that reads it, where there is one
    int value = -1;          // -1: not computed yet
    Shape shape{};
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

  void name_sources() {
    sources_.push_back({.name = "input"});
    for (const LayerSpec& layer : architecture_.layers) sources_.push_back({.name = layer.name});
    for (std::size_t i = 0; i < architecture_.layers.size(); ++i) {
      for (const std::string& name : architecture_.layers[i].from) {
        Source* source = find_source(name);
        if (source == nullptr) continue;  // add_layer says so
        ++source->readers;
        source->reader = i;
      }
    }
  }

  Source* find_source(std::string_view name) {
    for (Source& source : sources_) {
      if (source.name == name) return &source;
    }
    return nullptr;
  }

  /// A 2x2 max-pool of stride 2 that alone reads a ReLU convolution is computed with it; gives its index, or 0.
  std::size_t pool_to_fuse(std::size_t index) const {
    const LayerSpec& conv = architecture_.layers[index];
    if (conv.type != LayerType::kConv2d || conv.activation != kernels::Activation::kRelu) return 0;
    const Source& source = sources_[index + 1];
    const LayerSpec& pool = architecture_.layers[source.reader];
    const bool fits = pool.type == LayerType::kMaxPool && pool.size == 2 && pool.stride == 2;
    return source.readers == 1 && fits ? source.reader : 0;
  }

  Status add_layer(std::size_t index) {
    const LayerSpec& spec = architecture_.layers[index];
    Source& target = sources_[index + 1];
    if (target.value >= 0) return {};  // computed with the convolution before it
    if (spec.from.empty()) return {StatusCode::kInvalidArgument, {"Layer ", spec.name, " has no input."}, spec.name};
    std::vector<Shape> shapes;
    std::array<int, 2> inputs{-1, -1};
    for (std::size_t i = 0; i < spec.from.size() && i < 2; ++i) {
      const Source* source = find_source(spec.from[i]);
      if (source == nullptr || source->value < 0) {
        return {StatusCode::kInvalidArgument,
                {"Layer ", spec.name, " reads \"", spec.from[i], "\", which is no layer before it."},
                spec.name};
      }
      shapes.push_back(source->shape);
      inputs[i] = source->value;
    }
    if (spec.type == LayerType::kAdd && shapes.size() != 2) {
      return {StatusCode::kInvalidArgument, {"Layer ", spec.name, " must read two layers."}, spec.name};
    }
    Result<LayerPointer> layer = make_layer(spec, shapes, graph_.classes_);
    if (!layer.ok()) return layer.status();
    if (spec.type == LayerType::kFlatten || (spec.type == LayerType::kDropout && use_ == GraphUse::kInference)) {
      target.value = inputs[0];
      target.shape = spec.type == LayerType::kFlatten ? Shape{static_cast<int>(shapes[0].count())} : shapes[0];
      return {};
    }
    std::size_t last = index;
    if (const std::size_t pool = pool_to_fuse(index); pool > 0) {
      const Shape& convolved = (*layer)->needs().output;
      if (convolved[0] >= 2 && convolved[1] >= 2) {  // otherwise the pool itself reports that it does not fit
        layer = make_conv2d_pool(spec, shapes[0]);
        last = pool;
      }
    }
    add_operation(index, last, inputs, shapes[0], std::move(layer).value());
    return {};
  }

  /// Of the layers `index` and, where it is another, `last`.
  void add_operation(std::size_t index, std::size_t last, std::array<int, 2> inputs, const Shape& input_shape,
                     LayerPointer layer) {
    Operation operation;
    operation.name = architecture_.layers[index].name;
    operation.inputs = inputs;
    operation.output = static_cast<int>(graph_.values_.size());
    operation.head = input_shape.rank() == 1;
    operation.random_layer = static_cast<std::uint32_t>(index);
    for (const ParameterSpec& parameter : layer->needs().parameters)
      operation.parameter_count += parameter.shape.count();
    sources_[last + 1].value = operation.output;
    sources_[last + 1].shape = layer->needs().output;
    graph_.values_.push_back({.count = layer->needs().output.count()});
    operation.layer = std::move(layer);
    (operation.head ? head_ : graph_.operations_).push_back(std::move(operation));
  }

  Status check_end() {
    const LayerSpec& last = architecture_.layers.back();
    const Source& output = sources_.back();
    if (last.type != LayerType::kDense || output.shape != Shape{graph_.classes_} ||
        last.activation != kernels::Activation::kNone) {
      return {
          StatusCode::kInvalidArgument,
          {"Layer ", last.name, ": the last layer must be a dense one with \"units\": \"classes\" and no activation."},
          last.name};
    }
    graph_.logits_ = output.value;
    for (const Source& source : sources_) {
      if (&source != &sources_.front() && &source != &output && source.readers == 0) {
        return {StatusCode::kInvalidArgument,
                {"Layer ", source.name, ": no layer reads it; remove it or name it in a \"from\"."},
                source.name};
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
    graph_.trunk_operations_ = static_cast<int>(graph_.operations_.size());
    for (Operation& operation : head_) graph_.operations_.push_back(std::move(operation));
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
  std::vector<Source> sources_;
  std::vector<Operation> head_;
};

Result<Graph> Graph::compile(const Architecture& architecture, int image_size, int classes, GraphUse use) {
  return GraphCompiler(architecture, image_size, classes, use).compile();
}

}  // namespace sortlab
