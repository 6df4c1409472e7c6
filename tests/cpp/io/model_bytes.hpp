// Model files for the tests: a small valid model, and files put together from any header and data.
#pragma once

#include <doctest/doctest.h>

#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>
#include <vector>

#include "io/model_file.hpp"
#include "nn/graph.hpp"
#include "test_data.hpp"

namespace sortlab::test {

using Bytes = std::vector<std::uint8_t>;

inline Bytes container(std::string_view header, std::size_t data_bytes) {
  Bytes bytes(8 + header.size() + data_bytes);
  const std::uint64_t length = header.size();
  std::memcpy(bytes.data(), &length, 8);
  std::memcpy(bytes.data() + 8, header.data(), header.size());
  return bytes;
}

/// The header of a file, without its padding.
inline std::string header_of(const Bytes& file) {
  std::uint64_t length = 0;
  std::memcpy(&length, file.data(), 8);
  const std::string text(file.begin() + 8, file.begin() + 8 + static_cast<std::ptrdiff_t>(length));
  return text.substr(0, text.find_last_not_of(' ') + 1);
}

/// The file with its header changed: the first `from` becomes `to`, which must change something.
inline Bytes with_header(const Bytes& file, std::string_view from, std::string_view to) {
  std::string header = header_of(file);
  const std::size_t at = header.find(from);
  CHECK_MESSAGE(at != std::string::npos, std::string(from));
  if (at == std::string::npos) return file;
  header.replace(at, from.size(), to);
  std::uint64_t length = 0;
  std::memcpy(&length, file.data(), 8);
  const std::size_t start = 8 + static_cast<std::size_t>(length);
  Bytes result = container(header, file.size() - start);
  std::memcpy(result.data() + 8 + header.size(), file.data() + start, file.size() - start);
  return result;
}

inline Model small_model() {
  Model model;
  Result<Architecture> architecture = parse_architecture(R"({ "version": 1, "name": "small", "layers": [
    { "type": "conv2d", "filters": 4, "kernel_size": 3, "padding": "same", "activation": "relu" },
    { "type": "group_norm", "groups": 2 }, { "type": "max_pool", "size": 2 }, { "type": "flatten" },
    { "type": "dense", "units": 5, "activation": "relu" }, { "type": "dropout", "rate": 0.25 },
    { "type": "dense", "units": "classes" } ] })");
  REQUIRE_MESSAGE(architecture.ok(), architecture.status().message());
  model.architecture = *architecture;
  model.classes = {"glass", "Papier & Pappe", "\xE7\xB4\x99 <img onerror=x>"};
  model.preprocessing.size = 8;
  model.preprocessing.fit = Fit::kCrop;
  model.preprocessing.mean = 0.1f;
  model.preprocessing.deviation = 0.3f;
  model.trained_on = {1, 0xFEDCBA9876543210u, 0xFFFFFFFFFFFFFFFFu};
  model.training_json = R"({"seed": 7, "note": "a \"quoted\" word"})";
  const Result<Graph> graph = Graph::compile(model.architecture, 8, 3, GraphUse::kTraining);
  REQUIRE_MESSAGE(graph.ok(), graph.status().message());
  for (const ParameterTensor& parameter : graph->parameters()) {
    std::vector<int> shape;
    for (int axis = 0; axis < parameter.shape.rank(); ++axis) shape.push_back(parameter.shape[axis]);
    model.tensors.push_back({parameter.name, shape, parameter.offset});
  }
  model.weights = normal_values(graph->parameter_count(), 3);
  return model;
}

}  // namespace sortlab::test
