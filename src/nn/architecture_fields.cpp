#include "nn/architecture_fields.hpp"

#include <vector>

namespace sortlab {
namespace {

struct TypeEntry {
  LayerType type;
  const char* name;
  std::vector<Field> fields;
};

const std::vector<TypeEntry>& types() {
  using enum Field;
  static const std::vector<TypeEntry> entries{
      {LayerType::kConv2d, "conv2d", {kFilters, kKernelSize, kStride, kPadding, kUseBias, kActivation, kInitialiser}},
      {LayerType::kDepthwiseConv2d,
       "depthwise_conv2d",
       {kKernelSize, kStride, kPadding, kUseBias, kActivation, kInitialiser}},
      {LayerType::kDense, "dense", {kUnits, kUseBias, kActivation, kInitialiser}},
      {LayerType::kMaxPool, "max_pool", {kSize, kStride}},
      {LayerType::kAveragePool, "average_pool", {kSize, kStride}},
      {LayerType::kGlobalAveragePool, "global_average_pool", {}},
      {LayerType::kGroupNorm, "group_norm", {kGroups, kEpsilon, kActivation, kInitialGamma}},
      {LayerType::kBatchNorm, "batch_norm", {kEpsilon, kActivation}},
      {LayerType::kActivation, "activation", {kActivation}},
      {LayerType::kDropout, "dropout", {kRate}},
      {LayerType::kFlatten, "flatten", {}},
      {LayerType::kAdd, "add", {kActivation}},
  };
  return entries;
}

}  // namespace

std::string_view field_name(Field field) {
  switch (field) {
    case Field::kFilters:
      return "filters";
    case Field::kUnits:
      return "units";
    case Field::kKernelSize:
      return "kernel_size";
    case Field::kStride:
      return "stride";
    case Field::kPadding:
      return "padding";
    case Field::kUseBias:
      return "use_bias";
    case Field::kSize:
      return "size";
    case Field::kGroups:
      return "groups";
    case Field::kEpsilon:
      return "epsilon";
    case Field::kRate:
      return "rate";
    case Field::kActivation:
      return "activation";
    case Field::kInitialiser:
      return "initialiser";
    case Field::kInitialGamma:
      return "initial_gamma";
  }
  return "";
}

std::span<const Field> fields_of(LayerType type) {
  for (const TypeEntry& entry : types()) {
    if (entry.type == type) return entry.fields;
  }
  return {};
}

std::optional<LayerType> find_layer_type(std::string_view name) {
  for (const TypeEntry& entry : types()) {
    if (name == entry.name) return entry.type;
  }
  return std::nullopt;
}

const char* layer_type_name(LayerType type) {
  for (const TypeEntry& entry : types()) {
    if (entry.type == type) return entry.name;
  }
  return "";
}

}  // namespace sortlab
