#include "nn/graph.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <string>

#include "tensor/tensor.hpp"
#include "tiny_networks.hpp"

namespace sortlab {
namespace {

Result<Graph> compile(const std::string& list, int size = 16) {
  Result<Architecture> architecture = parse_architecture(R"({"version": 1, "layers": [)" + list + "]}");
  REQUIRE_MESSAGE(architecture.ok(), architecture.status().message());
  return Graph::compile(*architecture, size, 3, GraphUse::kTraining);
}

const std::string kEnd = R"({"type": "flatten"}, {"type": "dense", "units": "classes"})";

}  // namespace

TEST_CASE("shapes that do not fit are refused with the layer as subject") {
  struct Wrong {
    std::string layers;
    const char* subject;
  };
  for (const Wrong& wrong :
       {Wrong{R"({"type": "dense", "units": "classes"})", "dense_1"},
        {R"({"type": "flatten"}, {"type": "conv2d", "filters": 2},)" + kEnd, "conv2d_1"},
        {R"({"type": "flatten"}, {"type": "max_pool"},)" + kEnd, "max_pool_1"},
        {R"({"type": "max_pool", "size": 9}, {"type": "max_pool", "size": 9, "name": "second"},)" + kEnd, "second"},
        {R"({"type": "conv2d", "filters": 2, "kernel_size": 15, "padding": "valid"},
               {"type": "conv2d", "filters": 2, "padding": "valid", "name": "second"},)" +
             kEnd,
         "second"},
        {R"({"type": "conv2d", "filters": 6}, {"type": "group_norm", "groups": 4},)" + kEnd, "group_norm_1"},
        {R"({"type": "conv2d", "filters": 6}, {"type": "add", "from": ["input", "conv2d_1"]},)" + kEnd, "add_1"},
        {R"({"type": "conv2d", "filters": 6}, {"type": "conv2d", "filters": 6, "from": "input"},)" + kEnd, "conv2d_1"},
        {R"({"type": "flatten"})", "flatten_1"},
        {R"({"type": "flatten"}, {"type": "dense", "units": 4})", "dense_1"},
        {R"({"type": "flatten"}, {"type": "dense", "units": "classes", "activation": "relu"})", "dense_1"},
        {R"({"type": "conv2d", "filters": 6, "activation": "relu"}, {"type": "max_pool", "size": 2, "from": "conv2d_1"},
               {"type": "max_pool", "size": 10},)" +
             kEnd,
         "max_pool_2"}}) {
    CAPTURE(wrong.layers);
    const Result<Graph> graph = compile(wrong.layers);
    REQUIRE(!graph.ok());
    CHECK(graph.status().subject() == wrong.subject);
    CHECK_FALSE(graph.status().message().empty());
  }
}

TEST_CASE("tensors beyond any device are refused before memory is asked for") {
  CHECK(compile(R"({"type": "conv2d", "filters": 4096},)" + kEnd, 1024).status().code() == StatusCode::kTooLarge);
  CHECK(compile(R"({"type": "flatten"}, {"type": "dense", "units": 65536},{"type": "dense", "units": "classes"})", 1024)
            .status()
            .code() == StatusCode::kTooLarge);
  // 15 x 15 x 4096 x 4096 weights; and four of over 64 million together.
  CHECK(
      compile(R"({"type": "conv2d", "filters": 4096}, {"type": "conv2d", "filters": 4096, "kernel_size": 15},)" + kEnd)
          .status()
          .code() == StatusCode::kTooLarge);
  const std::string wide = R"({"type": "dense", "units": 5000},)";
  CHECK(compile(R"({"type": "flatten"},)" + wide + wide + wide + wide + R"({"type": "dense", "units": "classes"})")
            .status()
            .subject() == "architecture");
  CHECK(compile(kEnd, 0).status().subject() == "size");
  CHECK(compile(kEnd, 4000).status().subject() == "size");
}

TEST_CASE("a ReLU convolution that only a 2x2 pool reads is one operation with it; nothing else is") {
  const auto operations = [](const std::string& layers) {
    const Result<Graph> graph = compile(layers + kEnd);
    REQUIRE_MESSAGE(graph.ok(), graph.status().message());
    return graph->operations().size();
  };
  const std::string relu = R"({"type": "conv2d", "filters": 4, "activation": "relu"},)";
  CHECK(operations(relu + R"({"type": "max_pool", "size": 2},)") == 2);
  CHECK(operations(relu + R"({"type": "max_pool", "size": 3},)") == 3);
  CHECK(operations(relu + R"({"type": "max_pool", "size": 2, "stride": 1},)") == 3);
  CHECK(operations(R"({"type": "conv2d", "filters": 4}, {"type": "max_pool", "size": 2},)") == 3);
  // Two readers: the pool and a projection.
  CHECK(operations(relu +
                   R"({"type": "max_pool", "name": "a", "size": 2}, {"type": "conv2d", "name": "b", "from": "conv2d_1",
      "filters": 4, "stride": 2}, {"type": "add", "from": ["a", "b"]},)") == 5);
  // The convolution's map is one pixel high: no window fits, and the pool says so.
  CHECK(compile(relu + R"({"type": "max_pool", "size": 2},)" + kEnd, 1).status().subject() == "max_pool_1");
}

