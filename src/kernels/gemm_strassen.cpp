// Each matrix is cut into four blocks, 0 and 1 above, 2 and 3 below. Winograd's order of the sums takes four sums of
// blocks of a, four of b and, where a product is added to what is there, two of c:
//
//      a          b          c            w  = a0 b0               c0 = w + a1 b2
//    +---+---+  +---+---+  +---+---+      x  = s1 t1               s1 = a2 + a3     t1 = b1 - b0
//    | 0 | 1 |  | 0 | 1 |  | 0 | 1 |      w += s2 t2               s2 = s1 - a0     t2 = b3 - t1
//    +---+---+  +---+---+  +---+---+      c1 = w + x + s4 b3       s4 = a1 - s2
//    | 2 | 3 |  | 2 | 3 |  | 2 | 3 |      w += s3 t3               s3 = a0 - a2     t3 = b3 - b1
//    +---+---+  +---+---+  +---+---+      c2 = w + a3 t4           t4 = b2 - t2
//                                         c3 = w + x
//
//    pack b0, b2, b3 and t1 to t4, all from one reading of b          (threads share out the rows of b, then wait)
//    for each block of rows (kRows), above and below: all seven products, one after the other, so that its rows of a
//      and c stay in the second-level cache; the panels of b come past  (threads share out the rows of a and c)
//
// Measured in V8 at 1024 x 1024 x 1024, counted as eight products, of the peak of multiply-add: 94 % relaxed, 84 %
// simd, where gemm, which multiplies here too, reaches 88 and 79 %. Packing takes 2.5 % of the time, the sums 2 %. With
// the products outside and the rows inside, c came from memory again for each: relaxed 3 % slower, simd the same, which
// cannot look ahead. A second level would multiply blocks of 256 columns, for which the tiles are narrower.
#include "kernels/gemm_strassen.hpp"

#include <algorithm>

#include "kernels/gemm.hpp"
#include "kernels/gemm_blocking.hpp"
#include "kernels/lanes.hpp"
#include "simd/copy.hpp"

namespace sortlab::kernels {
namespace {

/// Of a row block, from 96 to 192 the same; with 48 the panels of b come past twice as often, 3 % slower.
constexpr int kRows = kBlockRows, kLeastExtent = 768;
/// The panels side by side share their cache lines and pages. From 4 to 96 the same.
constexpr int kPackRows = 16;

/// The factors of the products out of b, in the order in which they are packed.
enum Factor { kB0, kB2, kB3, kT1, kT2, kT3, kT4, kFactors };

/// Rows of a matrix or of a workspace, `stride` floats apart.
template <typename T>
struct Rows {
  T* data;
  std::ptrdiff_t stride;

  operator Rows<const T>() const { return {data, stride}; }  // NOLINT(*-explicit-*): as a pointer converts
};

/// The four blocks of a matrix whose rows are `stride` apart.
template <typename T>
struct Blocks {
  T* data;
  std::ptrdiff_t stride, below, right;  // below: rows of a block; right: columns of a block

  /// From `row` of the block on.
  Rows<T> rows(int block, std::ptrdiff_t row) const {
    return {data + (block / 2 * below + row) * stride + block % 2 * right, stride};
  }
};

/// Four columns of a row of all factors, which lie `distance` floats apart.
template <typename Lanes>
inline void pack_lanes(const float* const (&b)[4], std::ptrdiff_t i, Lanes lanes, std::ptrdiff_t distance, float* to) {
  const simd::f32x4 b0 = lanes.load(b[0] + i), b1 = lanes.load(b[1] + i), b2 = lanes.load(b[2] + i),
                    b3 = lanes.load(b[3] + i);
  const simd::f32x4 t1 = b1 - b0, t2 = b3 - t1;
  const simd::f32x4 factors[kFactors] = {b0, b2, b3, t1, t2, b3 - b1, b2 - t2};
  for (int f = 0; f < kFactors; ++f) lanes.store(to + f * distance + i, factors[f]);
}

/// target = a + sign * b, (count, columns).
void sum_rows(int count, int columns, Rows<const float> a, float sign, Rows<const float> b, Rows<float> target) {
  const simd::f32x4 signs = simd::splat(sign);
  for (std::ptrdiff_t row = 0; row < count; ++row) {
    const float *x = a.data + row * a.stride, *y = b.data + row * b.stride;
    float* const sum = target.data + row * target.stride;
    for_lanes(static_cast<std::size_t>(columns),
              [&](std::size_t i, auto lanes) { lanes.store(sum + i, lanes.load(x + i) + signs * lanes.load(y + i)); });
  }
}

/// `count` rows of a, of c and of the workspace, and what multiplies them.
struct RowBlock {
  int count, columns, depth;
  const float* packed;
  float* workspace;  // of gemm_packed

