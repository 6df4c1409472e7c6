// One function for each type of layer; each lives in the file of its name. Input shapes were checked by make_layer:
// rank 3 (height, width, channels) for spatial layers, rank 1 (features) for flat ones; activation, dropout and add
// take both.
#pragma once

#include <memory>

#include "nn/layer.hpp"

namespace sortlab {

using LayerPointer = std::unique_ptr<Layer>;

LayerPointer make_conv2d(const LayerSpec& spec, const Shape& input);
/// Conv + bias + ReLU + MaxPool(2) as one; `spec` is the convolution's.
LayerPointer make_conv2d_pool(const LayerSpec& spec, const Shape& input);
LayerPointer make_depthwise_conv2d(const LayerSpec& spec, const Shape& input);
LayerPointer make_max_pool(const LayerSpec& spec, const Shape& input);
LayerPointer make_average_pool(const LayerSpec& spec, const Shape& input);
LayerPointer make_global_average_pool(const Shape& input);
LayerPointer make_group_norm(const LayerSpec& spec, const Shape& input);
LayerPointer make_batch_norm(const LayerSpec& spec, const Shape& input);
LayerPointer make_activation(const LayerSpec& spec, const Shape& input);
LayerPointer make_dropout(const LayerSpec& spec, const Shape& input);
LayerPointer make_add(const LayerSpec& spec, const Shape& input);
LayerPointer make_dense(const LayerSpec& spec, const Shape& input, int units);

/// Start of a weight with these fans, as the layer's spec asks.
Start weight_start(const LayerSpec& spec, int fan_in, int fan_out);

}  // namespace sortlab
