// Layers and whole networks as plain loops in double: what numeric gradients are taken of. Written from the layers'
// definitions, on the kernels' plain references.
#pragma once

#include <cmath>
#include <map>
#include <span>
#include <string>
#include <vector>

#include "kernels/conv2d.hpp"
#include "kernels/reference/activation.hpp"
#include "kernels/reference/elementwise.hpp"
#include "kernels/reference/norm.hpp"
#include "kernels/reference/pool.hpp"
#include "kernels/reference/softmax.hpp"
#include "nn/graph.hpp"

namespace sortlab::test {

struct ReferenceTensor {
  Shape shape;
  std::vector<double> values;
};

/// weight (kernel, kernel, in, out), or (kernel, kernel, channels) where `depthwise`.
inline std::vector<double> reference_conv2d(const kernels::Conv2dShape& s, bool depthwise,
                                            const std::vector<double>& input, std::span<const double> weight,
                                            std::span<const double> bias) {
  const auto at = [](int i) { return static_cast<std::size_t>(i); };
  std::vector<double> output(at(s.out_height * s.out_width * s.out_channels));
  for (int y = 0; y < s.out_height; ++y) {
    for (int x = 0; x < s.out_width; ++x) {
      for (int o = 0; o < s.out_channels; ++o) {
        double sum = bias.empty() ? 0.0 : bias[at(o)];
        for (int ky = 0; ky < s.kernel_size; ++ky) {
          for (int kx = 0; kx < s.kernel_size; ++kx) {
            const int iy = y * s.stride + ky - s.pad_top, ix = x * s.stride + kx - s.pad_left;
            if (iy < 0 || iy >= s.height || ix < 0 || ix >= s.width) continue;
            const int pixel = (iy * s.width + ix) * s.in_channels, tap = ky * s.kernel_size + kx;
            if (depthwise) {
              sum += input[at(pixel + o)] * weight[at(tap * s.in_channels + o)];
              continue;
            }
            for (int c = 0; c < s.in_channels; ++c) {
              sum += input[at(pixel + c)] * weight[at((tap * s.in_channels + c) * s.out_channels + o)];
            }
          }
        }
        output[at((y * s.out_width + x) * s.out_channels + o)] = sum;
      }
    }
  }
  return output;
}

/// One layer, one sample. `parameters` in the order of the layer's docs.
inline ReferenceTensor reference_layer(const LayerSpec& spec, const std::vector<const ReferenceTensor*>& inputs,
                                       std::span<const double> parameters, int classes,
                                       const kernels::DropoutKey* key) {
  namespace reference = kernels::reference;
  const ReferenceTensor& in = *inputs[0];
  const Shape& shape = in.shape;
  ReferenceTensor out{shape, std::vector<double>(in.values.size())};
  const auto pool_shape = [&] { return kernels::PoolShape{shape[0], shape[1], shape[2], spec.size, spec.stride}; };
  switch (spec.type) {
    case LayerType::kConv2d:
    case LayerType::kDepthwiseConv2d: {
      const bool depthwise = spec.type == LayerType::kDepthwiseConv2d;
      const int filters = depthwise ? shape[2] : spec.filters;
      const kernels::Conv2dShape s =
          kernels::conv2d_shape(shape[0], shape[1], shape[2], filters, spec.kernel_size, spec.stride, spec.padding);
      const std::size_t weights = static_cast<std::size_t>(spec.kernel_size * spec.kernel_size * shape[2]) *
                                  static_cast<std::size_t>(depthwise ? 1 : filters);
      out = {Shape{s.out_height, s.out_width, filters},
             reference_conv2d(s, depthwise, in.values, parameters.first(weights), parameters.subspan(weights))};
      break;
    }
    case LayerType::kDense: {
      const auto units = static_cast<std::size_t>(spec.units == 0 ? classes : spec.units);
      out = {Shape{static_cast<int>(units)}, std::vector<double>(units)};
      for (std::size_t u = 0; u < units; ++u) {
        if (spec.use_bias) out.values[u] = parameters[in.values.size() * units + u];
        for (std::size_t i = 0; i < in.values.size(); ++i) out.values[u] += in.values[i] * parameters[i * units + u];
      }
      break;
    }
    case LayerType::kMaxPool:
    case LayerType::kAveragePool: {
      const kernels::PoolShape s = pool_shape();
      out.shape = Shape{s.out_height(), s.out_width(), shape[2]};
      out.values.resize(out.shape.count());
      std::vector<std::uint8_t> code(out.values.size());
      if (spec.type == LayerType::kMaxPool) {
        reference::max_pool_forward(s, in.values.data(), out.values.data(), code.data());
      } else {
        reference::average_pool_forward(s, in.values.data(), out.values.data());
      }
      break;
    }
    case LayerType::kGlobalAveragePool:
      out = {Shape{shape[2]}, std::vector<double>(static_cast<std::size_t>(shape[2]))};
      reference::global_average_pool_forward(shape[0] * shape[1], shape[2], in.values.data(), out.values.data());
      break;
    case LayerType::kGroupNorm: {
      const kernels::GroupNormShape s{shape[0] * shape[1], shape[2], spec.groups, spec.epsilon, spec.activation};
      std::vector<double> statistics(2 * static_cast<std::size_t>(spec.groups));
      reference::group_norm_forward(s, in.values.data(), parameters.data(), parameters.data() + shape[2],
                                    out.values.data(), statistics.data());
      return out;
    }
    case LayerType::kBatchNorm:
      for (std::size_t i = 0; i < in.values.size(); ++i) {
        const auto channels = static_cast<std::size_t>(shape[2]), c = i % channels;
        const double *gamma = parameters.data(), *beta = gamma + channels, *mean = beta + channels,
                     *variance = mean + channels;
        out.values[i] =
            (in.values[i] - mean[c]) / std::sqrt(variance[c] + static_cast<double>(spec.epsilon)) * gamma[c] + beta[c];
      }
      break;
    case LayerType::kDropout:
      out.values = in.values;
      if (key != nullptr) reference::dropout(in.values.size(), spec.rate, *key, in.values.data(), out.values.data());
      return out;
    case LayerType::kFlatten:
      return {Shape{static_cast<int>(in.values.size())}, in.values};
    case LayerType::kAdd:
      for (std::size_t i = 0; i < in.values.size(); ++i) out.values[i] = in.values[i] + inputs[1]->values[i];
      break;
    case LayerType::kActivation:
      out.values = in.values;
      break;
  }
  reference::activation_forward(spec.activation, out.values.size(), out.values.data(), out.values.data());
  return out;
}

/// Mean cross-entropy of a batch. `graph` (of the same architecture) says where each layer's parameters lie.
struct ReferenceNetwork {
  const Architecture& architecture;
  const Graph& graph;
  float label_smoothing = 0.0f;
  bool training = true;
  std::uint64_t seed = 0;
  std::uint32_t step = 0;