  /// c = a * factor, or c += a * factor.
  void multiply(Rows<const float> a, Factor factor, bool accumulate, Rows<float> c) const {
    const float* panels = packed + factor * static_cast<std::ptrdiff_t>(gemm_packed_b_size(columns, depth));
    GemmOptions options;
    options.accumulate = accumulate;
    gemm_packed(count, columns, depth, a.data, static_cast<int>(a.stride), panels, c.data, static_cast<int>(c.stride),
                options, workspace);
  }
  void sum_a(Rows<const float> a, float sign, Rows<const float> b, Rows<float> target) const {
    sum_rows(count, depth, a, sign, b, target);
  }
  void add_c(Rows<const float> a, Rows<const float> b, Rows<float> c) const { sum_rows(count, columns, a, 1, b, c); }
  void copy_c(Rows<float> from, Rows<float> c) const {
    for (std::ptrdiff_t row = 0; row < count; ++row) {
      simd::copy(columns, from.data + row * from.stride, c.data + row * c.stride);
    }
  }
};

}  // namespace

bool gemm_strassen_pays(int m, int n, int k) {
  return m % 2 == 0 && n % 2 == 0 && k % 2 == 0 && std::min({m, n, k}) >= kLeastExtent;
}

std::size_t gemm_strassen_packed_size(int n, int k) { return kFactors * gemm_packed_b_size(n / 2, k / 2); }

std::size_t gemm_strassen_workspace_size(int n, int k) {
  return static_cast<std::size_t>(kRows) * static_cast<std::size_t>(k / 2 + n) +
         gemm_packed_workspace_size(kRows, n / 2, k / 2);
}

void gemm_strassen_pack(int n, int k, const float* b, int ldb, StrassenRows rows, float* packed) {
  const int columns = n / 2, depth = k / 2, width = gemm_panel_width(columns);
  const Blocks<const float> blocks{b, ldb, depth, columns};
  const auto distance = static_cast<std::ptrdiff_t>(gemm_packed_b_size(columns, depth));
  for (int begin = rows.begin; begin < rows.end; begin += kPackRows) {
    const int end = std::min(rows.end, begin + kPackRows);
    for (int column = 0; column < columns; column += width) {
      const int count = std::min(width, columns - column);
      float* target = packed + static_cast<std::ptrdiff_t>(column) * depth + begin * width;
      for (int row = begin; row < end; ++row, target += width) {
        const float* source[4];
        for (int block = 0; block < 4; ++block) source[block] = blocks.rows(block, row).data + column;
        int i = 0;
        for (; i + simd::kLanes <= count; i += simd::kLanes) pack_lanes(source, i, FullLanes{}, distance, target);
        if (i < count) pack_lanes(source, i, TailLanes{count - i}, distance, target);
        for (int f = 0; f < kFactors; ++f) {
          // Multiplied with the others, and thrown away: nothing that would slow the multiplications.
          for (int j = count; j < width; ++j) target[f * distance + j] = 0;
        }
      }
    }
  }
}

void gemm_strassen_multiply(int m, int n, int k, const float* a, int lda, const float* packed, float* c, int ldc,
                            StrassenRows rows, float* workspace) {
  const int columns = n / 2, depth = k / 2;
  const Blocks<const float> from{a, lda, m / 2, depth};
  const Blocks<float> to{c, ldc, m / 2, columns};
  const Rows<float> sum{workspace, depth};
  const Rows<float> w{sum.data + std::ptrdiff_t{kRows} * depth, columns};
  const Rows<float> x{w.data + std::ptrdiff_t{kRows} * columns, columns};
  for (int row = rows.begin; row < rows.end; row += kRows) {
    const RowBlock block{std::min(kRows, rows.end - row), columns, depth, packed,
                         x.data + std::ptrdiff_t{kRows} * columns};
    const Rows<const float> a0 = from.rows(0, row), a1 = from.rows(1, row), a2 = from.rows(2, row),
                            a3 = from.rows(3, row), s = {sum.data, depth};
    const Rows<float> c0 = to.rows(0, row), c1 = to.rows(1, row), c2 = to.rows(2, row), c3 = to.rows(3, row);
    block.multiply(a0, kB0, false, w);
    block.copy_c(w, c0);
    block.multiply(a1, kB2, true, c0);
    block.sum_a(a2, 1, a3, sum);  // s1
    block.multiply(s, kT1, false, x);
    block.sum_a(s, -1, a0, sum);  // s2
    block.multiply(s, kT2, true, w);
    block.add_c(w, x, c1);
    block.sum_a(a1, -1, s, sum);  // s4
    block.multiply(s, kB3, true, c1);
    block.sum_a(a0, -1, a2, sum);  // s3
    block.multiply(s, kT3, true, w);
    block.add_c(w, x, c3);
    block.copy_c(w, c2);
    block.multiply(a3, kT4, true, c2);
  }
}

void gemm_strassen(int m, int n, int k, const float* a, int lda, const float* b, int ldb, float* c, int ldc,
                   float* workspace) {
  gemm_strassen_pack(n, k, b, ldb, {0, k / 2}, workspace);
  gemm_strassen_multiply(m, n, k, a, lda, workspace, c, ldc, {0, m / 2}, workspace + gemm_strassen_packed_size(n, k));
}

}  // namespace sortlab::kernels
