#include "nn/architecture.hpp"

namespace sortlab {
namespace {

// A residual network after He et al., "Deep residual learning for image recognition", CVPR 2016, with GroupNorm, so that a
// sample's result does not depend on its batch. Pooling, not stride, halves the maps between stages: every 3x3 convolution
// behind the stem has stride 1, the kind that is fastest. About 58 million operations a picture at 96 px.
constexpr const char* kCompactJson = R"({"version": 1, "name": "compact", "layers": [
{"type": "conv2d", "name": "stem", "filters": 32, "kernel_size": 3, "stride": 2, "use_bias": false, "initialiser": "he_normal"},
{"type": "group_norm", "name": "stem_norm", "groups": 8, "activation": "relu"},
{"type": "max_pool", "name": "stem_pool", "size": 2},

{"type": "conv2d", "name": "stage1_conv1", "filters": 32, "use_bias": false, "initialiser": "he_normal"},
{"type": "group_norm", "name": "stage1_norm1", "groups": 8, "activation": "relu"},
{"type": "conv2d", "name": "stage1_conv2", "filters": 32, "use_bias": false, "initialiser": "he_normal"},
{"type": "group_norm", "name": "stage1_norm2", "groups": 8, "initial_gamma": 0},
{"type": "add", "name": "stage1", "from": ["stem_pool", "stage1_norm2"], "activation": "relu"},

{"type": "max_pool", "name": "stage2_pool", "size": 2},
{"type": "conv2d", "name": "stage2_conv1", "filters": 64, "use_bias": false, "initialiser": "he_normal"},
{"type": "group_norm", "name": "stage2_norm1", "groups": 8, "activation": "relu"},
{"type": "conv2d", "name": "stage2_conv2", "filters": 64, "use_bias": false, "initialiser": "he_normal"},
{"type": "group_norm", "name": "stage2_norm2", "groups": 8, "initial_gamma": 0},
{"type": "conv2d", "name": "stage2_projection", "from": "stage2_pool", "filters": 64, "kernel_size": 1, "initialiser": "he_normal"},
{"type": "add", "name": "stage2", "from": ["stage2_projection", "stage2_norm2"], "activation": "relu"},

{"type": "max_pool", "name": "stage3_pool", "size": 2},
{"type": "conv2d", "name": "stage3_conv1", "filters": 128, "use_bias": false, "initialiser": "he_normal"},
{"type": "group_norm", "name": "stage3_norm1", "groups": 8, "activation": "relu"},
{"type": "conv2d", "name": "stage3_conv2", "filters": 128, "use_bias": false, "initialiser": "he_normal"},
{"type": "group_norm", "name": "stage3_norm2", "groups": 8, "initial_gamma": 0},
{"type": "conv2d", "name": "stage3_projection", "from": "stage3_pool", "filters": 128, "kernel_size": 1, "initialiser": "he_normal"},
{"type": "add", "name": "stage3", "from": ["stage3_projection", "stage3_norm2"], "activation": "relu"},

{"type": "global_average_pool", "name": "pool"},
{"type": "dropout", "name": "dropout", "rate": 0.2},
{"type": "dense", "name": "classes", "units": "classes"}
]})";

// The network of the Keras notebook, with Keras' own start: Glorot-uniform weights, zero biases.
constexpr const char* kNotebookJson = R"({"version": 1, "name": "notebook", "layers": [
{"type": "conv2d", "filters": 32, "kernel_size": 3, "padding": "same", "activation": "relu"},
{"type": "max_pool", "size": 2},
{"type": "conv2d", "filters": 64, "kernel_size": 3, "padding": "same", "activation": "relu"},
{"type": "max_pool", "size": 2},
{"type": "conv2d", "filters": 32, "kernel_size": 3, "padding": "same", "activation": "relu"},
{"type": "max_pool", "size": 2},
{"type": "flatten"},
{"type": "dense", "units": 64, "activation": "relu"},
{"type": "dropout", "rate": 0.2},
{"type": "dense", "units": 32, "activation": "relu"},
{"type": "dropout", "rate": 0.2},
{"type": "dense", "units": "classes"}
]})";

}  // namespace

const std::vector<Preset>& presets() {
  static const std::vector<Preset> list{
      {"compact", "Compact residual network", kCompactJson,
       {.image_size = 96, .epochs = 40, .batch_size = 32, .learning_rate = 2e-3f}},
      {"notebook", "The notebook's network", kNotebookJson,
       {.image_size = 224, .epochs = 15, .batch_size = 32, .learning_rate = 1e-3f}},
  };
  return list;
}

const Preset* find_preset(std::string_view name) {
  for (const Preset& preset : presets()) {
    if (name == preset.name) return &preset;
  }
  return nullptr;
}

}  // namespace sortlab
