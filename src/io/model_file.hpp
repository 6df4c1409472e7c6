// One model, one file: `.safetensors` (Hugging Face's format) with JSON in its __metadata__. Described in
// docs/model-file.md. A file is untrusted: sizes are capped and checked before anything is believed.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "base/status.hpp"
#include "image/resize.hpp"
#include "nn/architecture.hpp"

namespace sortlab {

/// One named weight tensor: `shape` as in the layer's docs; its values lie at `offset` in Model::weights.
struct WeightTensor {
  std::string name;  // "conv2d_1/weight"
  std::vector<int> shape;
  std::size_t offset = 0;  // floats
};

struct Model {
  Architecture architecture;
  std::vector<std::string> classes;
  Preprocessing preprocessing;
  std::vector<WeightTensor> tensors;  // in graph order, without gaps
  std::vector<float> weights;
  std::vector<std::uint64_t> trained_on;  // hashes of the training and validation photos
  std::string training_json = "{}";       // an object for people: seed, engine, epochs, scores. Not used by the core
};

/// 2 to 1,000 different names of 1 to 200 bytes without control characters: what read_model accepts. kInvalidData
/// otherwise.
Status check_class_names(std::span<const std::string> classes);

/// All of the file but the weights, which follow: a caller that is short of memory need not hold them twice.
std::vector<std::uint8_t> write_model_header(const Model& model);
/// float32 little-endian. Never fails: a Model that was built or read is valid.
std::vector<std::uint8_t> write_model(const Model& model);
/// Limits: 256 MiB in all, 8 MiB of header, 1,000 classes, 1,000 tensors, class names of 200 bytes. Every tensor the
/// architecture needs must be there with its shape, finite, and none beside.
Result<Model> read_model(std::span<const std::uint8_t> bytes);

}  // namespace sortlab
