// The text may come from a model file, so nothing in it is believed: every field's type is checked before it is read.
#include <algorithm>
#include <cmath>
#include <span>

#include "json/json.hpp"
#include "nn/architecture_fields.hpp"

namespace sortlab {
namespace {

constexpr std::size_t kMaxTextBytes = std::size_t{1} << 20;
constexpr int kMaxDepth = 8;  // no field of ours nests deeper than three
constexpr std::size_t kMaxLayers = 1000;
constexpr std::size_t kMaxNameBytes = 64;

Status invalid(std::string_view layer, std::string_view message) {
  return {StatusCode::kInvalidData, {"Layer ", layer, ": ", message}, layer};
}
Status invalid(std::string_view layer, std::initializer_list<std::string_view> message) {
  return invalid(layer, std::string_view(concat(message)));
}

/// Letters, digits, '_', '-' and '.': a name also names tensors in model files ("conv2d_1/weight").
bool valid_name(const std::string& name) {
  return !name.empty() && name.size() <= kMaxNameBytes && name != "input" &&
         std::all_of(name.begin(), name.end(), [](char c) {
           return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-' ||
                  c == '.';
         });
}

struct IntRange {
  int low, high;
};

Status read_int(const Json& value, std::string_view layer, std::string_view field, IntRange range, int& target) {
  if (!value.is_whole() || value.number < range.low || value.number > range.high) {
    return invalid(layer, {"\"", field, "\" must be a whole number from ", std::to_string(range.low), " to ",
                           std::to_string(range.high), "."});
  }
  target = static_cast<int>(value.number);
  return {};
}

Status read_float(const Json& value, std::string_view layer, std::string_view field, double low, double high,
                  float& target) {
  // Compared as floats: what a limit was rounded to when written is still in range when read.
  const float number = static_cast<float>(value.number);
  if (!value.is_number() || number < static_cast<float>(low) || number > static_cast<float>(high)) {
    return invalid(layer, {"\"", field, "\" must be a number from ", json_text(low), " to ", json_text(high), "."});
  }
  target = number;
  return {};
}

Status find_name(const Json& value, std::string_view layer, std::string_view field,
                 std::span<const std::string_view> names, std::size_t& target) {
  std::string allowed;
  for (target = 0; target < names.size(); ++target) {
    if (value.is_string(names[target])) return {};
    allowed += concat({allowed.empty() ? "\"" : ", \"", names[target], "\""});
  }
  return invalid(layer, {"\"", field, "\" must be one of ", allowed, "."});
}

template <typename Value>
Status read_name(const Json& value, std::string_view layer, std::string_view field,
                 std::span<const std::string_view> names, Value& target) {
  std::size_t found = 0;
  SORTLAB_RETURN_IF_ERROR(find_name(value, layer, field, names, found));
  target = static_cast<Value>(found);
  return {};
}

Status read_units(const Json& value, LayerSpec& layer) {
  if (value.is_string("classes")) {
    layer.units = 0;
    return {};
  }
  if (value.is_string()) return invalid(layer.name, "\"units\" must be a whole number or \"classes\".");
  return read_int(value, layer.name, "units", {1, 1 << 16}, layer.units);
}

Status read_field(Field field, const Json& value, LayerSpec& layer) {
  const std::string_view name = field_name(field);
  switch (field) {
    case Field::kFilters:
      return read_int(value, layer.name, name, {1, 4096}, layer.filters);
    case Field::kUnits:
      return read_units(value, layer);
    case Field::kKernelSize:
      return read_int(value, layer.name, name, {1, 15}, layer.kernel_size);
    case Field::kStride:
      return read_int(value, layer.name, name, {1, 15}, layer.stride);
    case Field::kPadding:
      return read_name(value, layer.name, name, kPaddingNames, layer.padding);
    case Field::kUseBias:
      if (value.kind != Json::Kind::kBoolean) return invalid(layer.name, "\"use_bias\" must be true or false.");
      layer.use_bias = value.number != 0;
      return {};
    case Field::kSize:
      return read_int(value, layer.name, name, {1, 15}, layer.size);
    case Field::kGroups:
      return read_int(value, layer.name, name, {1, 4096}, layer.groups);
    case Field::kEpsilon:
      return read_float(value, layer.name, name, 1e-8, 1.0, layer.epsilon);
    case Field::kRate:
      return read_float(value, layer.name, name, 0.0, 0.95, layer.rate);
    case Field::kActivation:
      return read_name(value, layer.name, name, kActivationNames, layer.activation);
    case Field::kInitialiser:
      return read_name(value, layer.name, name, kInitialiserNames, layer.initialiser);
    case Field::kInitialGamma:
      return read_float(value, layer.name, name, -10.0, 10.0, layer.initial_gamma);
  }
  return {};
}

Status read_from(const Json& value, LayerSpec& layer) {
  Status wrong = invalid(layer.name, "\"from\" must be a name or a list of one or two names.");
  if (value.is_string()) {
    layer.from.push_back(value.text);
    return {};
  }
  if (!value.is_array() || value.items.empty() || value.items.size() > 2) return wrong;
  for (const Json& name : value.items) {
    if (!name.is_string()) return wrong;
    layer.from.push_back(name.text);
  }
  return {};
}

Status check_fields(const Json& json, const LayerSpec& layer) {
  const std::span<const Field> fields = fields_of(layer.type);
  for (const Json& item : json.items) {
    const std::string_view key = item.key;
    const bool common = key == "type" || key == "name" || key == "from";
    const bool known = std::any_of(fields.begin(), fields.end(), [&](Field field) { return field_name(field) == key; });
    if (!common && !known) {
      return invalid(layer.name, {"a ", layer_type_name(layer.type), " has no field \"", key.substr(0, 64), "\"."});
    }
  }
  return {};
}

Status read_fields(const Json& json, LayerSpec& layer) {
  SORTLAB_RETURN_IF_ERROR(check_fields(json, layer));
  for (const Field field : fields_of(layer.type)) {
    if (const Json* found = json.find(field_name(field))) {
      SORTLAB_RETURN_IF_ERROR(read_field(field, *found, layer));
    } else if (field == Field::kFilters || field == Field::kUnits || field == Field::kRate) {
      return invalid(layer.name, {"\"", field_name(field), "\" is missing."});
    } else if (field == Field::kStride &&
               (layer.type == LayerType::kMaxPool || layer.type == LayerType::kAveragePool)) {
      layer.stride = layer.size;
    }
  }
  if (layer.type == LayerType::kActivation && layer.activation == kernels::Activation::kNone) {
    return invalid(layer.name, "\"activation\" must say which.");
  }
  return {};
}

/// Names a layer and resolves its "from", both by the layers before it.
class Names {
 public:
  explicit Names(const std::vector<LayerSpec>& before) : before_(before) {}

