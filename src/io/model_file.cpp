#include "io/model_file.hpp"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <string_view>
#include <utility>

#include "io/safetensors.hpp"
#include "json/json.hpp"
#include "nn/graph.hpp"

namespace sortlab {

namespace {

constexpr const char* kFormat = "sortlab-model";
constexpr const char* kVersion = "1";
constexpr std::size_t kMinClasses = 2, kMaxClasses = 1000, kMaxClassNameBytes = 200;
constexpr std::size_t kHashDigits = 16;
constexpr int kMaxDepth = 8;

Status damaged(const char* what) {
  return {StatusCode::kInvalidData, {"The model file is damaged: ", what, "; copy it again."}};
}

/// The JSON text of one entry of the metadata.
Result<Json> read_field(const Safetensors& file, const char* name) {
  const std::string* text = file.find_metadata(name);
  if (text == nullptr) return damaged("a part of its description is missing");
  std::optional<Json> json = parse_json(*text, kMaxDepth);
  if (json) return std::move(*json);
  return Status(StatusCode::kInvalidData, "The file is damaged: its description cannot be read; copy it again.");
}

Status check_version(const Safetensors& file) {
  const std::string *format = file.find_metadata("format"), *version = file.find_metadata("version");
  if (format == nullptr || *format != kFormat || version == nullptr) {
    return {StatusCode::kUnsupported,
            "This .safetensors file was not made by Sortlab; open a model that was saved here."};
  }
  if (*version != kVersion) {
    return {StatusCode::kUnsupported,
            "This model was saved by another version of Sortlab; reload the page and try again."};
  }
  return {};
}

Result<std::vector<std::string>> read_classes(const Safetensors& file) {
  const Result<Json> json = read_field(file, "classes");
  if (!json.ok()) return json.status();
  if (!json->is_array()) return damaged("its classes are not a list");
  std::vector<std::string> classes;
  for (const Json& name : json->items) {
    if (!name.is_string()) return damaged("a class has no name");
    classes.push_back(name.text);
  }
  SORTLAB_RETURN_IF_ERROR(check_class_names(classes));
  return classes;
}

Result<float> read_number(const Json& object, const char* name) {
  const Json* value = object.find(name);
  if (value == nullptr || !value->is_number()) return damaged("a number of its preprocessing is missing");
  return static_cast<float>(value->number);
}

Result<Preprocessing> read_preprocessing(const Safetensors& file) {
  const Result<Json> json = read_field(file, "preprocessing");
  if (!json.ok()) return json.status();
  Preprocessing result;
  const Json *size = json->find("size"), *fit = json->find("fit"), *channels = json->find("channels");
  if (size == nullptr || !size->is_whole() || size->number < 0) return damaged("its image size is missing");
  result.size = static_cast<int>(std::min(size->number, 1048576.0));  // checked below
  if (fit == nullptr || (!fit->is_string("crop") && !fit->is_string("squeeze"))) {
    return damaged("how photos are made square is missing");
  }
  result.fit = fit->is_string("crop") ? Fit::kCrop : Fit::kSqueeze;
  if (channels == nullptr || !channels->is_string("rgb"))
    return damaged("the order of its colours is not red, green, blue");
  const Result<float> mean = read_number(*json, "mean"), deviation = read_number(*json, "deviation");
  if (!mean.ok()) return mean.status();
  if (!deviation.ok()) return deviation.status();
  result.mean = *mean;
  result.deviation = *deviation;
  if (!check_preprocessing(result).ok()) return damaged("its preprocessing makes no sense");
  return result;
}

Result<std::vector<std::uint64_t>> read_hashes(const Safetensors& file) {
  const std::string* found = file.find_metadata("trained_on");
  if (found == nullptr) return damaged("the list of its training photos is missing");
  const std::string_view text = *found;
  if (text.size() % kHashDigits != 0) return damaged("the list of its training photos is cut");
  std::vector<std::uint64_t> hashes(text.size() / kHashDigits);
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    const bool digit = c >= '0' && c <= '9';
    if (!digit && (c < 'a' || c > 'f')) return damaged("the list of its training photos holds something else");
    hashes[i / kHashDigits] = hashes[i / kHashDigits] << 4 | static_cast<std::uint64_t>(digit ? c - '0' : c - 'a' + 10);
  }
  return hashes;
}

std::string write_hashes(std::span<const std::uint64_t> hashes) {
  std::string text;
  for (const std::uint64_t hash : hashes) {
    for (int shift = 60; shift >= 0; shift -= 4) text += "0123456789abcdef"[hash >> shift & 15];
  }
  return text;
}

/// The file's tensors against those the architecture has: each once, with its shape, finite; none beside.
Status read_weights(const Safetensors& file, const Graph& graph, Model& model) {
  if (file.tensors.size() != graph.parameters().size()) return damaged("it has other tensors than its architecture");
  model.weights.resize(file.data.size() / sizeof(float));
  if (model.weights.size() != graph.parameter_count())
    return damaged("it has more or fewer weights than its architecture");
  for (const ParameterTensor& parameter : graph.parameters()) {
    // No name is there twice, and there are kMaxTensors at most.
    const auto found = std::find_if(file.tensors.begin(), file.tensors.end(),
                                    [&](const SafetensorsEntry& entry) { return entry.name == parameter.name; });
    if (found == file.tensors.end()) return damaged("it has other tensors than its architecture");
    const SafetensorsEntry& entry = *found;
    bool same_shape = static_cast<int>(entry.shape.size()) == parameter.shape.rank();
    for (int axis = 0; same_shape && axis < parameter.shape.rank(); ++axis) {
      same_shape = entry.shape[static_cast<std::size_t>(axis)] == parameter.shape[axis];
    }
    if (!same_shape) return damaged("a tensor has another shape than its architecture says");
    float* weights = model.weights.data() + parameter.offset;
    std::memcpy(weights, file.data.data() + entry.begin, entry.end - entry.begin);
    if (!std::all_of(weights, weights + parameter.shape.count(), [](float value) { return std::isfinite(value); })) {
      return damaged("some of its weights are not numbers");
    }
    model.tensors.push_back({parameter.name, entry.shape, parameter.offset});
  }
  return {};
}

}  // namespace

