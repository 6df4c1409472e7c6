// The text may come from a model file, so nothing in it is believed: every field's type is checked before it is read.
#include <algorithm>
#include <cmath>
#include <map>
#include <nlohmann/json.hpp>
#include <set>
#include <span>

#include "nn/architecture_fields.hpp"

namespace sortlab {
namespace {

using Json = nlohmann::json;

constexpr std::size_t kMaxTextBytes = std::size_t{1} << 20;
constexpr std::size_t kMaxLayers = 1000;
constexpr std::size_t kMaxNameBytes = 64;

Status invalid(const std::string& layer, const std::string& message) {
  return {StatusCode::kInvalidData, "Layer " + layer + ": " + message, layer};
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

Status read_int(const Json& value, const std::string& layer, std::string_view field, IntRange range, int& target) {
  const bool in_range =
      value.is_number_integer() && value.get<double>() >= range.low && value.get<double>() <= range.high;
  if (!in_range) {
    return invalid(layer, "\"" + std::string(field) + "\" must be a whole number from " + std::to_string(range.low) +
                              " to " + std::to_string(range.high) + ".");
  }
  target = value.get<int>();
  return {};
}

Status read_float(const Json& value, const std::string& layer, std::string_view field, double low, double high,
                  float& target) {
  // Compared as floats: what a limit was rounded to when written is still in range when read.
  const bool in_range = value.is_number() && value.get<float>() >= static_cast<float>(low) &&
                        value.get<float>() <= static_cast<float>(high);
  if (!in_range) {
    return invalid(layer, "\"" + std::string(field) + "\" must be a number from " + Json(low).dump() + " to " +
                              Json(high).dump() + ".");
  }
  target = value.get<float>();
  return {};
}

template <typename Value, std::size_t kCount>
Status read_name(const Json& value, const std::string& layer, std::string_view field,
                 const std::array<Named<Value>, kCount>& names, Value& target) {
  std::string allowed;
  for (const Named<Value>& named : names) {
    if (value.is_string() && value.get_ref<const std::string&>() == named.name) {
      target = named.value;
      return {};
    }
    allowed += (allowed.empty() ? "\"" : ", \"") + std::string(named.name) + "\"";
  }
  return invalid(layer, "\"" + std::string(field) + "\" must be one of " + allowed + ".");
}

Status read_units(const Json& value, LayerSpec& layer) {
  if (value.is_string() && value.get_ref<const std::string&>() == "classes") {
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
      if (!value.is_boolean()) return invalid(layer.name, "\"use_bias\" must be true or false.");
      layer.use_bias = value.get<bool>();
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
    layer.from = {value.get<std::string>()};
    return {};
  }
  if (!value.is_array() || value.empty() || value.size() > 2) return wrong;
  for (const Json& name : value) {
    if (!name.is_string()) return wrong;
    layer.from.push_back(name.get<std::string>());
  }
  return {};
}

Status check_fields(const Json& json, const LayerSpec& layer) {
  const std::span<const Field> fields = fields_of(layer.type);
  for (const auto& [key, value] : json.items()) {
    const bool common = key == "type" || key == "name" || key == "from";
    const bool known = std::any_of(fields.begin(), fields.end(), [&](Field field) { return field_name(field) == key; });
    if (!common && !known) {
      return invalid(layer.name,
                     "a " + std::string(layer_type_name(layer.type)) + " has no field \"" + key.substr(0, 64) + "\".");
    }
  }
  return {};
}

Status read_fields(const Json& json, LayerSpec& layer) {
  SORTLAB_RETURN_IF_ERROR(check_fields(json, layer));
  for (const Field field : fields_of(layer.type)) {
    const auto found = json.find(field_name(field));
    if (found != json.end()) {
      SORTLAB_RETURN_IF_ERROR(read_field(field, *found, layer));
    } else if (field == Field::kFilters || field == Field::kUnits || field == Field::kRate) {
      return invalid(layer.name, "\"" + std::string(field_name(field)) + "\" is missing.");
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

/// Names layers, remembers which names exist, and resolves "from".
class Names {
 public:
  Status name_layer(const Json& json, LayerSpec& layer) {
    const std::string type = layer_type_name(layer.type);
    const int number = ++counts_[type];
    layer.name = type + "_" + std::to_string(number);
    if (const auto found = json.find("name"); found != json.end()) {
      if (!found->is_string() || !valid_name(found->get_ref<const std::string&>())) {
        return invalid(layer.name, "\"name\" must be 1 to 64 letters, digits, '_', '-' or '.', and not \"input\".");
      }
      layer.name = found->get<std::string>();
    }
    if (known_.count(layer.name) > 0) return invalid(layer.name, "this name is taken by a layer before it.");
    return {};
  }

  Status resolve_inputs(const Json& json, LayerSpec& layer) {
    if (const auto found = json.find("from"); found != json.end()) {
      SORTLAB_RETURN_IF_ERROR(read_from(*found, layer));
    } else {
      layer.from = {previous_};
    }
    const std::size_t wanted = layer.type == LayerType::kAdd ? 2 : 1;
    if (layer.from.size() != wanted) {
      return invalid(layer.name,
                     wanted == 2 ? "\"from\" must name the two layers to add." : "it can read only one layer.");
    }
    for (const std::string& name : layer.from) {
      if (name != "input" && known_.count(name) == 0) {
        return invalid(layer.name,
                       "\"from\" names \"" + name.substr(0, kMaxNameBytes) + "\", which is no layer before it.");
      }
    }
    known_.insert(layer.name);
    previous_ = layer.name;
    return {};
  }

 private:
  std::map<std::string, int> counts_;
  std::set<std::string> known_;
  std::string previous_ = "input";
};

Status read_layer(const Json& json, std::size_t index, Names& names, LayerSpec& layer) {
  const std::string position = std::to_string(index + 1);
  if (!json.is_object()) return invalid(position, "it must be an object such as {\"type\": \"flatten\"}.");
  const auto type = json.find("type");
  if (type == json.end() || !type->is_string()) return invalid(position, "\"type\" is missing.");
  const std::string& type_name = type->get_ref<const std::string&>();
  const std::optional<LayerType> found = find_layer_type(type_name);
  if (!found) return invalid(position, "there is no layer type \"" + type_name.substr(0, 64) + "\".");
  layer.type = *found;
  SORTLAB_RETURN_IF_ERROR(names.name_layer(json, layer));
  SORTLAB_RETURN_IF_ERROR(read_fields(json, layer));
  return names.resolve_inputs(json, layer);
}

Status check_top(const Json& json) {
  const auto bad = [](const std::string& message) { return Status(StatusCode::kInvalidData, message, "architecture"); };
  if (json.is_discarded() || !json.is_object()) return bad("The architecture must be a JSON object.");
  for (const auto& [key, value] : json.items()) {
    if (key != "version" && key != "name" && key != "layers") {
      return bad("The architecture has an unknown field \"" + key.substr(0, 64) + "\".");
    }
  }
  const auto version = json.find("version");
  if (version == json.end() || !version->is_number_integer()) return bad("The architecture's \"version\" is missing.");
  if (*version != 1) {
    return {StatusCode::kUnsupported, "The architecture's version is not 1; a newer Sortlab may read it.",
            "architecture"};
  }
  if (const auto name = json.find("name");
      name != json.end() && (!name->is_string() || !valid_name(name->get<std::string>()))) {
    return bad("The architecture's \"name\" must be 1 to 64 letters, digits, '_', '-' or '.'.");
  }
  const auto layers = json.find("layers");
  if (layers == json.end() || !layers->is_array() || layers->empty() || layers->size() > kMaxLayers) {
    return bad("The architecture's \"layers\" must be a list of 1 to " + std::to_string(kMaxLayers) + " layers.");
  }
  return {};
}

}  // namespace

Result<Architecture> parse_architecture(std::string_view text) {
  if (text.size() > kMaxTextBytes) {
    return Status(StatusCode::kTooLarge, "The architecture's text is over 1 MiB.", "architecture");
  }
  // Deep nesting would exhaust the stack of the parser's destructor; no field of ours nests deeper than three.
  const auto shallow = [](int depth, Json::parse_event_t, Json&) { return depth <= 8; };
  const Json json = Json::parse(text, shallow, /*allow_exceptions=*/false);
  SORTLAB_RETURN_IF_ERROR(check_top(json));
  Architecture architecture;
  if (const auto name = json.find("name"); name != json.end()) architecture.name = name->get<std::string>();
  Names names;
  for (std::size_t i = 0; i < json["layers"].size(); ++i) {
    LayerSpec layer;
    SORTLAB_RETURN_IF_ERROR(read_layer(json["layers"][i], i, names, layer));
    architecture.layers.push_back(std::move(layer));
  }
  return architecture;
}

}  // namespace sortlab
