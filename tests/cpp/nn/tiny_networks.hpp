// Small networks of the presets' kinds.
#pragma once

#include <doctest/doctest.h>

#include "nn/architecture.hpp"

namespace sortlab::test {

inline Architecture parsed(const char* json) {
  Result<Architecture> architecture = parse_architecture(json);
  REQUIRE_MESSAGE(architecture.ok(), architecture.status().message());
  return std::move(*architecture);
}

/// As "notebook": fused convolution blocks, dense, dropout.
inline constexpr const char* kTinyNotebook = R"({"version": 1, "name": "tiny-notebook", "layers": [
{"type": "conv2d", "filters": 4, "activation": "relu"}, {"type": "max_pool", "size": 2},
{"type": "conv2d", "filters": 6, "activation": "relu"}, {"type": "max_pool", "size": 2},
{"type": "flatten"},
{"type": "dense", "units": 8, "activation": "relu"}, {"type": "dropout", "rate": 0.2},
{"type": "dense", "units": "classes"}]})";

/// As "compact": residual blocks with GroupNorm and projections, a value with three readers, pooling of every kind.
inline constexpr const char* kTinyCompact = R"({"version": 1, "name": "tiny-compact", "layers": [
{"type": "conv2d", "name": "stem", "filters": 4, "stride": 2, "use_bias": false, "initialiser": "he_normal"},
{"type": "group_norm", "name": "norm", "groups": 2, "activation": "relu"},
{"type": "conv2d", "filters": 4, "use_bias": false, "initialiser": "he_normal"},
{"type": "group_norm", "groups": 2, "activation": "relu"},
{"type": "conv2d", "filters": 4, "initialiser": "he_normal"},
{"type": "group_norm", "name": "last", "groups": 4},
{"type": "add", "name": "sum1", "from": ["norm", "last"], "activation": "relu"},
{"type": "add", "name": "sum2", "from": ["sum1", "norm"]},
{"type": "max_pool", "name": "pool", "size": 2},
{"type": "depthwise_conv2d", "activation": "relu6"},
{"type": "batch_norm", "activation": "relu"},
{"type": "conv2d", "name": "wide", "kernel_size": 1, "filters": 6},
{"type": "conv2d", "name": "projection", "from": "pool", "kernel_size": 1, "filters": 6},
{"type": "add", "from": ["wide", "projection"], "activation": "relu"},
{"type": "average_pool", "size": 2},
{"type": "dropout", "rate": 0.1},
{"type": "global_average_pool"},
{"type": "activation", "activation": "relu6"},
{"type": "dropout", "rate": 0.2},
{"type": "dense", "units": "classes"}]})";

/// Wide enough for Winograd in all directions, with and without a pool.
inline constexpr const char* kTinyWide = R"({"version": 1, "name": "tiny-wide", "layers": [
{"type": "conv2d", "filters": 16, "activation": "relu"},
{"type": "conv2d", "filters": 16},
{"type": "conv2d", "filters": 4, "activation": "relu"}, {"type": "max_pool", "size": 2},
{"type": "global_average_pool"},
{"type": "dense", "units": "classes"}]})";

}  // namespace sortlab::test
