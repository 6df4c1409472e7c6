#include "io/model_file.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "io/safetensors.hpp"
#include "model_bytes.hpp"

namespace sortlab {
namespace {

using test::Bytes;
using test::small_model;
using test::with_header;

TEST_CASE("a model comes back exactly") {
  const Model model = small_model();
  const Bytes bytes = write_model(model);
  CHECK(bytes == write_model(model));
  const Result<Model> read = read_model(bytes);
  REQUIRE_MESSAGE(read.ok(), read.status().message());
  CHECK(read->classes == model.classes);
  CHECK(read->preprocessing.size == 8);
  CHECK(read->preprocessing.fit == Fit::kCrop);
  CHECK(read->preprocessing.mean == model.preprocessing.mean);
  CHECK(read->preprocessing.deviation == model.preprocessing.deviation);
  CHECK(read->trained_on == model.trained_on);
  CHECK(read->training_json == model.training_json);
  CHECK(read->weights == model.weights);
  REQUIRE(read->tensors.size() == model.tensors.size());
  for (std::size_t i = 0; i < model.tensors.size(); ++i) {
    CHECK(read->tensors[i].name == model.tensors[i].name);
    CHECK(read->tensors[i].shape == model.tensors[i].shape);
    CHECK(read->tensors[i].offset == model.tensors[i].offset);
  }
  CHECK(architecture_to_json(read->architecture) == architecture_to_json(model.architecture));
  CHECK(write_model(*read) == bytes);
}

TEST_CASE("every preset's model can be written and read") {
  for (const Preset& preset : presets()) {
    const Result<Architecture> architecture = parse_architecture(preset.json);
    REQUIRE(architecture.ok());
    Model model = small_model();
    model.architecture = *architecture;
    model.preprocessing.size = preset.defaults.image_size;
    const Result<Graph> graph = Graph::compile(*architecture, preset.defaults.image_size, 3, GraphUse::kTraining);
    REQUIRE(graph.ok());
    model.tensors.clear();
    for (const ParameterTensor& parameter : graph->parameters()) {
      std::vector<int> shape;
      for (int axis = 0; axis < parameter.shape.rank(); ++axis) shape.push_back(parameter.shape[axis]);
      model.tensors.push_back({parameter.name, shape, parameter.offset});
    }
    model.weights.assign(graph->parameter_count(), 0.5f);
    const Result<Model> read = read_model(write_model(model));
    REQUIRE_MESSAGE(read.ok(), std::string(preset.name), ": ", read.status().message());
    CHECK(read->weights.size() == model.weights.size());
  }
}

TEST_CASE("tensors written in another order end up in graph order") {
  const Model model = small_model();
  const Result<Safetensors> file = [&] {
    static Bytes bytes;
    bytes = write_model(model);
    return read_safetensors(bytes);
  }();
  REQUIRE(file.ok());
  std::vector<SafetensorsEntry> reversed(file->tensors.rbegin(), file->tensors.rend());
  std::vector<float> data;
  for (const SafetensorsEntry& entry : reversed) {
    for (std::size_t at = entry.begin; at < entry.end; at += 4) {
      float value = 0;
      std::memcpy(&value, file->data.data() + at, 4);
      data.push_back(value);
    }
  }
  const Result<Model> read = read_model(write_safetensors(file->metadata, reversed, data));
  REQUIRE(read.ok());
  CHECK(read->weights == model.weights);
  CHECK(read->tensors[0].name == model.tensors[0].name);
}

TEST_CASE("a file cut anywhere is refused") {
  const Bytes bytes = write_model(small_model());
  for (std::size_t size = 0; size < bytes.size(); size += size < 200 ? 1 : 13) {
    CHECK_MESSAGE(!read_model(std::span(bytes).first(size)).ok(), "at ", size);
  }
  Bytes longer = bytes;
  longer.push_back(0);
  CHECK(!read_model(longer).ok());
}

TEST_CASE("no flipped bit of the header crashes") {
  const Bytes bytes = write_model(small_model());
  const std::size_t header = 8 + test::header_of(bytes).size();
  std::size_t refused = 0;
  for (std::size_t bit = 0; bit < header * 8; bit += 3) {
    Bytes changed = bytes;
    changed[bit / 8] = static_cast<std::uint8_t>(changed[bit / 8] ^ (1 << bit % 8));
    const Result<Model> model = read_model(changed);
    if (!model.ok()) {
      ++refused;
      REQUIRE(!model.status().message().empty());
    } else {
      REQUIRE(model->classes.size() == 3);
    }
  }
  CHECK(refused > header);
}

TEST_CASE("weights that are not numbers are refused") {
  Model model = small_model();
  for (const float value : {std::numeric_limits<float>::quiet_NaN(), std::numeric_limits<float>::infinity()}) {
    for (const std::size_t at : {std::size_t{0}, model.weights.size() / 2, model.weights.size() - 1}) {
      Model bad = model;
      bad.weights[at] = value;
      const Result<Model> read = read_model(write_model(bad));
      CHECK(read.status().code() == StatusCode::kInvalidData);
      CHECK(read.status().message().find("not numbers") != std::string::npos);
    }
  }
}

TEST_CASE("files of other makers and versions are told apart") {
  const Bytes bytes = write_model(small_model());
  CHECK(read_model(with_header(bytes, R"("format":"sortlab-model")", R"("format":"pt")")).status().code() ==
        StatusCode::kUnsupported);
  CHECK(read_model(with_header(bytes, R"("format":)", R"("other":)")).status().code() == StatusCode::kUnsupported);
  CHECK(read_model(with_header(bytes, R"("version":"1")", R"("version":"2")")).status().code() ==
        StatusCode::kUnsupported);
  CHECK(read_model(test::container("{}", 0)).status().code() == StatusCode::kUnsupported);
  CHECK(read_model(Bytes{'P', 'K', 3, 4, 0, 0, 0, 0, 0, 0}).status().code() == StatusCode::kInvalidData);
}

TEST_CASE("every lie in the description is refused") {
  const Bytes bytes = write_model(small_model());
  REQUIRE(read_model(bytes).ok());
  const std::pair<const char*, const char*> lies[] = {
      {R"("classes":)", R"("classen":)"},
      {R"([\"glass\",)", R"([)"},  // the last layer has three units
      {R"([\"glass\",)", R"([7,)"},
      {R"([\"glass\",)", R"([\"\",)"},
      {R"([\"glass\",)", R"([\"Papier & Pappe\",)"},  // twice
      {R"([\"glass\",)", R"([\"gl\\u0007ass\",)"},    // a control character
      {R"([\"glass\",)", R"([\"gl\\u0085ass\",)"},
      {R"([\"glass\",)", R"({\"a\":\"glass\",)"},
      {R"(\"size\":8)", R"(\"size\":16)"},  // the first dense layer has another shape then
      {R"(\"size\":8)", R"(\"size\":0)"},
      {R"(\"size\":8)", R"(\"size\":-8)"},
      {R"(\"size\":8)", R"(\"size\":99999999999999999999)"},
      {R"(\"size\":8)", R"(\"size\":\"8\")"},
      {R"(\"fit\":\"crop\")", R"(\"fit\":\"stretch\")"},
      {R"(\"fit\":\"crop\")", R"(\"fit\":1)"},
      {R"(\"channels\":\"rgb\")", R"(\"channels\":\"bgr\")"},
      {R"(\"mean\":)", R"(\"moan\":)"},
      {R"(\"mean\":)", R"(\"mean\":1e999,\"x\":)"},
      {R"(\"deviation\":)", R"(\"deviation\":0,\"x\":)"},
      {R"(\"deviation\":)", R"(\"deviation\":null,\"x\":)"},
      {R"("trained_on":"0)", R"("trained_on":")"},
      {R"("trained_on":"0)", R"("trained_on":"g)"},
      {R"("trained_on":"0)", R"("trained_on":"A)"},
      {R"("training":"{)", R"("training":"[{)"},
      {R"("training":"{)", R"("training":"{\"seed\":1,)"},  // a key twice
      {R"(\"conv2d\")", R"(\"conv9d\")"},
      {R"(\"filters\":4)", R"(\"filters\":8)"},
      {R"("conv2d_1/weight")", R"("conv2d_9/weight")"},
      {R"("shape":[3,3,3,4])", R"("shape":[3,3,4,3])"},
      {R"("shape":[3,3,3,4])", R"("shape":[108])"},
  };
  for (const auto& [from, to] : lies) {
    const Result<Model> model = read_model(with_header(bytes, from, to));
    CHECK_MESSAGE(!model.ok(), std::string(from), " -> ", std::string(to));
    if (!model.ok()) CHECK(model.status().message().back() == '.');
  }
}

TEST_CASE("deep nesting inside the description is refused") {
  const Bytes bytes = write_model(small_model());
  const std::string deep = "\"training\":\"" + std::string(50000, '[') + std::string(50000, ']') + "\",\"x\":\"";
  CHECK(!read_model(with_header(bytes, R"("training":")", deep)).ok());
  CHECK(!read_model(
             with_header(bytes, R"("architecture":")", "\"architecture\":\"" + std::string(50000, '[') + "\",\"x\":\""))
             .ok());
}

TEST_CASE("class names: number, length, control characters, doubles") {
  const auto ok = [](const std::vector<std::string>& names) { return check_class_names(names).ok(); };
  CHECK(ok({"a", "b"}));
  CHECK(ok({"a", std::string(200, 'x')}));
  CHECK(ok({"\xC3\xA9t\xC3\xA9", "\xD8\xB2"}));
  CHECK_FALSE(ok({}));
  CHECK_FALSE(ok({"a"}));
  CHECK_FALSE(ok({"a", ""}));
  CHECK_FALSE(ok({"a", "a"}));
  CHECK_FALSE(ok({"a", std::string(201, 'x')}));
  CHECK_FALSE(ok({"a", "b\n"}));
  CHECK_FALSE(ok({"a", "\x7F"}));
  CHECK_FALSE(ok({"a", "\xC2\x85"}));
  std::vector<std::string> many;
  for (int i = 0; i < 1000; ++i) many.push_back(std::to_string(i));
  CHECK(ok(many));
  many.push_back("one more");
  CHECK_FALSE(ok(many));
}

}  // namespace
}  // namespace sortlab
