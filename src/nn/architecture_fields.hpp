// Which JSON fields each type of layer has, in one table that reading and writing share.
#pragma once

#include <array>
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

template <typename Value>
struct Named {
  std::string_view name;
  Value value;
};
inline constexpr std::array<Named<kernels::Activation>, 3> kActivationNames{{{"none", kernels::Activation::kNone},
                                                                             {"relu", kernels::Activation::kRelu},
                                                                             {"relu6", kernels::Activation::kRelu6}}};
inline constexpr std::array<Named<kernels::Padding>, 2> kPaddingNames{
    {{"same", kernels::Padding::kSame}, {"valid", kernels::Padding::kValid}}};
inline constexpr std::array<Named<Initialiser>, 2> kInitialiserNames{
    {{"glorot_uniform", Initialiser::kGlorotUniform}, {"he_normal", Initialiser::kHeNormal}}};

}  // namespace sortlab
