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
// Measured in V8, relaxed: 93 % of the peak of multiply-add while panel and rows are in cache (96 x 192 x 256, 3x12).
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
/// kAhead: looks at `ahead` on the way, `pace` bytes further at each step. WebAssembly cannot prefetch, but a load
/// whose value nobody wants brings its cache line, and one line every few steps leaves the processor time to fetch the
/// next.
template <int kRows, int kVectors, bool kATransposed, bool kAhead = false>
inline void multiply_tile(int k, const float* a, std::ptrdiff_t lda, const float* b,
                          simd::f32x4 (&sums)[kRows][kVectors], [[maybe_unused]] const char* ahead = nullptr,
                          [[maybe_unused]] int pace = 0) {
  const float* rows[kRows];
  for (int r = 0; r < kRows; ++r) rows[r] = a + (kATransposed ? r : r * lda);
#pragma clang loop unroll(disable)
  for (int i = 0; i < k; ++i) {
    simd::f32x4 columns[kVectors];
    for (int v = 0; v < kVectors; ++v) columns[v] = simd::load(b + 4 * v);
    b += 4 * kVectors;
    if constexpr (kAhead) {
      (void)*static_cast<const volatile char*>(ahead);
      ahead += pace;
    }
    for (int r = 0; r < kRows; ++r) {
      const simd::f32x4 x = simd::load_splat(kATransposed ? rows[0] + r : rows[r] + i);
      for (int v = 0; v < kVectors; ++v) sums[r][v] = simd::madd(x, columns[v], sums[r][v]);
    }
    if constexpr (kATransposed) rows[0] += lda;
  }
}

/// The rows of c under one panel of b: c = activation(start + a b).
struct TileRows {
  int k;
  const float* a;
  std::ptrdiff_t lda;     // as multiply_tile wants it
  std::ptrdiff_t a_step;  // from row to row of a
  float* c;
  std::ptrdiff_t ldc;
  TileEnds ends;
  const char* ahead = nullptr;  // what of b comes next; the tiles look at `pace` bytes of it for each step of k
  int pace = 0;

  /// The same from `row` on.
  TileRows from(int row) const {
    TileRows part = *this;
    part.a += row * a_step;
    part.c += row * ldc;
    part.ends.start += row * ends.row_step;
    return part;
  }
};

/// `tiles` tiles of (kRows, 4 kVectors), one below the other; all of each is read and written. A loop here and not
/// round a call: with few k a call costs a tenth of the tile.
template <int kRows, int kVectors, bool kATransposed, bool kAhead = false>
void gemm_tiles(int tiles, const TileRows& rows, const float* b) {
  const float *a = rows.a, *start = rows.ends.start;
  float* c = rows.c;
  [[maybe_unused]] const char* ahead = rows.ahead;
#pragma clang loop unroll(disable)
  for (int tile = 0; tile < tiles; ++tile) {
    simd::f32x4 sums[kRows][kVectors];
    for (int r = 0; r < kRows; ++r) {
      for (int v = 0; v < kVectors; ++v) sums[r][v] = simd::load(start + r * rows.ends.row_step + 4 * v);
    }
    if constexpr (kAhead) {
      multiply_tile<kRows, kVectors, kATransposed, true>(rows.k, a, rows.lda, b, sums, ahead, rows.pace);
      ahead += rows.k * rows.pace;
    } else {
      multiply_tile<kRows, kVectors, kATransposed>(rows.k, a, rows.lda, b, sums);
    }
    if (rows.ends.activation != Activation::kNone) {
      const Clamp clamp(rows.ends.activation);
      for (auto& row : sums) {
        for (simd::f32x4& sum : row) sum = clamp.apply(sum);
      }
    }
    for (int r = 0; r < kRows; ++r) {
      for (int v = 0; v < kVectors; ++v) simd::store(c + r * rows.ldc + 4 * v, sums[r][v]);
    }
    a += kRows * rows.a_step;
    start += kRows * rows.ends.row_step;
    c += kRows * rows.ldc;
  }
}

/// One row under kPanels panels at once, which lie panel_step floats apart: as few sums as one panel has would wait for
/// one another, each multiply-add for the one before.
template <int kPanels, int kVectors, bool kATransposed>
void gemm_row(const TileRows& row, const float* b, std::ptrdiff_t panel_step) {
  simd::f32x4 sums[kPanels][kVectors];
  for (int p = 0; p < kPanels; ++p) {
    for (int v = 0; v < kVectors; ++v) sums[p][v] = simd::load(row.ends.start + 4 * (p * kVectors + v));
  }
  const float* a = row.a;
#pragma clang loop unroll(disable)
  for (int i = 0; i < row.k; ++i) {
    const simd::f32x4 x = simd::load_splat(a);
    for (int p = 0; p < kPanels; ++p) {
      for (int v = 0; v < kVectors; ++v) sums[p][v] = simd::madd(x, simd::load(b + p * panel_step + 4 * v), sums[p][v]);
    }
    a += kATransposed ? row.lda : 1;
    b += 4 * kVectors;
  }
  const Clamp clamp(row.ends.activation);
  for (int p = 0; p < kPanels; ++p) {
    for (int v = 0; v < kVectors; ++v) {
      simd::f32x4& sum = sums[p][v];
      if (row.ends.activation != Activation::kNone) sum = clamp.apply(sum);
      simd::store(row.c + 4 * (p * kVectors + v), sum);
    }
  }
}

}  // namespace sortlab::kernels