Status check_class_names(std::span<const std::string> classes) {
  if (classes.size() < kMinClasses || classes.size() > kMaxClasses) {
    return {StatusCode::kInvalidData, "A model has between 2 and 1,000 classes."};
  }
  for (auto current = classes.begin(); current != classes.end(); ++current) {
    const std::string& name = *current;
    if (name.empty() || name.size() > kMaxClassNameBytes) {
      return {StatusCode::kInvalidData,
              "The name of a class must have between 1 and 200 bytes; give it a shorter one."};
    }
    for (std::size_t i = 0; i < name.size(); ++i) {
      const auto byte = static_cast<unsigned char>(name[i]);
      // C0, delete, and C1 (U+0080 to U+009F, two bytes in UTF-8).
      const bool c1 = byte == 0xC2 && i + 1 < name.size() && static_cast<unsigned char>(name[i + 1]) < 0xA0;
      if (byte < 0x20 || byte == 0x7F || c1) {
        return {StatusCode::kInvalidData, "The name of a class holds control characters; give it a plain one."};
      }
    }
    if (std::find(classes.begin(), current, name) != current) {
      return {StatusCode::kInvalidData, "Two classes have the same name; rename one."};
    }
  }
  return {};
}

std::vector<std::uint8_t> write_model_header(const Model& model) {
  const Preprocessing& preprocessing = model.preprocessing;
  JsonObjectWriter described;
  described.add("size", std::to_string(preprocessing.size));
  described.add("fit", preprocessing.fit == Fit::kCrop ? R"("crop")" : R"("squeeze")");
  described.add("mean", json_text(static_cast<double>(preprocessing.mean)));
  described.add("deviation", json_text(static_cast<double>(preprocessing.deviation)));
  described.add("channels", R"("rgb")");
  const std::pair<std::string, std::string> metadata[] = {{"format", kFormat},
                                                          {"version", kVersion},
                                                          {"architecture", architecture_to_json(model.architecture)},
                                                          {"classes", json_text(model.classes)},
                                                          {"preprocessing", described.finish()},
                                                          {"trained_on", write_hashes(model.trained_on)},
                                                          {"training", model.training_json}};
  std::vector<SafetensorsEntry> tensors;
  tensors.reserve(model.tensors.size());
  for (const WeightTensor& tensor : model.tensors) tensors.push_back({tensor.name, tensor.shape, 0, 0});
  return write_safetensors_header(metadata, tensors);
}

std::vector<std::uint8_t> write_model(const Model& model) {
  std::vector<std::uint8_t> bytes = write_model_header(model);
  const auto* weights = reinterpret_cast<const std::uint8_t*>(model.weights.data());
  bytes.insert(bytes.end(), weights, weights + model.weights.size() * sizeof(float));
  return bytes;
}

Result<Model> read_model(std::span<const std::uint8_t> bytes) {
  const Result<Safetensors> file = read_safetensors(bytes);
  if (!file.ok()) return file.status();
  SORTLAB_RETURN_IF_ERROR(check_version(*file));

  Model model;
  Result<std::vector<std::string>> classes = read_classes(*file);
  if (!classes.ok()) return classes.status();
  model.classes = std::move(*classes);
  const Result<Preprocessing> preprocessing = read_preprocessing(*file);
  if (!preprocessing.ok()) return preprocessing.status();
  model.preprocessing = *preprocessing;
  Result<std::vector<std::uint64_t>> hashes = read_hashes(*file);
  if (!hashes.ok()) return hashes.status();
  model.trained_on = std::move(*hashes);
  const Result<Json> training = read_field(*file, "training");
  if (!training.ok()) return training.status();
  if (!training->is_object()) return damaged("its training record is not an object");
  model.training_json = *file->find_metadata("training");

  const Result<Json> network = read_field(*file, "architecture");  // depth and keys, before nn reads it
  if (!network.ok()) return network.status();
  Result<Architecture> architecture = parse_architecture(*file->find_metadata("architecture"));
  if (!architecture.ok()) return architecture.status();
  model.architecture = std::move(*architecture);
  const Result<Graph> graph = Graph::compile(model.architecture, model.preprocessing.size,
                                             static_cast<int>(model.classes.size()), GraphUse::kInference);
  if (!graph.ok()) return graph.status();
  SORTLAB_RETURN_IF_ERROR(read_weights(*file, *graph, model));
  return model;
}

}  // namespace sortlab
