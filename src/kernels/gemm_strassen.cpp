// Each matrix is cut into four blocks, 0 and 1 above, 2 and 3 below. Seven sums of blocks of a times sums of blocks of
// b give c:
//
//      a          b          c            kProducts: which blocks, and where the product goes
//    +---+---+  +---+---+  +---+---+
//    | 0 | 1 |  | 0 | 1 |  | 0 | 1 |      (a0 + a3)(b0 + b3)  ->  c0 =      c3 =
//    +---+---+  +---+---+  +---+---+      (a2 + a3) b0        ->  c2 =      c3 -=
//    | 2 | 3 |  | 2 | 3 |  | 2 | 3 |      ...
//    +---+---+  +---+---+  +---+---+
//
//    for each product: pack its sum of b                        (threads share out the rows of b, then wait)
//      for each block of rows (kRows): sum its part of a, multiply into where the product belongs first, or into the
//      workspace, and add it from there to where else it belongs, while it is in the second-level cache
//                                                               (threads share out the rows of a and c, then wait)
//
// Each sum is made once, whatever the threads.
// Measured in V8 at 1024 x 1024 x 1024, counted as eight products, of the peak of multiply-add: 91 % relaxed, 84 %
// simd, where gemm, which multiplies here too, reaches 87 and 79 %. The eighth that it saves would be a gain of 14 %;
// sums, and blocks of c that are fetched twice, take more than half of it back, so that a second level would lose.
#include "kernels/gemm_strassen.hpp"

#include <algorithm>

#include "kernels/gemm.hpp"
#include "kernels/gemm_blocking.hpp"
#include "simd/copy.hpp"

namespace sortlab::kernels {
namespace {

constexpr int kRows = kBlockRows, kLeastExtent = 768;
/// Few: the rows of a large matrix lie whole pages apart, often on the same lines of the first-level cache.
constexpr int kPackRows = 4;

/// block + sign * other; sign 0: the block alone.
struct Sum {
  int block, other;
  float sign;
};
enum class Into { kSet, kAdd, kSubtract, kNothing };
struct Product {
  Sum a, b;
  int first;
  Into into_first;
  int second;
  Into into_second;
};

constexpr Product kProducts[kStrassenProducts] = {
    {{0, 3, 1}, {0, 3, 1}, 0, Into::kSet, 3, Into::kSet},
    {{0, 0, 0}, {1, 3, -1}, 1, Into::kSet, 3, Into::kAdd},
    {{2, 3, 1}, {0, 0, 0}, 2, Into::kSet, 3, Into::kSubtract},
    {{2, 0, -1}, {0, 1, 1}, 3, Into::kAdd, 0, Into::kNothing},
    {{1, 3, -1}, {2, 3, 1}, 0, Into::kAdd, 0, Into::kNothing},
    {{3, 0, 0}, {2, 0, -1}, 0, Into::kAdd, 2, Into::kAdd},
    {{0, 1, 1}, {3, 0, 0}, 0, Into::kSubtract, 1, Into::kAdd},
};

/// The four blocks of a matrix whose rows are `stride` apart.
template <typename T>
struct Blocks {
  T* data;
  std::ptrdiff_t stride, below, right;  // below: rows of a block; right: columns of a block

  T* at(int block, std::ptrdiff_t row) const { return data + (block / 2 * below + row) * stride + block % 2 * right; }
};

/// target = a + sign * b, `count` floats.
inline void add(std::ptrdiff_t count, const float* a, const float* b, float sign, float* target) {
  const simd::f32x4 signs = simd::splat(sign);
  std::ptrdiff_t i = 0;
  for (; i + simd::kLanes <= count; i += simd::kLanes)
    simd::store(target + i, simd::load(a + i) + signs * simd::load(b + i));
  for (; i < count; ++i) target[i] = a[i] + sign * b[i];
}

/// Rows [begin, end) of a sum of blocks of b, (k, columns), as gemm_pack_b packs a plain matrix.
void pack_sum(const Blocks<const float>& b, const Sum& sum, int columns, int k, StrassenRows rows, float* packed) {
  const int width = gemm_panel_width(columns);
  for (int begin = rows.begin; begin < rows.end; begin += kPackRows) {
    const int end = std::min(rows.end, begin + kPackRows);
    for (int column = 0; column < columns; column += width) {
      const int count = std::min(width, columns - column);
      const float *x = b.at(sum.block, begin) + column, *y = b.at(sum.other, begin) + column;
      float* target = packed + static_cast<std::ptrdiff_t>(column) * k + begin * width;
      for (int row = begin; row < end; ++row, target += width, x += b.stride, y += b.stride) {
        if (sum.sign == 0) {
          simd::copy(count, x, target);
        } else {
          add(count, x, y, sum.sign, target);
        }
        for (int j = count; j < width; ++j) target[j] = 0;  // multiplied with the others, and thrown away: no NaN
      }
    }
  }
}

/// Rows of a product into a block of c.
void put(Into into, int rows, int columns, const float* product, std::ptrdiff_t stride, float* c, std::ptrdiff_t ldc) {
  for (int row = 0; row < rows; ++row, product += stride, c += ldc) {
    if (into == Into::kSet) simd::copy(columns, product, c);
    if (into == Into::kAdd) simd::accumulate(columns, product, c);
    if (into == Into::kSubtract) add(columns, c, product, -1.0f, c);
  }
}

/// Of a thread, for products of (kRows, columns) with k steps.
struct Workspace {
  float *rows, *product, *rest;

