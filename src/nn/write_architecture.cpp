#include <nlohmann/json.hpp>

#include "nn/architecture_fields.hpp"

namespace sortlab {
namespace {

using Json = nlohmann::ordered_json;

template <typename Value, std::size_t kCount>
std::string name_of(const std::array<Named<Value>, kCount>& names, Value value) {
  for (const Named<Value>& named : names) {
    if (named.value == value) return std::string(named.name);
  }
  return {};
}

Json field_value(Field field, const LayerSpec& layer) {
  switch (field) {
    case Field::kFilters:
      return layer.filters;
    case Field::kUnits:
      return layer.units == 0 ? Json("classes") : Json(layer.units);
    case Field::kKernelSize:
      return layer.kernel_size;
    case Field::kStride:
      return layer.stride;
    case Field::kPadding:
      return name_of(kPaddingNames, layer.padding);
    case Field::kUseBias:
      return layer.use_bias;
    case Field::kSize:
      return layer.size;
    case Field::kGroups:
      return layer.groups;
    case Field::kEpsilon:
      return layer.epsilon;
    case Field::kRate:
      return layer.rate;
    case Field::kActivation:
      return name_of(kActivationNames, layer.activation);
    case Field::kInitialiser:
      return name_of(kInitialiserNames, layer.initialiser);
    case Field::kInitialGamma:
      return layer.initial_gamma;
  }
  return nullptr;
}

Json layer_to_json(const LayerSpec& layer) {
  Json json;
  json["type"] = layer_type_name(layer.type);
  json["name"] = layer.name;
  json["from"] = layer.from;
  for (const Field field : fields_of(layer.type)) json[std::string(field_name(field))] = field_value(field, layer);
  return json;
}

}  // namespace

std::string architecture_to_json(const Architecture& architecture) {
  // Names were checked when read; `replace` keeps a hand-made one with broken UTF-8 from ending the program.
  const auto dump = [](const Json& json) { return json.dump(-1, ' ', false, Json::error_handler_t::replace); };
  std::string text = "{\"version\": 1, ";
  if (!architecture.name.empty()) text += "\"name\": " + dump(architecture.name) + ", ";
  text += "\"layers\": [";
  for (std::size_t i = 0; i < architecture.layers.size(); ++i) {
    text += (i == 0 ? "\n" : ",\n") + dump(layer_to_json(architecture.layers[i]));
  }
  return text + "\n]}";
}

}  // namespace sortlab
