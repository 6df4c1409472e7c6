// Ten training steps against what PyTorch records from the same pictures and weights:
// tests/reference/record_loss_curve.py.
#include "../../reference/loss_curve.inc"

#include <doctest/doctest.h>

#include <span>
#include <string>
#include <vector>

#include "compare.hpp"
#include "train/batch_trainer.hpp"

namespace sortlab {
namespace {

constexpr int kSize = 16, kBatch = 8, kClasses = 3;

constexpr const char* kNotebook = R"({"version": 1, "layers": [
{"type": "conv2d", "filters": 8, "activation": "relu"}, {"type": "max_pool", "size": 2},
{"type": "conv2d", "filters": 12, "activation": "relu"}, {"type": "max_pool", "size": 2},
{"type": "conv2d", "filters": 8, "activation": "relu"}, {"type": "max_pool", "size": 2},
{"type": "flatten"}, {"type": "dense", "units": 16, "activation": "relu"}, {"type": "dense", "units": "classes"}]})";

constexpr const char* kCompact = R"({"version": 1, "layers": [
{"type": "conv2d", "name": "stem", "filters": 8, "stride": 2, "use_bias": false},
{"type": "group_norm", "name": "stem_norm", "groups": 4, "activation": "relu"},
{"type": "conv2d", "name": "conv1", "filters": 8, "use_bias": false},
{"type": "group_norm", "name": "norm1", "groups": 4, "activation": "relu"},
{"type": "conv2d", "name": "conv2", "filters": 8, "use_bias": false},
{"type": "group_norm", "name": "norm2", "groups": 2},
{"type": "add", "from": ["stem_norm", "norm2"], "activation": "relu"},
{"type": "max_pool", "name": "pool", "size": 2},
{"type": "conv2d", "name": "conv3", "filters": 16},
{"type": "group_norm", "name": "norm3", "groups": 4},
{"type": "conv2d", "name": "projection", "from": "pool", "kernel_size": 1, "filters": 16},
{"type": "add", "from": ["projection", "norm3"], "activation": "relu"},
{"type": "global_average_pool"}, {"type": "dense", "name": "dense", "units": "classes"}]})";

/// As `number` in the script.
float number(std::uint32_t tensor, std::uint32_t index) {
  std::uint32_t x = index * 2654435761u + tensor * 40503u + 12345u;
  x ^= x >> 16;
  x *= 2246822519u;
  x ^= x >> 13;
  x *= 3266489917u;
  x ^= x >> 16;
  return static_cast<float>(x >> 8) / 8388608.0f - 1.0f;
}

/// As `initial` in the script.
std::vector<float> initial_weights(const Graph& graph) {
  std::vector<float> weights(graph.parameter_count());
  for (std::uint32_t t = 0; t < graph.parameters().size(); ++t) {
    const ParameterTensor& tensor = graph.parameters()[t];
    const bool gamma = tensor.name.ends_with("/gamma"), weight = tensor.name.ends_with("/weight");
    double scale = weight ? 1.0 : 0.125, fan_in = 1;
    for (int axis = 0; axis + 1 < tensor.shape.rank(); ++axis) fan_in *= tensor.shape[axis];
    while (weight && scale * scale * fan_in > 1.5) scale /= 2;
    for (std::uint32_t i = 0; i < tensor.shape.count(); ++i) {
      weights[tensor.offset + i] = (gamma ? 1.0f : 0.0f) + number(t, i) * static_cast<float>(scale);
    }
  }
  return weights;
}

std::vector<double> losses(const char* json, const BatchTrainerOptions& options, int threads) {
  ThreadPool pool(threads);
  Result<std::unique_ptr<BatchTrainer>> trainer =
      BatchTrainer::create(*parse_architecture(json), kSize, kClasses, options, pool);
  REQUIRE_MESSAGE(trainer.ok(), trainer.status().message());
  (*trainer)->set_weights(initial_weights((*trainer)->graph()));
  for (std::uint32_t i = 0; i < kBatch * kSize * kSize * 3; ++i) (*trainer)->input(0)[i] = number(1000, i);
  for (int i = 0; i < kBatch; ++i) (*trainer)->labels()[i] = i % kClasses;
  std::vector<double> curve;
  for (int step = 0; step < 10; ++step) {
    const Result<BatchResult> result = (*trainer)->train(kBatch, 1e-2f);
    REQUIRE(result.ok());
    curve.push_back(result->loss_sum / kBatch);
  }
  return curve;
}

}  // namespace

TEST_CASE("ten steps follow the curve that an independent implementation recorded") {
  for (const int threads : {1, 2}) {
    const std::vector<double> notebook =
        losses(kNotebook, {.batch_size = kBatch, .optimizer = {.kind = OptimizerKind::kAdam}}, threads);
    test::check_close(notebook, std::span<const double>(kNotebookLosses), 2e-5, 2e-5, "notebook-like network, Adam");
    const std::vector<double> compact = losses(kCompact,
                                               {.batch_size = kBatch,
                                                .optimizer = {.kind = OptimizerKind::kAdamW, .weight_decay = 0.5f},
                                                .loss = {.label_smoothing = 0.1f}},
                                               threads);
    test::check_close(compact, std::span<const double>(kCompactLosses), 2e-5, 2e-5, "compact-like network, AdamW");
  }
}

}  // namespace sortlab