  std::vector<double> logits(std::span<const double> picture, std::span<const double> parameters,
                             std::uint32_t sample) const {
    std::map<std::string, ReferenceTensor> outputs;
    const int side = graph.image_size();
    outputs["input"] = {Shape{side, side, 3}, {picture.begin(), picture.end()}};
    for (std::size_t i = 0; i < architecture.layers.size(); ++i) {
      const LayerSpec& spec = architecture.layers[i];
      std::vector<const ReferenceTensor*> inputs;
      for (const std::string& name : spec.from) inputs.push_back(&outputs[name]);
      std::span<const double> own;
      for (const Operation& operation : graph.operations()) {
        if (operation.name == spec.name)
          own = parameters.subspan(operation.parameter_offset, operation.parameter_count);
      }
      const kernels::DropoutKey key{seed, step, sample, static_cast<std::uint32_t>(i)};
      outputs[spec.name] = reference_layer(spec, inputs, own, graph.classes(), training ? &key : nullptr);
    }
    return outputs[architecture.layers.back().name].values;
  }

  double loss(std::span<const double> pictures, std::span<const std::int32_t> labels,
              std::span<const double> parameters) const {
    const std::size_t picture = pictures.size() / labels.size();
    double sum = 0;
    for (std::size_t i = 0; i < labels.size(); ++i) {
      const std::vector<double> row =
          logits(pictures.subspan(i * picture, picture), parameters, static_cast<std::uint32_t>(i));
      double loss = 0;
      kernels::reference::cross_entropy(1, graph.classes(), row.data(), &labels[i],
                                        static_cast<double>(label_smoothing), &loss);
      sum += loss;
    }
    return sum / static_cast<double>(labels.size());
  }
};

}  // namespace sortlab::test
