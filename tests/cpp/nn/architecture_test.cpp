#include "nn/architecture.hpp"

#include <doctest/doctest.h>

#include <string>

#include "nn/graph.hpp"
#include "tiny_networks.hpp"

namespace sortlab {
namespace {

std::string layers(const std::string& list) { return R"({"version": 1, "layers": [)" + list + "]}"; }

Status parse_error(const std::string& text) {
  const Result<Architecture> result = parse_architecture(text);
  CHECK_MESSAGE(!result.ok(), text);
  return result.status();
}

bool same_layer(const LayerSpec& a, const LayerSpec& b) {
  return a.type == b.type && a.name == b.name && a.from == b.from && a.filters == b.filters && a.units == b.units &&
         a.kernel_size == b.kernel_size && a.stride == b.stride && a.padding == b.padding && a.use_bias == b.use_bias &&
         a.size == b.size && a.groups == b.groups && a.epsilon == b.epsilon && a.rate == b.rate &&
         a.activation == b.activation && a.initialiser == b.initialiser && a.initial_gamma == b.initial_gamma;
}

}  // namespace

TEST_CASE("names, inputs and defaults are filled in") {
  const Architecture architecture = test::parsed(R"({"version": 1, "layers": [
    {"type": "conv2d", "filters": 4}, {"type": "max_pool", "size": 3}, {"type": "conv2d", "filters": 2, "name": "x"},
    {"type": "conv2d", "filters": 4, "from": "max_pool_1"}, {"type": "flatten"}, {"type": "dense", "units": "classes"}]})");
  CHECK(architecture.layers[0].name == "conv2d_1");
  CHECK(architecture.layers[0].from == std::vector<std::string>{"input"});
  CHECK(architecture.layers[0].padding == kernels::Padding::kSame);
  CHECK(architecture.layers[1].stride == 3);
  CHECK(architecture.layers[2].from == std::vector<std::string>{"max_pool_1"});
  CHECK(architecture.layers[3].name == "conv2d_3");
  CHECK(architecture.layers[3].from == std::vector<std::string>{"max_pool_1"});
  CHECK(architecture.layers[5].units == 0);
}

TEST_CASE("writing and reading give the same layers") {
  std::vector<const char*> texts{test::kTinyNotebook, test::kTinyCompact, test::kTinyWide};
  for (const Preset& preset : presets()) texts.push_back(preset.json);
  texts.push_back(R"({"version": 1, "layers": [
    {"type": "dropout", "rate": 0.95}, {"type": "group_norm", "groups": 3, "epsilon": 1e-8, "initial_gamma": -10},
    {"type": "flatten"}, {"type": "dense", "units": "classes"}]})");
  for (const char* text : texts) {
    const Architecture first = test::parsed(text);
    const std::string written = architecture_to_json(first);
    CAPTURE(written);
    const Architecture second = test::parsed(written.c_str());
    CHECK(second.name == first.name);
    REQUIRE(second.layers.size() == first.layers.size());
    for (std::size_t i = 0; i < first.layers.size(); ++i) CHECK(same_layer(first.layers[i], second.layers[i]));
    CHECK(architecture_to_json(second) == written);
  }
}

TEST_CASE("the notebook's preset is the notebook's network") {
  const Architecture architecture = test::parsed(find_preset("notebook")->json);
  Result<Graph> graph = Graph::compile(architecture, 224, 6, GraphUse::kTraining);
  REQUIRE(graph.ok());
  CHECK(graph->parameter_count() == 896 + 18496 + 18464 + (28 * 28 * 32 * 64 + 64) + 2080 + 198);
  CHECK(graph->trunk_operations() == 3);
}

TEST_CASE("the compact preset is the default and fits 96 to 128 pixels") {
  CHECK(std::string(presets().front().name) == "compact");
  const Architecture architecture = test::parsed(find_preset("compact")->json);
  for (const int size : {96, 112, 128}) {
    Result<Graph> graph = Graph::compile(architecture, size, 6, GraphUse::kTraining);
    REQUIRE_MESSAGE(graph.ok(), graph.status().message());
    CHECK(graph->parameter_count() < 2000000);
  }
  CHECK(find_preset("none") == nullptr);
}