  Status name_layer(const Json& json, LayerSpec& layer) const {
    int number = 1;
    for (const LayerSpec& other : before_) number += other.type == layer.type ? 1 : 0;
    layer.name = concat({layer_type_name(layer.type), "_", std::to_string(number)});
    if (const Json* found = json.find("name")) {
      if (!found->is_string() || !valid_name(found->text)) {
        return invalid(layer.name, "\"name\" must be 1 to 64 letters, digits, '_', '-' or '.', and not \"input\".");
      }
      layer.name = found->text;
    }
    if (is_known(layer.name)) return invalid(layer.name, "this name is taken by a layer before it.");
    return {};
  }

  Status resolve_inputs(const Json& json, LayerSpec& layer) const {
    if (const Json* found = json.find("from")) {
      SORTLAB_RETURN_IF_ERROR(read_from(*found, layer));
    } else {
      layer.from.push_back(before_.empty() ? "input" : before_.back().name);
    }
    const std::size_t wanted = layer.type == LayerType::kAdd ? 2 : 1;
    if (layer.from.size() != wanted) {
      return invalid(layer.name,
                     wanted == 2 ? "\"from\" must name the two layers to add." : "it can read only one layer.");
    }
    for (const std::string& name : layer.from) {
      if (name != "input" && !is_known(name)) {
        return invalid(layer.name, {"\"from\" names \"", std::string_view(name).substr(0, kMaxNameBytes),
                                    "\", which is no layer before it."});
      }
    }
    return {};
  }

