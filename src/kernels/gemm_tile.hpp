// The innermost loop of every matrix product: one register tile of c, kRows x (4 kVectors), over a run of k.
//
//                    b panel (k, 4 kVectors), packed: one row is kVectors loads
//                   +---------------+
//                   | b0  b1  (b2)  |   for each k: load the panel's row once,
//                   +---------------+   splat one a per row, kRows * kVectors multiply-adds
//    a row 0  -->   | 0 0 . . . . . |
//    a row 1  -->   | 1 1 . . . . . |   all sums stay in registers until k is done
//    a row 2  -->   | 2 2 . . . . . |
//                   +---------------+
//
// Measured in V8: 94 to 100 % of the peak of multiply-add while panel and rows are in cache (3x12 relaxed, 4x8 simd).
// V8 has 16 vector registers and spills badly: kRows * kVectors sums + kVectors of b + 1 of a must fit. Every sum runs
// over k in ascending order, whatever the tile, so that the tile never changes a bit of the result.
#pragma once

#include <cstddef>

#include "kernels/clamp.hpp"
#include "simd/f32x4.hpp"

namespace sortlab::kernels {

/// Where a tile's sums start: at row r's start + r * row_step. That is the tile of c itself, or, with row_step 0, the
/// bias of its columns or zeros for all rows.
struct TileEnds {
  const float* start;
  std::ptrdiff_t row_step;
  Activation activation;
};

/// Adds a (kRows, k) times b panel to the sums. Element (r, i) of a is a[r * lda + i], or a[i * lda + r] where
/// kATransposed. Not unrolled here: LLVM's wasm back end nests the steps of an unrolled sum into one expression, whose
/// loads all come first and spill; V8 unrolls the loop itself, step after step.
template <int kRows, int kVectors, bool kATransposed>
inline void multiply_tile(int k, const float* a, std::ptrdiff_t lda, const float* b,
                          simd::f32x4 (&sums)[kRows][kVectors]) {
  const float* rows[kRows];
  for (int r = 0; r < kRows; ++r) rows[r] = a + (kATransposed ? r : r * lda);
#pragma clang loop unroll(disable)
  for (int i = 0; i < k; ++i) {
    simd::f32x4 columns[kVectors];
    for (int v = 0; v < kVectors; ++v) columns[v] = simd::load(b + 4 * v);
    b += 4 * kVectors;
    for (int r = 0; r < kRows; ++r) {
      const simd::f32x4 x = simd::load_splat(kATransposed ? rows[0] + r : rows[r] + i);
      for (int v = 0; v < kVectors; ++v) sums[r][v] = simd::madd(x, columns[v], sums[r][v]);
    }
    if constexpr (kATransposed) rows[0] += lda;
  }
}

/// c (kRows, 4 kVectors) = activation(start + a b). All of the tile is read and written.
template <int kRows, int kVectors, bool kATransposed>
void gemm_tile(int k, const float* a, std::ptrdiff_t lda, const float* b, float* c, std::ptrdiff_t ldc,
               const TileEnds& ends) {
  simd::f32x4 sums[kRows][kVectors];
  for (int r = 0; r < kRows; ++r) {
    for (int v = 0; v < kVectors; ++v) sums[r][v] = simd::load(ends.start + r * ends.row_step + 4 * v);
  }
  multiply_tile<kRows, kVectors, kATransposed>(k, a, lda, b, sums);
  if (ends.activation != Activation::kNone) {
    const Clamp clamp(ends.activation);
    for (auto& row : sums) {
      for (simd::f32x4& sum : row) sum = clamp.apply(sum);
    }
  }
  for (int r = 0; r < kRows; ++r) {
    for (int v = 0; v < kVectors; ++v) simd::store(c + r * ldc + 4 * v, sums[r][v]);
  }
}

}  // namespace sortlab::kernels
