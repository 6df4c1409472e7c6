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

namespace {

constexpr int kClasses = 4;

/// An untrained network, random pictures, and what it says of them: the same on every number of threads, one by one and
/// all together.
struct Prediction {
  Prediction(const Architecture& architecture, int size, int count)
      : picture(static_cast<std::size_t>(size * size * 3)),
        graph(Graph::compile(architecture, size, kClasses, GraphUse::kInference).value()),
        weights(graph.parameter_count()),
        pictures(test::uniform_values(picture * static_cast<std::size_t>(count), 4)) {
    graph.initialise_parameters(9, weights);
    const auto read = [&](int index, float* output) {
      std::copy_n(pictures.data() + static_cast<std::size_t>(index) * picture, picture, output);
    };
    for (const int threads : {1, 2, 4}) {
      CAPTURE(threads);
      ThreadPool pool(threads);
      const auto network = InferenceNetwork::create(architecture, size, kClasses, weights, pool);
      REQUIRE(network.ok());
      std::vector<float> all(static_cast<std::size_t>(count * kClasses), -1.0f), single(all);
      (*network)->predict(count, read, all.data());
      for (int i = 0; i < count; ++i) {
        (*network)->predict(1, [&](int, float* output) { read(i, output); }, single.data() + i * kClasses);
      }
      CHECK(single == all);
      if (probs.empty()) probs = all;
      CHECK(probs == all);
    }
  }

  std::size_t picture;
  Graph graph;
  std::vector<float> weights, pictures, probs;
};

}  // namespace

TEST_CASE("one picture in rows, many pictures over threads and the plain reference agree") {
  for (const char* text : {test::kTinyNotebook, test::kTinyCompact, test::kTinyWide}) {
    const Architecture architecture = test::parsed(text);
    CAPTURE(architecture.name);
    const std::size_t count = 37;  // more than one batch
    const Prediction prediction(architecture, 20, static_cast<int>(count));
    const test::ReferenceNetwork reference{.architecture = architecture, .graph = prediction.graph, .training = false};
    const std::vector<double> in = test::to_double(prediction.pictures), weights = test::to_double(prediction.weights);
    std::vector<double> expected;
    for (std::size_t i = 0; i < count; ++i) {
      const auto picture = std::span(in).subspan(i * prediction.picture, prediction.picture);
      std::vector<double> row = reference.logits(picture, weights, 0);
      kernels::reference::softmax(1, kClasses, row.data(), row.data());
      expected.insert(expected.end(), row.begin(), row.end());
    }
    test::check_close(prediction.probs, expected, 1e-5, 1e-4, "probs");
  }
}

TEST_CASE("large pictures go through in rows one after the other, in the same memory") {
  const Architecture architecture = test::parsed(test::kTinyNotebook);
  const int size = 301;
  const std::vector<float> probs = Prediction(architecture, size, 3).probs;
  CHECK(!std::equal(probs.begin(), probs.begin() + kClasses, probs.begin() + kClasses));
  const Result<std::size_t> one = InferenceNetwork::plan(architecture, size, kClasses, 1),
                            four = InferenceNetwork::plan(architecture, size, kClasses, 4);
  REQUIRE((one.ok() && four.ok()));
  constexpr std::size_t kWorkspaceAtMost = std::size_t{1} << 20;  // values take more
  CHECK(*four - *one < 3 * kWorkspaceAtMost);
}

TEST_CASE("weights of another number are refused") {
  ThreadPool pool(1);
  const std::vector<float> weights(7);
  const auto network = InferenceNetwork::create(test::parsed(test::kTinyNotebook), 16, 3, weights, pool);
  REQUIRE(!network.ok());
  CHECK(network.status().code() == StatusCode::kInvalidArgument);
}

}  // namespace sortlab
