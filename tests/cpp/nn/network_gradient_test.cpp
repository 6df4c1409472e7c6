// Whole networks: loss and every parameter's gradient against central differences in double.
#include <doctest/doctest.h>

#include <algorithm>
#include <vector>

#include "compare.hpp"
#include "nn/training_network.hpp"
#include "numeric_gradient.hpp"
#include "reference_network.hpp"
#include "test_data.hpp"
#include "tiny_networks.hpp"

namespace sortlab {
namespace {

/// A network with the memory for one batch.
struct TrainingSetup {
  TrainingSetup(const Architecture& architecture, int size, int batch, int threads) : pool(threads) {
    Result<Graph> compiled = Graph::compile(architecture, size, 3, GraphUse::kTraining);
    REQUIRE_MESSAGE(compiled.ok(), compiled.status().message());
    graph = std::move(*compiled);
    BumpPlanner planner;
    plan = plan_training(graph, batch, threads, planner);
    Result<Arena> allocated = Arena::allocate(planner.total());
    REQUIRE(allocated.ok());
    arena = std::move(*allocated);
    weights.resize(graph.parameter_count());
    gradients.resize(graph.parameter_count(), 5.0f);
    graph.initialise_parameters(3, weights);
    const std::vector<float> noise = test::uniform_values(weights.size(), 8, -0.1f, 0.1f);
    for (std::size_t i = 0; i < weights.size(); ++i) weights[i] += noise[i];  // zero biases would hide errors
    network = std::make_unique<TrainingNetwork>(graph, plan, arena, weights, gradients, pool);
  }

  void fill(const std::vector<float>& pictures, const std::vector<std::int32_t>& labels) {
    std::copy(pictures.begin(), pictures.end(), network->input(0));
    std::copy(labels.begin(), labels.end(), network->labels());
    network->weights_changed();
  }