TEST_CASE("broken texts are refused with the layer's name") {
  CHECK(parse_error("").code() == StatusCode::kInvalidData);
  CHECK(parse_error("{\"version\": 1, \"layers\": [").code() == StatusCode::kInvalidData);
  CHECK(parse_error("[]").code() == StatusCode::kInvalidData);
  CHECK(parse_error(R"({"layers": [{"type": "flatten"}]})").code() == StatusCode::kInvalidData);
  CHECK(parse_error(R"({"version": 2, "layers": [{"type": "flatten"}]})").code() == StatusCode::kUnsupported);
  CHECK(parse_error(R"({"version": 1, "layers": []})").code() == StatusCode::kInvalidData);
  CHECK(parse_error(R"({"version": 1, "layers": {}})").code() == StatusCode::kInvalidData);
  CHECK(parse_error(R"({"version": 1, "extra": 1, "layers": [{"type": "flatten"}]})").message().find("extra") !=
        std::string::npos);
  CHECK(parse_error(R"({"version": 1, "name": 7, "layers": [{"type": "flatten"}]})").code() ==
        StatusCode::kInvalidData);
  CHECK(parse_error(std::string(3 << 20, ' ')).code() == StatusCode::kTooLarge);
  CHECK(parse_error(std::string(100000, '[')).code() == StatusCode::kInvalidData);
}

TEST_CASE("wrong layers are refused by name and field") {
  struct Wrong {
    const char* layer;
    const char* said;
  };
  for (const Wrong& wrong : {Wrong{R"(7)", "object"},
                             {R"({})", "type"},
                             {R"({"type": 3})", "type"},
                             {R"({"type": "lstm"})", "lstm"},
                             {R"({"type": "conv2d"})", "filters"},
                             {R"({"type": "conv2d", "filters": "many"})", "filters"},
                             {R"({"type": "conv2d", "filters": 0})", "filters"},
                             {R"({"type": "conv2d", "filters": 2.5})", "filters"},
                             {R"({"type": "conv2d", "filters": 1e99})", "filters"},
                             {R"({"type": "conv2d", "filters": 9999999999999})", "filters"},
                             {R"({"type": "conv2d", "filters": 4, "stride": -1})", "stride"},
                             {R"({"type": "conv2d", "filters": 4, "padding": "full"})", "padding"},
                             {R"({"type": "conv2d", "filters": 4, "use_bias": 1})", "use_bias"},
                             {R"({"type": "conv2d", "filters": 4, "activation": null})", "activation"},
                             {R"({"type": "conv2d", "filters": 4, "units": 3})", "units"},
                             {R"({"type": "conv2d", "filters": 4, "initialiser": "zeros"})", "initialiser"},
                             {R"({"type": "dense"})", "units"},
                             {R"({"type": "dense", "units": "all"})", "units"},
                             {R"({"type": "dropout"})", "rate"},
                             {R"({"type": "dropout", "rate": 1.0})", "rate"},
                             {R"({"type": "dropout", "rate": "0.2"})", "rate"},
                             {R"({"type": "activation"})", "activation"},
                             {R"({"type": "flatten", "size": 2})", "size"},
                             {R"({"type": "flatten", "name": ""})", "name"},
                             {R"({"type": "flatten", "name": "input"})", "name"},
                             {R"({"type": "flatten", "name": "a/b"})", "name"},
                             {R"({"type": "flatten", "from": "nobody"})", "nobody"},
                             {R"({"type": "flatten", "from": 4})", "from"},
                             {R"({"type": "flatten", "from": []})", "from"},
                             {R"({"type": "add"})", "from"},
                             {R"({"type": "add", "from": ["input"]})", "from"},
                             {R"({"type": "flatten", "from": ["input", "input"]})", "one layer"},
                             {R"({"type": "flatten", "name": "x"}, {"type": "flatten", "name": "x"})", "taken"}}) {
    CAPTURE(std::string(wrong.layer));
    const Status status = parse_error(layers(wrong.layer));
    CHECK(status.code() == StatusCode::kInvalidData);
    CHECK_FALSE(status.subject().empty());
    CHECK_MESSAGE(status.message().find(wrong.said) != std::string::npos, status.message());
  }
}

}  // namespace sortlab
