#include "nn/architecture_fields.hpp"

#include <iterator>

namespace sortlab {
namespace {

using enum Field;

constexpr Field kConv2dFields[] = {kFilters, kKernelSize, kStride, kPadding, kUseBias, kActivation, kInitialiser};
constexpr Field kDepthwiseFields[] = {kKernelSize, kStride, kPadding, kUseBias, kActivation, kInitialiser};
constexpr Field kDenseFields[] = {kUnits, kUseBias, kActivation, kInitialiser};
constexpr Field kPoolFields[] = {kSize, kStride};
constexpr Field kGroupNormFields[] = {kGroups, kEpsilon, kActivation, kInitialGamma};
constexpr Field kBatchNormFields[] = {kEpsilon, kActivation};
constexpr Field kActivationFields[] = {kActivation};
constexpr Field kDropoutFields[] = {kRate};

struct TypeEntry {
  const char* name;
  std::span<const Field> fields;
};

/// In the order of LayerType.
constexpr TypeEntry kTypes[] = {
    {"conv2d", kConv2dFields},
    {"depthwise_conv2d", kDepthwiseFields},
    {"dense", kDenseFields},
    {"max_pool", kPoolFields},
    {"average_pool", kPoolFields},
    {"global_average_pool", {}},
    {"group_norm", kGroupNormFields},
    {"batch_norm", kBatchNormFields},
    {"activation", kActivationFields},
    {"dropout", kDropoutFields},
    {"flatten", {}},
    {"add", kActivationFields},
};
static_assert(std::size(kTypes) == static_cast<std::size_t>(LayerType::kAdd) + 1);

/// In the order of Field.
constexpr std::string_view kFieldNames[] = {"filters",    "units",       "kernel_size",  "stride",  "padding",
                                            "use_bias",   "size",        "groups",       "epsilon", "rate",
                                            "activation", "initialiser", "initial_gamma"};
static_assert(std::size(kFieldNames) == static_cast<std::size_t>(kInitialGamma) + 1);

const TypeEntry& entry_of(LayerType type) { return kTypes[static_cast<std::size_t>(type)]; }

}  // namespace

std::string_view field_name(Field field) { return kFieldNames[static_cast<std::size_t>(field)]; }
std::span<const Field> fields_of(LayerType type) { return entry_of(type).fields; }
const char* layer_type_name(LayerType type) { return entry_of(type).name; }

std::optional<LayerType> find_layer_type(std::string_view name) {
  for (const TypeEntry& entry : kTypes) {
    if (name == entry.name) return static_cast<LayerType>(&entry - kTypes);
  }
  return std::nullopt;
}

}  // namespace sortlab
