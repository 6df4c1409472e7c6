// Walks of a (rows, columns) matrix, row-major, a few vectors of columns at a time, and sums over its rows.
//
//      | 16 columns: 4 vectors | 16 ... | 4 | 4 | 1 to 3 |     down a block with its sums in registers, in parts of
//      |          v            |   v    | v | v |   v    |     kRowsPerPart rows, then the next block
//
// A column is summed in one order whatever the number of columns. Memory is the limit; the kernels that use it (norm,
// pool, elementwise) say what they reach.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>

#include "kernels/lanes.hpp"

namespace sortlab::kernels {

/// Rows added up before their sum joins the total: keeps the rounding error of long columns small.
inline constexpr int kRowsPerPart = 64;

/// Several vectors of neighbouring columns, loaded and stored together.
template <std::size_t kVectors, typename Lanes>
struct ColumnBlock {
  using Values = std::array<simd::f32x4, kVectors>;
  static constexpr std::size_t kCount = kVectors;
  Lanes lanes;

  Values load(const float* p) const {
    Values values;
    for (std::size_t v = 0; v < kVectors; ++v) values[v] = lanes.load(p + v * simd::kLanes);
    return values;
  }
  void store(float* p, const Values& values) const {
    for (std::size_t v = 0; v < kVectors; ++v) lanes.store(p + v * simd::kLanes, values[v]);
  }
};

/// f(first column, block): blocks of sixteen columns (a cache line), then of four, then the last one to three.
template <typename F>
inline void for_column_blocks(int columns, F&& f) {
  int c = 0;
  for (; c + 4 * simd::kLanes <= columns; c += 4 * simd::kLanes) f(c, ColumnBlock<4, FullLanes>{});
  for (; c + simd::kLanes <= columns; c += simd::kLanes) f(c, ColumnBlock<1, FullLanes>{});
  if (c < columns) f(c, ColumnBlock<1, TailLanes>{{columns - c}});
}

/// Totals of kCount vectors over all rows; add_row(row, sums) adds one row to them.
template <std::size_t kCount, typename F>
inline std::array<simd::f32x4, kCount> sum_rows(int rows, F&& add_row) {
  std::array<simd::f32x4, kCount> total;
  total.fill(simd::zero());
  for (int begin = 0; begin < rows; begin += kRowsPerPart) {
    std::array<simd::f32x4, kCount> part;
    part.fill(simd::zero());
    const int end = std::min(rows, begin + kRowsPerPart);
    for (int row = begin; row < end; ++row) add_row(row, part);
    for (std::size_t i = 0; i < kCount; ++i) total[i] = total[i] + part[i];
  }
  return total;
}

/// The sums over rows of one block of columns; `values` points at its first column.
template <typename Block>
inline typename Block::Values column_sums(const Block& block, int rows, int columns, const float* values) {
  return sum_rows<Block::kCount>(rows, [&](int row, auto& sums) {
    const auto x = block.load(values + static_cast<std::ptrdiff_t>(row) * columns);
    for (std::size_t v = 0; v < Block::kCount; ++v) sums[v] = sums[v] + x[v];
  });
}

}  // namespace sortlab::kernels
