// Shape inference: which inputs a layer takes, said in sentences, and the layer for them.
#include "nn/layers/layers.hpp"

namespace sortlab {

void Layer::prepare_forward(const float*, float*) const {}
void Layer::prepare_backward(const float*, float*) const {}

Start weight_start(const LayerSpec& spec, int fan_in, int fan_out) {
  const bool he = spec.initialiser == Initialiser::kHeNormal;
  return {.kind = he ? Start::Kind::kHeNormal : Start::Kind::kGlorotUniform, .fan_in = fan_in, .fan_out = fan_out};
}

namespace {

// No single tensor may pass this many floats (256 MiB): beyond it sizes would no longer fit a 32-bit machine. Counted
// in 64 bits, for the products that are compared with it do not fit either.
constexpr std::uint64_t kMaxTensorFloats = std::uint64_t{1} << 26;

Status invalid(const LayerSpec& spec, std::initializer_list<std::string_view> message) {
  return {StatusCode::kInvalidArgument, {"Layer ", spec.name, ": ", concat(message)}, spec.name};
}

bool is_spatial(const Shape& shape) { return shape.rank() == 3; }

Status check_window(const LayerSpec& spec, const Shape& input, int size) {
  if (input[0] >= size && input[1] >= size) return {};
  return invalid(spec, {"its window of ", std::to_string(size), " is larger than its input ", to_string(input),
                        "; choose a larger picture or fewer pools."});
}

Status check_spatial(const LayerSpec& spec, const Shape& input) {
  if (is_spatial(input)) return {};
  return invalid(spec, {"it needs an input of (height, width, channels), not ", to_string(input), "."});
}

Status check_inputs(const LayerSpec& spec, const std::vector<Shape>& inputs) {
  const Shape& input = inputs[0];
  switch (spec.type) {
    case LayerType::kConv2d:
    case LayerType::kDepthwiseConv2d:
      SORTLAB_RETURN_IF_ERROR(check_spatial(spec, input));
      return spec.padding == kernels::Padding::kValid ? check_window(spec, input, spec.kernel_size) : Status();
    case LayerType::kMaxPool:
    case LayerType::kAveragePool:
      SORTLAB_RETURN_IF_ERROR(check_spatial(spec, input));
      return check_window(spec, input, spec.size);
    case LayerType::kGlobalAveragePool:
    case LayerType::kBatchNorm:
      return check_spatial(spec, input);
    case LayerType::kGroupNorm:
      SORTLAB_RETURN_IF_ERROR(check_spatial(spec, input));
      if (input[2] % spec.groups == 0) return {};
      return invalid(
          spec, {std::to_string(input[2]), " channels do not divide into ", std::to_string(spec.groups), " groups."});
    case LayerType::kDense:
      if (!is_spatial(input)) return {};
      return invalid(
          spec, {"it needs a flat input, not ", to_string(input), "; put a flatten or global_average_pool before it."});
    case LayerType::kAdd:
      if (inputs[0] == inputs[1]) return {};
      return invalid(spec, {"it cannot add ", to_string(inputs[0]), " and ", to_string(inputs[1]), "."});
    case LayerType::kActivation:
    case LayerType::kDropout:
    case LayerType::kFlatten:
      return {};
  }
  return {};
}

LayerPointer build(const LayerSpec& spec, const Shape& input, int classes) {
  switch (spec.type) {
    case LayerType::kConv2d:
      return make_conv2d(spec, input);
    case LayerType::kDepthwiseConv2d:
      return make_depthwise_conv2d(spec, input);
    case LayerType::kDense:
      return make_dense(spec, input, spec.units == 0 ? classes : spec.units);
    case LayerType::kMaxPool:
      return make_max_pool(spec, input);
    case LayerType::kAveragePool:
      return make_average_pool(spec, input);
    case LayerType::kGlobalAveragePool:
      return make_global_average_pool(input);
    case LayerType::kGroupNorm:
      return make_group_norm(spec, input);
    case LayerType::kBatchNorm:
      return make_batch_norm(spec, input);
    case LayerType::kActivation:
      return make_activation(spec, input);
    case LayerType::kDropout:
      return make_dropout(spec, input);
    case LayerType::kAdd:
      return make_add(spec, input);
    case LayerType::kFlatten:
      return nullptr;  // another name for its input; the graph makes no operation of it
  }
  return nullptr;
}

std::uint64_t product(std::initializer_list<int> factors) {
  std::uint64_t result = 1;
  for (const int factor : factors) result *= static_cast<std::uint64_t>(factor);
  return result;
}

/// An upper bound that needs no layer: stride and pooling only make it smaller.
std::uint64_t output_floats(const LayerSpec& spec, const Shape& input) {
  return spec.type == LayerType::kConv2d ? product({input[0], input[1], spec.filters}) : input.count();
}

std::uint64_t weight_floats(const LayerSpec& spec, const Shape& input, int classes) {
  if (spec.type == LayerType::kConv2d) return product({spec.kernel_size, spec.kernel_size, input[2], spec.filters});
  if (spec.type == LayerType::kDense) return product({input[0], spec.units == 0 ? classes : spec.units});
  return 0;
}

}  // namespace

Result<std::unique_ptr<Layer>> make_layer(const LayerSpec& spec, const std::vector<Shape>& inputs, int classes) {
  SORTLAB_RETURN_IF_ERROR(check_inputs(spec, inputs));
  if (output_floats(spec, inputs[0]) > kMaxTensorFloats) {
    return Status(StatusCode::kTooLarge, {"Layer ", spec.name, ": its output is too large; choose a smaller picture."},
                  spec.name);
  }
  if (weight_floats(spec, inputs[0], classes) > kMaxTensorFloats) {
    return Status(StatusCode::kTooLarge, {"Layer ", spec.name, ": its weight is too large; pool more before it."},
                  spec.name);
  }
  return build(spec, inputs[0], classes);
}

}  // namespace sortlab
