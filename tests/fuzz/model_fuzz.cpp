// Any bytes into the model file reader. Raw bytes seldom get past the container, so the input is also taken as the
// header's text, and as each part of the description of an otherwise sound file.
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <span>
#include <string>
#include <vector>

#include "io/model_file.hpp"
#include "sound_model.hpp"

namespace {

void read(std::span<const std::uint8_t> bytes) {
  const sortlab::Result<sortlab::Model> model = sortlab::read_model(bytes);
  if (!model.ok()) {
    if (model.status().message().empty()) std::abort();
    return;
  }
  for (const float weight : model->weights) {
    if (!std::isfinite(weight)) std::abort();
  }
  // What was accepted can be written and is accepted again.
  if (!sortlab::read_model(sortlab::write_model(*model)).ok()) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const std::span input(data + 1, size - 1);
  const std::string text(input.begin(), input.end());
  const std::size_t target = data[0] % 9;
  if (target == 0) {
    read(input);
  } else if (target == 1) {
    std::vector<std::uint8_t> bytes(8);
    const std::uint64_t length = text.size();
    std::memcpy(bytes.data(), &length, 8);
    bytes.insert(bytes.end(), input.begin(), input.end());
    bytes.resize(bytes.size() + 32);
    read(bytes);
  } else {
    sortlab::test::Metadata metadata = sortlab::test::sound_metadata();
    metadata[target - 2].second = text;
    read(sortlab::test::model_with(metadata));
  }
  return 0;
}
