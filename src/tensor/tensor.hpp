// Floats with a shape: owned, or lying in memory that somebody else owns (an arena, a model's weights).
#pragma once

#include <array>
#include <cstddef>
#include <span>
#include <vector>

#include "tensor/shape.hpp"
#include "tensor/xtensor.hpp"

namespace sortlab {

/// xtensor's view of `shape` over memory of ours: reductions, slices and arithmetic without a copy. A shape of lower
/// rank gets leading axes of size 1.
inline auto view_of(std::span<float> values, const Shape& shape) {
  std::array<std::size_t, Shape::kMaxRank> sizes;
  sizes.fill(1);
  for (int axis = 0; axis < shape.rank(); ++axis) {
    sizes[static_cast<std::size_t>(Shape::kMaxRank - shape.rank() + axis)] = static_cast<std::size_t>(shape[axis]);
  }
  return xt::adapt(values.data(), shape.count(), xt::no_ownership(), sizes);
}
/// The same over (rows, columns).
inline auto matrix_view(std::span<const float> values, std::size_t rows, std::size_t columns) {
  return xt::adapt(values.data(), rows * columns, xt::no_ownership(), std::array<std::size_t, 2>{rows, columns});
}

class Tensor {
 public:
  Tensor() = default;
  /// Owns shape.count() zeros.
  explicit Tensor(const Shape& shape) : shape_(shape), owned_(shape.count()), values_(owned_) {}
  /// Lies over `values`, which must hold shape.count() floats and outlive the tensor.
  Tensor(const Shape& shape, std::span<float> values) : shape_(shape), values_(values.first(shape.count())) {}
  Tensor(Tensor&&) = default;
  Tensor& operator=(Tensor&&) = default;
  Tensor(const Tensor&) = delete;
  Tensor& operator=(const Tensor&) = delete;

  const Shape& shape() const { return shape_; }
  std::size_t count() const { return values_.size(); }
  bool owns() const { return !owned_.empty(); }
  float* data() { return values_.data(); }
  const float* data() const { return values_.data(); }
  std::span<float> values() { return values_; }
  std::span<const float> values() const { return values_; }
  /// xtensor's view, (1, .., sizes) of rank 4.
  auto view() { return view_of(values_, shape_); }

 private:
  Shape shape_;
  std::vector<float> owned_;  // moving a vector keeps its memory, so values_ stays right
  std::span<float> values_;
};

}  // namespace sortlab