TEST_CASE("the trunk comes first, and its parameters too") {
  const Result<Graph> graph = Graph::compile(test::parsed(test::kTinyCompact), 16, 3, GraphUse::kTraining);
  REQUIRE(graph.ok());
  for (std::size_t i = 0; i < graph->operations().size(); ++i) {
    CHECK(graph->operations()[i].head == (static_cast<int>(i) >= graph->trunk_operations()));
  }
  std::size_t end = 0;
  for (const ParameterTensor& tensor : graph->parameters()) {
    CHECK(tensor.offset == end);
    end += tensor.shape.count();
  }
  CHECK(end == graph->parameter_count());
  CHECK(graph->parameters().front().name == "stem/weight");
  CHECK(graph->parameters().back().name == "dense_1/bias");
  CHECK(graph->parameter_count() - graph->trunk_parameter_count() == 6 * 3 + 3);
  const Result<Graph> inference = Graph::compile(test::parsed(test::kTinyCompact), 16, 3, GraphUse::kInference);
  REQUIRE(inference.ok());
  CHECK(inference->operations().size() + 2 == graph->operations().size());  // without dropout
  CHECK(inference->parameter_count() == graph->parameter_count());
}

TEST_CASE("initial values have the spread they should, and depend on seed and layer alone") {
  const Architecture architecture = test::parsed(R"({"version": 1, "layers": [
    {"type": "conv2d", "filters": 64, "initialiser": "he_normal"}, {"type": "conv2d", "filters": 64},
    {"type": "group_norm", "groups": 4, "initial_gamma": 0.5}, {"type": "batch_norm"},
    {"type": "flatten"}, {"type": "dense", "units": "classes"}]})");
  const Result<Graph> graph = Graph::compile(architecture, 8, 3, GraphUse::kTraining);
  REQUIRE(graph.ok());
  std::vector<float> values(graph->parameter_count(), 99.0f), again(values), other(values);
  graph->initialise_parameters(1, values);
  graph->initialise_parameters(1, again);
  graph->initialise_parameters(2, other);
  CHECK(values == again);
  CHECK(values != other);
  const auto tensor = [&](const std::string& name) {
    for (const ParameterTensor& parameter : graph->parameters()) {
      if (parameter.name == name) return std::span<float>(values).subspan(parameter.offset, parameter.shape.count());
    }
    FAIL("no tensor of this name: " << name);
    return std::span<float>();
  };
  const auto statistics = [&](const std::string& name) {
    const std::span<float> span = tensor(name);
    auto view = view_of(span, Shape{static_cast<int>(span.size())});
    return std::pair(static_cast<double>(xt::mean(view)()), static_cast<double>(xt::stddev(view)()));
  };
  const auto [he_mean, he_deviation] = statistics("conv2d_1/weight");
  CHECK(he_mean == doctest::Approx(0).epsilon(0.02));
  CHECK(he_deviation == doctest::Approx(std::sqrt(2.0 / 27)).epsilon(0.05));
  const auto [glorot_mean, glorot_deviation] = statistics("conv2d_2/weight");
  const double limit = std::sqrt(6.0 / (9 * 64 + 9 * 64));
  CHECK(glorot_mean == doctest::Approx(0).epsilon(0.01));
  CHECK(glorot_deviation == doctest::Approx(limit / std::sqrt(3.0)).epsilon(0.05));
  const std::span<float> glorot = tensor("conv2d_2/weight");
  CHECK(std::all_of(glorot.begin(), glorot.end(),
                    [&](float x) { return std::fabs(static_cast<double>(x)) <= limit * 1.0001; }));
  CHECK(tensor("conv2d_1/bias")[5] == 0.0f);
  CHECK(tensor("group_norm_1/gamma")[5] == 0.5f);
  CHECK(tensor("group_norm_1/beta")[5] == 0.0f);
  CHECK(tensor("batch_norm_1/variance")[5] == 1.0f);
  CHECK(tensor("batch_norm_1/mean")[5] == 0.0f);
}

}  // namespace sortlab
