#include "data/dataset.hpp"

#include <algorithm>
#include <utility>

#include "base/can_allocate.hpp"

namespace sortlab {

namespace {

/// Photos of one block: about a megabyte, so that the last block wastes little.
std::size_t photos_per_block(std::size_t photo_bytes) {
  constexpr std::size_t kBlockBytes = 1 << 20;
  return photo_bytes < kBlockBytes && photo_bytes > 0 ? kBlockBytes / photo_bytes : 1;
}

Status out_of_memory() {
  return {StatusCode::kOutOfMemory,
          "There is not enough memory for the photos; use a smaller image size or fewer photos."};
}

}  // namespace

Dataset::Dataset(int size, std::vector<std::string> classes) : size_(size), classes_(std::move(classes)) {}

Status Dataset::add(std::span<const std::uint8_t> pixels, int label, std::uint64_t hash) {
  const std::size_t photo_bytes = std::size_t{3} * static_cast<std::size_t>(size_) * static_cast<std::size_t>(size_);
  if (pixels.size() != photo_bytes) {
    return {StatusCode::kInvalidArgument,
            {"A photo must have ", std::to_string(size_), " x ", std::to_string(size_),
             " pixels of three bytes, like the others of its data set."}};
  }
  if (label < 0 || static_cast<std::size_t>(label) >= classes_.size()) {
    return {StatusCode::kInvalidArgument, "A photo's label must be one of the data set's classes."};
  }
  const std::size_t photos = photos_per_block(photo_bytes);
  const std::size_t place = labels_.size() % photos, block = labels_.size() / photos;
  if (block == blocks_.size()) {
    if (!can_allocate(photos * photo_bytes)) return out_of_memory();
    blocks_.emplace_back(photos * photo_bytes);
  }
  std::copy(pixels.begin(), pixels.end(), blocks_[block].begin() + static_cast<std::ptrdiff_t>(place * photo_bytes));
  labels_.push_back(label);
  hashes_.push_back(hash);
  return {};
}

Status Dataset::reserve(int count) {
  if (count < 0) return {StatusCode::kInvalidArgument, "The number of photos must not be negative."};
  const std::size_t photo_bytes = std::size_t{3} * static_cast<std::size_t>(size_) * static_cast<std::size_t>(size_);
  const std::size_t photos = photos_per_block(photo_bytes);
  const std::size_t blocks = (static_cast<std::size_t>(count) + photos - 1) / photos;
  blocks_.reserve(blocks);
  while (blocks_.size() < blocks) {
    if (!can_allocate(photos * photo_bytes)) return out_of_memory();
    blocks_.emplace_back(photos * photo_bytes);
  }
  labels_.reserve(static_cast<std::size_t>(count));
  hashes_.reserve(static_cast<std::size_t>(count));
  return {};
}

void Dataset::clear() {
  blocks_.clear();
  labels_.clear();
  hashes_.clear();
}

std::span<const std::uint8_t> Dataset::pixels(int index) const {
  const std::size_t photo_bytes = std::size_t{3} * static_cast<std::size_t>(size_) * static_cast<std::size_t>(size_);
  const std::size_t photo = static_cast<std::size_t>(index), photos = photos_per_block(photo_bytes);
  return std::span(blocks_[photo / photos]).subspan(photo % photos * photo_bytes, photo_bytes);
}

}  // namespace sortlab
