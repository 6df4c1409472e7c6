// A network as data: JSON text to a checked list of layers, and the presets.
//
//   { "version": 1, "name": "notebook", "layers": [
//     { "type": "conv2d", "filters": 32, "kernel_size": 3, "stride": 1, "padding": "same", "activation": "relu" },
//     { "type": "max_pool", "size": 2 }, ... { "type": "flatten" },
//     { "type": "dense", "units": 64, "activation": "relu" }, { "type": "dropout", "rate": 0.2 },
//     { "type": "dense", "units": "classes" } ] }
//
// A layer reads the one before it, or what "from" names: {"type": "add", "from": ["a", "b"]}; "name" gives a layer a
// name. Types: conv2d, depthwise_conv2d, dense, max_pool, average_pool, global_average_pool, group_norm, batch_norm
// (frozen), activation, dropout, flatten, add. Unknown fields and types are errors that name the layer.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/status.hpp"
#include "kernels/activation.hpp"
#include "kernels/conv2d.hpp"

namespace sortlab {

enum class LayerType {
  kConv2d,
  kDepthwiseConv2d,
  kDense,
  kMaxPool,
  kAveragePool,
  kGlobalAveragePool,
  kGroupNorm,
  kBatchNorm,
  kActivation,
  kDropout,
  kFlatten,
  kAdd,
};

/// How weights start: Keras' default (Glorot and Bengio, AISTATS 2010) or what suits ReLU (He et al., ICCV 2015).
enum class Initialiser { kGlorotUniform, kHeNormal };

struct LayerSpec {
  LayerType type = LayerType::kConv2d;
  std::string name;               // unique; "conv2d_1" and so on where the text gives none
  std::vector<std::string> from;  // names of inputs; "input" is the picture
  int filters = 0;                // conv2d
  int units = 0;                  // dense; 0 stands for the number of classes
  int kernel_size = 3, stride = 1;
  kernels::Padding padding = kernels::Padding::kSame;
  bool use_bias = true;
  int size = 2;    // pools, whose stride is their size where the text says nothing
  int groups = 8;  // group_norm
  float epsilon = 1e-5f;
  float rate = 0.0f;  // dropout
  kernels::Activation activation = kernels::Activation::kNone;
  Initialiser initialiser = Initialiser::kGlorotUniform;  // conv2d, depthwise_conv2d, dense
  float initial_gamma =
      1.0f;  // group_norm; 0 behind the last convolution of a residual block starts it as the identity
};

const char* layer_type_name(LayerType type);  // "conv2d", as in the JSON

struct Architecture {
  std::string name;
  std::vector<LayerSpec> layers;
};

/// Checks syntax, fields, types, ranges and names; shapes are checked when the graph is compiled (nn/graph.hpp).
Result<Architecture> parse_architecture(std::string_view json);
/// Every field of every layer spelt out, one layer a line; parse_architecture reads the same layers back.
std::string architecture_to_json(const Architecture& architecture);

/// What goes with a preset when the user says nothing.
struct PresetDefaults {
  int image_size;
  int epochs;
  int batch_size;
  double learning_rate;
};
struct Preset {
  const char* name;
  const char* title;  // for people
  const char* json;
  PresetDefaults defaults;
};
/// "compact" first: the default.
std::span<const Preset> presets();
const Preset* find_preset(std::string_view name);

}  // namespace sortlab
