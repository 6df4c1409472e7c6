#include "json/json.hpp"
#include "nn/architecture_fields.hpp"

namespace sortlab {
namespace {

template <typename Value>
std::string name_of(std::span<const std::string_view> names, Value value) {
  return json_text(names[static_cast<std::size_t>(value)]);
}

std::string field_value(Field field, const LayerSpec& layer) {
  switch (field) {
    case Field::kFilters:
      return std::to_string(layer.filters);
    case Field::kUnits:
      return layer.units == 0 ? "\"classes\"" : std::to_string(layer.units);
    case Field::kKernelSize:
      return std::to_string(layer.kernel_size);
    case Field::kStride:
      return std::to_string(layer.stride);
    case Field::kPadding:
      return name_of(kPaddingNames, layer.padding);
    case Field::kUseBias:
      return layer.use_bias ? "true" : "false";
    case Field::kSize:
      return std::to_string(layer.size);
    case Field::kGroups:
      return std::to_string(layer.groups);
    case Field::kEpsilon:
      return json_text(static_cast<double>(layer.epsilon));
    case Field::kRate:
      return json_text(static_cast<double>(layer.rate));
    case Field::kActivation:
      return name_of(kActivationNames, layer.activation);
    case Field::kInitialiser:
      return name_of(kInitialiserNames, layer.initialiser);
    case Field::kInitialGamma:
      return json_text(static_cast<double>(layer.initial_gamma));
  }
  return "null";
}

std::string layer_to_json(const LayerSpec& layer) {
  JsonObjectWriter json;
  json.add("type", json_text(layer_type_name(layer.type)));
  json.add("name", json_text(layer.name));
  json.add("from", json_text(layer.from));
  for (const Field field : fields_of(layer.type)) json.add(field_name(field), field_value(field, layer));
  return json.finish();
}

}  // namespace

std::string architecture_to_json(const Architecture& architecture) {
  std::string text = "{\"version\": 1, ";
  if (!architecture.name.empty()) text += concat({"\"name\": ", json_text(architecture.name), ", "});
  text += "\"layers\": [";
  for (std::size_t i = 0; i < architecture.layers.size(); ++i) {
    text += concat({i == 0 ? "\n" : ",\n", layer_to_json(architecture.layers[i])});
  }
  return text + "\n]}";
}

}  // namespace sortlab
