// The container of model files: Hugging Face's safetensors. Eight bytes of header length (little-endian), a JSON
// header, then the tensors' bytes without gaps. Only 32-bit floats are used here.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/status.hpp"

namespace sortlab {

struct SafetensorsEntry {
  std::string name;
  std::vector<int> shape;
  std::size_t begin = 0, end = 0;  // bytes of Safetensors::data
};

struct Safetensors {
  std::vector<std::pair<std::string, std::string>> metadata;  // no key twice
  std::vector<SafetensorsEntry> tensors;
  std::span<const std::uint8_t> data;  // of the bytes that were read

  /// nullptr where there is none.
  const std::string* find_metadata(std::string_view key) const;
};

/// Checks all sizes before anything is believed: 256 MiB in all, 8 MiB of header, 1,000 tensors; every tensor is F32,
/// its bytes are as many as its shape says, and together they cover the data without gap or overlap.
Result<Safetensors> read_safetensors(std::span<const std::uint8_t> bytes);

/// What comes before the data: length and header. The tensors' values follow one after another, in the order of
/// `tensors` (whose begin and end are not read); they start at a multiple of 64 bytes.
std::vector<std::uint8_t> write_safetensors_header(std::span<const std::pair<std::string, std::string>> metadata,
                                                   std::span<const SafetensorsEntry> tensors);
/// Header and data.
std::vector<std::uint8_t> write_safetensors(std::span<const std::pair<std::string, std::string>> metadata,
                                            std::span<const SafetensorsEntry> tensors, std::span<const float> data);

}  // namespace sortlab
