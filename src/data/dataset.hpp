// The photos at training size, as bytes: one block that grows photo by photo.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "base/status.hpp"

namespace sortlab {

class Dataset {
 public:
  /// size: side of every photo in pixels; classes: names in order of their label.
  Dataset(int size, std::vector<std::string> classes);

  /// pixels: size * size * 3 bytes. hash: FNV-1a-64 of the photo's file bytes, to recognise it later (0: unknown).
  Status add(std::span<const std::uint8_t> pixels, int label, std::uint64_t hash);
  Status reserve(int count);
  void clear();

  int size() const { return size_; }
  int count() const { return static_cast<int>(labels_.size()); }
  const std::vector<std::string>& classes() const { return classes_; }
  std::span<const std::uint8_t> pixels(int index) const;
  int label(int index) const { return labels_[static_cast<std::size_t>(index)]; }
  std::uint64_t hash(int index) const { return hashes_[static_cast<std::size_t>(index)]; }
  std::span<const std::int32_t> labels() const { return labels_; }

 private:
  int size_;
  std::vector<std::string> classes_;
  std::vector<std::vector<std::uint8_t>> blocks_;  // of as many photos each: growing never copies what is there
  std::vector<std::int32_t> labels_;
  std::vector<std::uint64_t> hashes_;
};

}  // namespace sortlab
