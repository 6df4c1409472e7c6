// Which JSON fields each type of layer has, in one table that reading and writing share.
#pragma once

#include <optional>
#include <span>
#include <string_view>

#include "nn/architecture.hpp"

namespace sortlab {

enum class Field {
  kFilters,
  kUnits,
  kKernelSize,
  kStride,
  kPadding,
  kUseBias,
  kSize,
  kGroups,
  kEpsilon,
  kRate,
  kActivation,
  kInitialiser,
  kInitialGamma,
};

std::string_view field_name(Field field);
/// The fields of a layer beside type, name and from.
std::span<const Field> fields_of(LayerType type);
std::optional<LayerType> find_layer_type(std::string_view name);

// In the order of kernels::Activation, kernels::Padding and Initialiser.
inline constexpr std::string_view kActivationNames[] = {"none", "relu", "relu6"};
inline constexpr std::string_view kPaddingNames[] = {"same", "valid"};
inline constexpr std::string_view kInitialiserNames[] = {"glorot_uniform", "he_normal"};

}  // namespace sortlab
