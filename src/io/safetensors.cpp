#include "io/safetensors.hpp"

#include <bit>
#include <cstring>
#include <limits>
#include <string_view>

#include "base/sort.hpp"
#include "json/json.hpp"

namespace sortlab {

namespace {

static_assert(std::endian::native == std::endian::little, "values are copied as they lie in memory");
static_assert(sizeof(float) == 4 && std::numeric_limits<float>::is_iec559);

constexpr std::size_t kMaxFileBytes = std::size_t{256} << 20;
constexpr std::size_t kMaxHeaderBytes = std::size_t{8} << 20;
constexpr std::size_t kMaxTensors = 1000;
constexpr std::size_t kMaxRank = 8;
constexpr std::size_t kLengthBytes = 8;
constexpr std::size_t kAlignment = 64;
constexpr int kMaxDepth = 4;

Status invalid(const char* message) { return {StatusCode::kInvalidData, message}; }

Result<std::size_t> read_size(const Json& value) {
  if (!value.is_whole() || value.number < 0) {
    return invalid("The model file is damaged: a size in it is not a whole number.");
  }
  if (value.number > static_cast<double>(kMaxFileBytes))
    return invalid("The model file is damaged: a size in it is larger than any model.");
  return static_cast<std::size_t>(value.number);
}

Result<SafetensorsEntry> read_entry(const Json& value) {
  SafetensorsEntry entry{value.key, {}, 0, 0};
  const Json *dtype = value.find("dtype"), *shape = value.find("shape"), *offsets = value.find("data_offsets");
  if (dtype == nullptr || shape == nullptr || offsets == nullptr) {
    return invalid("The model file is damaged: a tensor in it is not fully described.");
  }
  if (!dtype->is_string("F32")) {
    return Status(StatusCode::kUnsupported, "The model's weights are not 32-bit floats; save it again as float32.");
  }
  if (!shape->is_array() || shape->items.size() > kMaxRank || !offsets->is_array() || offsets->items.size() != 2) {
    return invalid("The model file is damaged: a tensor in it is not fully described.");
  }
  std::size_t count = 1;
  for (const Json& side : shape->items) {
    const Result<std::size_t> size = read_size(side);
    if (!size.ok()) return size.status();
    entry.shape.push_back(static_cast<int>(*size));
    // Both factors are at most 2^28, so that 64 bits hold the product; it is checked before it grows again.
    const std::uint64_t product = std::uint64_t{count} * *size;
    if (product > kMaxFileBytes) return invalid("The model file is damaged: a tensor in it is larger than the file.");
    count = static_cast<std::size_t>(product);
  }
  const Result<std::size_t> begin = read_size(offsets->items[0]), end = read_size(offsets->items[1]);
  if (!begin.ok()) return begin.status();
  if (!end.ok()) return end.status();
  entry.begin = *begin;
  entry.end = *end;
  if (entry.end < entry.begin || entry.end - entry.begin != count * sizeof(float)) {
    return invalid("The model file is damaged: a tensor's size and shape do not agree.");
  }
  return entry;
}

Status read_metadata(const Json& value, Safetensors& file) {
  if (!value.is_object()) return invalid("The model file is damaged: its description is not an object.");
  for (const Json& item : value.items) {
    if (!item.is_string()) return invalid("The model file is damaged: its description holds something besides text.");
    file.metadata.emplace_back(item.key, item.text);
  }
  return {};
}

/// Sorted by place, the tensors must follow one another from the first byte of the data to the last.
Status check_cover(const Safetensors& file) {
  std::vector<std::uint64_t> places;  // begin above end: both are below 2^32
  places.reserve(file.tensors.size());
  for (const SafetensorsEntry& entry : file.tensors) places.push_back(std::uint64_t{entry.begin} << 32 | entry.end);
  sort(places);
  std::size_t at = 0;
  for (const std::uint64_t place : places) {
    const std::size_t begin = static_cast<std::size_t>(place >> 32), end = place & 0xFFFFFFFF;
    if (end > file.data.size()) {
      return {StatusCode::kTruncated, "The model file ends too early, as after an interrupted copy; copy it again."};
    }
    if (begin != at) return invalid("The model file is damaged: its tensors overlap or leave gaps.");
    at = end;
  }
  if (at != file.data.size()) return invalid("The model file is damaged: it holds more than its tensors.");
  return {};
}

}  // namespace

const std::string* Safetensors::find_metadata(std::string_view key) const {
  for (const auto& [name, text] : metadata) {
    if (name == key) return &text;
  }
  return nullptr;
}

Result<Safetensors> read_safetensors(std::span<const std::uint8_t> bytes) {
  if (bytes.size() > kMaxFileBytes) return Status(StatusCode::kTooLarge, "The model file is larger than 256 MiB.");
  if (bytes.size() < kLengthBytes) return Status(StatusCode::kTruncated, "The file is too short to be a model file.");
  std::uint64_t header_bytes = 0;
  std::memcpy(&header_bytes, bytes.data(), kLengthBytes);
  // Files of other kinds give absurd lengths here.
  if (header_bytes > kMaxHeaderBytes || header_bytes < 2) return invalid("This is not a model file (.safetensors).");
  if (header_bytes > bytes.size() - kLengthBytes) {
    return Status(StatusCode::kTruncated,
                  "The model file ends too early, as after an interrupted copy; copy it again.");
  }
  const std::string_view text(reinterpret_cast<const char*>(bytes.data()) + kLengthBytes,
                              static_cast<std::size_t>(header_bytes));
  if (text.front() != '{') return invalid("This is not a model file (.safetensors).");
  const std::optional<Json> header = parse_json(text, kMaxDepth);
  if (!header) return invalid("The file is damaged: its description cannot be read; copy it again.");
  if (header->items.size() > kMaxTensors + 1)
    return Status(StatusCode::kTooLarge, "The model file holds more than 1,000 tensors.");

  Safetensors file;
  file.data = bytes.subspan(kLengthBytes + static_cast<std::size_t>(header_bytes));
  for (const Json& value : header->items) {
    if (value.key == "__metadata__") {
      SORTLAB_RETURN_IF_ERROR(read_metadata(value, file));
      continue;
    }
    Result<SafetensorsEntry> entry = read_entry(value);
    if (!entry.ok()) return entry.status();
    file.tensors.push_back(std::move(*entry));
  }
  SORTLAB_RETURN_IF_ERROR(check_cover(file));
  return file;
}

std::vector<std::uint8_t> write_safetensors_header(std::span<const std::pair<std::string, std::string>> metadata,
                                                   std::span<const SafetensorsEntry> tensors) {
  JsonObjectWriter header, description;
  for (const auto& [key, text] : metadata) description.add(key, json_text(text));
  if (!metadata.empty()) header.add("__metadata__", description.finish());
  std::size_t at = 0;
  for (const SafetensorsEntry& entry : tensors) {
    std::size_t bytes = sizeof(float);
    std::string shape;
    for (const int side : entry.shape) {
      bytes *= static_cast<std::size_t>(side);
      shape += concat({shape.empty() ? "" : ",", std::to_string(side)});
    }
    header.add(entry.name, concat({R"({"dtype":"F32","shape":[)", shape, R"(],"data_offsets":[)", std::to_string(at),
                                   ",", std::to_string(at + bytes), "]}"}));
    at += bytes;
  }
  std::string text = header.finish();
  while ((kLengthBytes + text.size()) % kAlignment != 0) text += ' ';
  const std::uint64_t header_bytes = text.size();
  std::vector<std::uint8_t> bytes(kLengthBytes + text.size());
  std::memcpy(bytes.data(), &header_bytes, kLengthBytes);
  std::memcpy(bytes.data() + kLengthBytes, text.data(), text.size());
  return bytes;
}

std::vector<std::uint8_t> write_safetensors(std::span<const std::pair<std::string, std::string>> metadata,
                                            std::span<const SafetensorsEntry> tensors, std::span<const float> data) {
  std::vector<std::uint8_t> bytes = write_safetensors_header(metadata, tensors);
  const auto* begin = reinterpret_cast<const std::uint8_t*>(data.data());
  bytes.insert(bytes.end(), begin, begin + data.size_bytes());
  return bytes;
}

}  // namespace sortlab