  ThreadPool pool;
  Graph graph;
  TrainingPlan plan;
  Arena arena;
  std::vector<float> weights, gradients;
  std::unique_ptr<TrainingNetwork> network;
};

std::vector<std::int32_t> labels_of(int count) {
  std::vector<std::int32_t> labels;
  for (int i = 0; i < count; ++i) labels.push_back(i * 2 % 3);
  return labels;
}

}  // namespace

TEST_CASE("gradients of whole networks") {
  for (const char* text : {test::kTinyNotebook, test::kTinyCompact, test::kTinyWide}) {
    const Architecture architecture = test::parsed(text);
    CAPTURE(architecture.name);
    for (const int count : {1, 3}) {
      CAPTURE(count);
      const int size = 9;  // three by three of Winograd's tiles, the last ones clipped
      TrainingSetup setup(architecture, size, 3, 2);
      const std::vector<float> pictures = test::uniform_values(static_cast<std::size_t>(count * size * size * 3), 6);
      const std::vector<std::int32_t> labels = labels_of(count);
      setup.fill(pictures, labels);
      const BatchResult result = setup.network->gradients(count, count, {.label_smoothing = 0.1f}, 77, 4);
      const test::ReferenceNetwork reference{
          .architecture = architecture, .graph = setup.graph, .label_smoothing = 0.1f, .seed = 77, .step = 4};
      const std::vector<double> in = test::to_double(pictures), parameters = test::to_double(setup.weights);
      CHECK(test::close(result.loss_sum / count, reference.loss(in, labels, parameters), 1e-5, 1e-5));
      std::vector<double> expected = test::numeric_gradient(
          [&](std::span<const double> at) { return reference.loss(in, labels, at); }, parameters, 1e-6);
      for (const ParameterTensor& tensor : setup.graph.parameters()) {  // constants have no gradient
        if (!tensor.trainable)
          std::fill_n(expected.begin() + static_cast<std::ptrdiff_t>(tensor.offset), tensor.shape.count(), 0.0);
      }
      test::check_close(setup.gradients, expected, 2e-5, 1e-3, "gradients");
      const BatchResult evaluated = setup.network->evaluate(count);
      test::ReferenceNetwork plain = reference;
      plain.training = false;
      plain.label_smoothing = 0;
      CHECK(test::close(evaluated.loss_sum / count, plain.loss(in, labels, parameters), 1e-5, 1e-5));
    }
  }
}

TEST_CASE("threads do not change a bit of loss or gradient, whatever the batch") {
  for (const char* text : {test::kTinyNotebook, test::kTinyCompact, test::kTinyWide}) {
    const Architecture architecture = test::parsed(text);
    CAPTURE(architecture.name);
    for (const int count : {1, 2, 7, 8, 19}) {
      CAPTURE(count);
      const int size = 13;
      const std::vector<float> pictures = test::uniform_values(static_cast<std::size_t>(count * size * size * 3), 6);
      TrainingSetup one(architecture, size, 19, 1);
      one.fill(pictures, labels_of(count));
      const BatchResult expected = one.network->gradients(count, count, {}, 1, 2);
      for (const int threads : {2, 3, 4}) {
        CAPTURE(threads);
        TrainingSetup other(architecture, size, 19, threads);
        other.fill(pictures, labels_of(count));
        CHECK(other.network->gradients(count, count, {}, 1, 2).loss_sum == expected.loss_sum);
        CHECK(other.gradients == one.gradients);
      }
    }
  }
}

TEST_CASE("a batch that pauses after every sample gives the same bits") {
  for (const char* text : {test::kTinyNotebook, test::kTinyCompact, test::kTinyWide}) {
    const Architecture architecture = test::parsed(text);
    CAPTURE(architecture.name);
    const int size = 13, most = 19;
    for (const int count : {1, 7, most}) {
      CAPTURE(count);
      const std::vector<float> pictures = test::uniform_values(static_cast<std::size_t>(count * size * size * 3), 6);
      TrainingSetup whole(architecture, size, most, 1);
      whole.fill(pictures, labels_of(count));
      const BatchResult expected = whole.network->gradients(count, count, {}, 1, 2);
      const BatchResult evaluated = whole.network->evaluate(count);
      for (const int threads : {1, 2, 4}) {
        CAPTURE(threads);
        TrainingSetup paused(architecture, size, most, threads);
        paused.fill(pictures, labels_of(count));
        // One that is begun and left behind takes nothing with it.
        paused.network->begin_gradients(count, count, {}, 9, 9);
        CHECK_FALSE(paused.network->advance(Deadline::after(0)));
        paused.network->begin_gradients(count, count, {}, 1, 2);
        int pauses = 0;
        while (!paused.network->advance(Deadline::after(0))) ++pauses;
        // Each call works on one sample a thread at most, forward or back.
        CHECK(pauses >= 2 * count / threads - 1);
        CHECK(pauses <= 2 * count);
        CHECK(paused.network->result().loss_sum == expected.loss_sum);
        CHECK(paused.network->result().correct == expected.correct);
        CHECK(paused.gradients == whole.gradients);
        paused.network->begin_evaluation(count);
        while (!paused.network->advance(Deadline::after(0))) continue;
        CHECK(paused.network->result().loss_sum == evaluated.loss_sum);
        CHECK(paused.network->gradients(count, count, {}, 1, 2).loss_sum == expected.loss_sum);
        CHECK(paused.gradients == whole.gradients);
      }
    }
  }
}

TEST_CASE("gradients of parts of a batch add up to the whole's") {
  const Architecture architecture = test::parsed(R"({"version": 1, "layers": [
    {"type": "conv2d", "filters": 4, "activation": "relu"}, {"type": "max_pool", "size": 2}, {"type": "flatten"},
    {"type": "dense", "units": "classes"}]})");
  const int size = 8, count = 6;
  const std::size_t picture = static_cast<std::size_t>(size * size * 3);
  const std::vector<float> pictures = test::uniform_values(picture * count, 6);
  const std::vector<std::int32_t> labels = labels_of(count);
  TrainingSetup whole(architecture, size, count, 1), part(architecture, size, count, 1);
  whole.fill(pictures, labels);
  whole.network->gradients(count, count, {}, 1, 2);
  std::vector<float> sum(whole.gradients.size());
  for (const auto& [begin, end] : {Range{0, 2}, Range{2, 6}}) {
    part.fill({pictures.begin() + static_cast<std::ptrdiff_t>(picture) * begin,
               pictures.begin() + static_cast<std::ptrdiff_t>(picture) * end},
              {labels.begin() + begin, labels.begin() + end});
    part.network->gradients(end - begin, count, {}, 1, 2);
    for (std::size_t i = 0; i < sum.size(); ++i) sum[i] += part.gradients[i];
  }
  test::check_close(sum, std::span<const float>(whole.gradients), 1e-6, 1e-5, "sum of parts");
}

}  // namespace sortlab
