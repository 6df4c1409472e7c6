#include <doctest/doctest.h>

#include <algorithm>
#include <vector>

#include "compare.hpp"
#include "nn/inference_network.hpp"
#include "numeric_gradient.hpp"
#include "reference_network.hpp"
#include "test_data.hpp"
#include "tiny_networks.hpp"

namespace sortlab {

TEST_CASE("one picture in rows, many pictures over threads and the plain reference agree") {
  for (const char* text : {test::kTinyNotebook, test::kTinyCompact}) {
    const Architecture architecture = test::parsed(text);
    CAPTURE(architecture.name);
    const int size = 20, classes = 4, count = 37;  // more than one batch
    const std::size_t picture = static_cast<std::size_t>(size * size * 3);
    Result<Graph> graph = Graph::compile(architecture, size, classes, GraphUse::kInference);
    REQUIRE(graph.ok());
    std::vector<float> weights(graph->parameter_count());
    graph->initialise_parameters(9, weights);
    const std::vector<float> pictures = test::uniform_values(picture * count, 4);
    const auto read = [&](int index, float* output) {
      std::copy_n(pictures.data() + static_cast<std::size_t>(index) * picture, picture, output);
    };
    std::vector<float> first;
    for (const int threads : {1, 2, 4}) {
      CAPTURE(threads);
      ThreadPool pool(threads);
      Result<std::unique_ptr<InferenceNetwork>> network =
          InferenceNetwork::create(architecture, size, classes, weights, pool);
      REQUIRE(network.ok());
      std::vector<float> probs(static_cast<std::size_t>(count * classes), -1.0f), single(probs);
      (*network)->predict(count, read, probs.data());
      for (int i = 0; i < count; ++i) {
        (*network)->predict(1, [&](int, float* output) { read(i, output); }, single.data() + i * classes);
      }
      CHECK(single == probs);
      if (first.empty()) first = probs;
      CHECK(probs == first);
    }
    const test::ReferenceNetwork reference{.architecture = architecture, .graph = *graph, .training = false};
    const std::vector<double> in = test::to_double(pictures), parameters = test::to_double(weights);
    std::vector<double> expected;
    for (std::size_t i = 0; i < static_cast<std::size_t>(count); ++i) {
      std::vector<double> row = reference.logits(std::span(in).subspan(i * picture, picture), parameters, 0);
      kernels::reference::softmax(1, classes, row.data(), row.data());
      expected.insert(expected.end(), row.begin(), row.end());
    }
    test::check_close(first, expected, 1e-5, 1e-4, "probs");
  }
}

TEST_CASE("large pictures, which go through in rows one after the other, keep apart") {
  const Architecture architecture = test::parsed(test::kTinyNotebook);
  const int size = 301, classes = 4, count = 3;
  const std::size_t picture = static_cast<std::size_t>(size * size * 3);
  const Result<Graph> graph = Graph::compile(architecture, size, classes, GraphUse::kInference);
  REQUIRE(graph.ok());
  std::vector<float> weights(graph->parameter_count());
  graph->initialise_parameters(9, weights);
  const std::vector<float> pictures = test::uniform_values(picture * count, 4);
  const auto read = [&](int index, float* output) {
    std::copy_n(pictures.data() + static_cast<std::size_t>(index) * picture, picture, output);
  };
  std::vector<float> first;
  for (const int threads : {1, 2, 4}) {
    CAPTURE(threads);
    ThreadPool pool(threads);
    const auto network = InferenceNetwork::create(architecture, size, classes, weights, pool);
    REQUIRE(network.ok());
    std::vector<float> probs(static_cast<std::size_t>(count * classes), -1.0f), single(probs);
    (*network)->predict(count, read, probs.data());
    for (int i = 0; i < count; ++i) {
      (*network)->predict(1, [&](int, float* output) { read(i, output); }, single.data() + i * classes);
    }
    CHECK(single == probs);
    if (first.empty()) first = probs;
    CHECK(probs == first);
    CHECK(!std::equal(probs.begin(), probs.begin() + classes, probs.begin() + classes));
  }
  constexpr std::size_t kWorkspaceAtMost = std::size_t{1} << 20;
  const Result<std::size_t> one = InferenceNetwork::plan(architecture, size, classes, 1),
                            four = InferenceNetwork::plan(architecture, size, classes, 4);
  REQUIRE((one.ok() && four.ok()));
  CHECK(*four - *one < 3 * kWorkspaceAtMost);  // no values for each thread: they take more
}

TEST_CASE("weights of another number are refused") {
  ThreadPool pool(1);
  const std::vector<float> weights(7);
  const auto network = InferenceNetwork::create(test::parsed(test::kTinyNotebook), 16, 3, weights, pool);
  REQUIRE(!network.ok());
  CHECK(network.status().code() == StatusCode::kInvalidArgument);
}

}  // namespace sortlab