 private:
  bool is_known(const std::string& name) const {
    for (const LayerSpec& layer : before_) {
      if (layer.name == name) return true;
    }
    return false;
  }

  const std::vector<LayerSpec>& before_;  // kMaxLayers at most, so that looking through them is quick
};

Status read_layer(const Json& json, std::size_t index, const Names& names, LayerSpec& layer) {
  const std::string position = std::to_string(index + 1);
  if (!json.is_object()) return invalid(position, "it must be an object such as {\"type\": \"flatten\"}.");
  const Json* type = json.find("type");
  if (type == nullptr || !type->is_string()) return invalid(position, "\"type\" is missing.");
  const std::string_view type_name = type->text;
  const std::optional<LayerType> found = find_layer_type(type_name);
  if (!found) return invalid(position, {"there is no layer type \"", type_name.substr(0, 64), "\"."});
  layer.type = *found;
  SORTLAB_RETURN_IF_ERROR(names.name_layer(json, layer));
  SORTLAB_RETURN_IF_ERROR(read_fields(json, layer));
  return names.resolve_inputs(json, layer);
}

Status check_top(const Json& json) {
  const auto bad = [](std::string_view message) { return Status(StatusCode::kInvalidData, message, "architecture"); };
  if (!json.is_object()) return bad("The architecture must be a JSON object.");
  for (const Json& item : json.items) {
    const std::string_view key = item.key;
    if (key != "version" && key != "name" && key != "layers") {
      return bad(concat({"The architecture has an unknown field \"", key.substr(0, 64), "\"."}));
    }
  }
  const Json* version = json.find("version");
  if (version == nullptr || !version->is_whole()) return bad("The architecture's \"version\" is missing.");
  if (version->number != 1) {
    return {StatusCode::kUnsupported, "The architecture's version is not 1; a newer Sortlab may read it.",
            "architecture"};
  }
  if (const Json* name = json.find("name"); name != nullptr && (!name->is_string() || !valid_name(name->text))) {
    return bad("The architecture's \"name\" must be 1 to 64 letters, digits, '_', '-' or '.'.");
  }
  const Json* layers = json.find("layers");
  if (layers == nullptr || !layers->is_array() || layers->items.empty() || layers->items.size() > kMaxLayers) {
    return bad(
        concat({"The architecture's \"layers\" must be a list of 1 to ", std::to_string(kMaxLayers), " layers."}));
  }
  return {};
}

}  // namespace

Result<Architecture> parse_architecture(std::string_view text) {
  if (text.size() > kMaxTextBytes) {
    return Status(StatusCode::kTooLarge, "The architecture's text is over 1 MiB.", "architecture");
  }
  const Json json = parse_json(text, kMaxDepth).value_or(Json());
  SORTLAB_RETURN_IF_ERROR(check_top(json));
  Architecture architecture;
  if (const Json* name = json.find("name")) architecture.name = name->text;
  const Names names(architecture.layers);
  const std::vector<Json>& layers = json.find("layers")->items;
  for (std::size_t i = 0; i < layers.size(); ++i) {
    LayerSpec layer;
    SORTLAB_RETURN_IF_ERROR(read_layer(layers[i], i, names, layer));
    architecture.layers.push_back(std::move(layer));
  }
  return architecture;
}

}  // namespace sortlab
