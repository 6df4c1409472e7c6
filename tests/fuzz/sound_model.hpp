// A sound model file in parts, for the fuzzer to change one of them.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "io/safetensors.hpp"

namespace sortlab::test {

using Metadata = std::vector<std::pair<std::string, std::string>>;

inline const Metadata& sound_metadata() {
  static const Metadata metadata = {
      {"format", "sortlab-model"},
      {"version", "1"},
      {"architecture", R"({"version":1,"layers":[{"type":"flatten"},{"type":"dense","units":"classes"}]})"},
      {"classes", R"(["a","b"])"},
      {"preprocessing", R"({"size":1,"fit":"crop","mean":0.5,"deviation":0.25,"channels":"rgb"})"},
      {"trained_on", "0123456789abcdef"},
      {"training", "{}"}};
  return metadata;
}

/// The weights that architecture needs, under this description.
inline std::vector<std::uint8_t> model_with(const Metadata& metadata) {
  const SafetensorsEntry tensors[] = {{"dense_1/weight", {3, 2}, 0, 0}, {"dense_1/bias", {2}, 0, 0}};
  return write_safetensors(metadata, tensors, std::vector<float>(8, 0.5f));
}

}  // namespace sortlab::test
