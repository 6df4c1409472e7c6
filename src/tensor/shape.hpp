// Sizes of a tensor, outermost first: (height, width, channels) for a picture, (features) for a row of numbers. NHWC.
#pragma once

#include <array>
#include <cstddef>
#include <initializer_list>
#include <string>

namespace sortlab {

class Shape {
 public:
  static constexpr int kMaxRank = 4;

  constexpr Shape() = default;
  /// At most kMaxRank sizes; further ones are dropped.
  constexpr Shape(std::initializer_list<int> sizes) {
    for (const int size : sizes) {
      if (rank_ < kMaxRank) sizes_[static_cast<std::size_t>(rank_++)] = size;
    }
  }

  constexpr int rank() const { return rank_; }
  constexpr int operator[](int axis) const { return sizes_[static_cast<std::size_t>(axis)]; }
  /// Number of elements; 1 for rank 0.
  constexpr std::size_t count() const {
    std::size_t product = 1;
    for (int axis = 0; axis < rank_; ++axis) product *= static_cast<std::size_t>((*this)[axis]);
    return product;
  }
  constexpr bool operator==(const Shape&) const = default;

 private:
  std::array<int, kMaxRank> sizes_{};
  int rank_ = 0;
};

/// "(96, 96, 3)", for messages.
std::string to_string(const Shape& shape);

}  // namespace sortlab