  Workspace(float* workspace, int columns, int k)
      : rows(workspace), product(rows + std::ptrdiff_t{kRows} * k), rest(product + std::ptrdiff_t{kRows} * columns) {}
};

}  // namespace

bool gemm_strassen_pays(int m, int n, int k) {
  return m % 2 == 0 && n % 2 == 0 && k % 2 == 0 && std::min({m, n, k}) >= kLeastExtent;
}

std::size_t gemm_strassen_packed_size(int n, int k) { return gemm_packed_b_size(n / 2, k / 2); }

std::size_t gemm_strassen_workspace_size(int n, int k) {
  return static_cast<std::size_t>(kRows) * static_cast<std::size_t>(k / 2 + n / 2) +
         gemm_packed_workspace_size(kRows, n / 2, k / 2);
}

void gemm_strassen_pack(int product, int n, int k, const float* b, int ldb, StrassenRows rows, float* packed) {
  pack_sum({b, ldb, k / 2, n / 2}, kProducts[product].b, n / 2, k / 2, rows, packed);
}

void gemm_strassen_multiply(int product, int m, int n, int k, const float* a, int lda, const float* packed, float* c,
                            int ldc, StrassenRows rows, float* workspace) {
  const Product& task = kProducts[product];
  const int columns = n / 2, depth = k / 2;
  const Blocks<const float> from{a, lda, m / 2, depth};
  const Blocks<float> to{c, ldc, m / 2, columns};
  const Workspace room(workspace, columns, depth);
  const bool in_place = task.into_first == Into::kSet || task.into_second == Into::kNothing;
  GemmOptions options;
  options.accumulate = in_place && task.into_first == Into::kAdd;
  for (int row = rows.begin; row < rows.end; row += kRows) {
    const int count = std::min(kRows, rows.end - row);
    const float* left = from.at(task.a.block, row);
    std::ptrdiff_t left_stride = from.stride;
    if (task.a.sign != 0) {
      for (int r = 0; r < count; ++r) {
        add(depth, from.at(task.a.block, row + r), from.at(task.a.other, row + r), task.a.sign,
            room.rows + std::ptrdiff_t{r} * depth);
      }
      left = room.rows;
      left_stride = depth;
    }
    float* const target = in_place ? to.at(task.first, row) : room.product;
    const std::ptrdiff_t stride = in_place ? to.stride : columns;
    gemm_packed(count, columns, depth, left, static_cast<int>(left_stride), packed, target, static_cast<int>(stride),
                options, room.rest);
    if (!in_place) put(task.into_first, count, columns, target, stride, to.at(task.first, row), to.stride);
    put(task.into_second, count, columns, target, stride, to.at(task.second, row), to.stride);
  }
}

void gemm_strassen(int m, int n, int k, const float* a, int lda, const float* b, int ldb, float* c, int ldc,
                   float* workspace) {
  float* const packed = workspace;
  workspace += gemm_strassen_packed_size(n, k);
  for (int product = 0; product < kStrassenProducts; ++product) {
    gemm_strassen_pack(product, n, k, b, ldb, {0, k / 2}, packed);
    gemm_strassen_multiply(product, m, n, k, a, lda, packed, c, ldc, {0, m / 2}, workspace);
  }
}

}  // namespace sortlab::kernels
