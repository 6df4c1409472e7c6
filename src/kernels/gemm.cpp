// Matrix product over packed panels of b.
//
//        n ->  one panel: 8 or 12 columns, packed so that a row of it is consecutive
//      +-----+-----+-----+
//    k |  0  |  1  |  2  |   b   panels 0, 1, 2 ... one after the other, the last padded with zeros
//      +-----+-----+-----+
//    for each block of k (kBlockK), so that a panel block stays in the first-level cache
//      for each block of rows (kBlockRows), whose part of a stays in the second-level cache
//        for each panel
//          for each tile of rows: gemm_tile
//
// a is read where it lies: its elements are splatted one by one, so packing it would only move bytes. Tiles that stick
// out at the right are computed whole into a small buffer and copied; at the bottom a tile with fewer rows is used.
#include "kernels/gemm.hpp"

#include <algorithm>

#include "kernels/gemm_blocking.hpp"
#include "kernels/gemm_tile.hpp"

namespace sortlab::kernels {
namespace {

using Tile = void (*)(int k, const float* a, std::ptrdiff_t lda, const float* b, float* c, std::ptrdiff_t ldc,
                      const TileEnds& ends);

template <int kVectors, bool kATransposed>
Tile tile_of(int rows) {
  constexpr Tile kTiles[] = {gemm_tile<1, kVectors, kATransposed>, gemm_tile<2, kVectors, kATransposed>,
                             gemm_tile<3, kVectors, kATransposed>, gemm_tile<4, kVectors, kATransposed>};
  return kTiles[rows - 1];
}

Tile choose_tile(int rows, int width, Order order_a) {
  if (width == 12) return order_a == Order::kNormal ? tile_of<3, false>(rows) : tile_of<3, true>(rows);
  return order_a == Order::kNormal ? tile_of<2, false>(rows) : tile_of<2, true>(rows);
}

constexpr int kMostRows = 4, kMostWidth = 12;

/// The part of a product inside one block of k: everything the loops over rows and panels need.
struct Block {
  int k;
  Order order_a;
  const float* a;
  std::ptrdiff_t lda;
  float* c;
  std::ptrdiff_t ldc;
  TileEnds ends;  // bias of column 0
};

/// Columns [column, column + count) of rows [row, row_end), count < width: through a buffer.
void ragged_panel(const Block& block, Tile tile, int rows, int row, int column, int count, int width,
                  const float* panel) {
  float buffer[kMostRows * kMostWidth];
  float bias[kMostWidth] = {};
  TileEnds ends = block.ends;
  if (ends.start == TileStart::kBias) {
    std::copy_n(ends.bias + column, count, bias);
    ends.bias = bias;
  }
  float* c = block.c + row * block.ldc + column;
  if (ends.start == TileStart::kOutput) {
    for (int r = 0; r < rows; ++r) {
      std::copy_n(c + r * block.ldc, count, buffer + r * width);
      std::fill(buffer + r * width + count, buffer + (r + 1) * width, 0.0f);
    }
  }
  const float* a = block.a + (block.order_a == Order::kNormal ? row * block.lda : row);
  tile(block.k, a, block.lda, panel, buffer, width, ends);
  for (int r = 0; r < rows; ++r) std::copy_n(buffer + r * width, count, c + r * block.ldc);
}

void multiply_block(const Block& block, int row_begin, int row_end, int n, int width, std::ptrdiff_t panel_stride,
                    const float* packed_b) {
  const int tile_rows = width == 12 ? 3 : 4;
  const Tile full = choose_tile(tile_rows, width, block.order_a);
  for (int column = 0; column < n; column += width, packed_b += panel_stride) {
    const int count = std::min(width, n - column);
    TileEnds ends = block.ends;
    if (ends.bias != nullptr) ends.bias += column;
    for (int row = row_begin; row < row_end; row += tile_rows) {
      const int rows = std::min(tile_rows, row_end - row);
      const Tile tile = rows == tile_rows ? full : choose_tile(rows, width, block.order_a);
      if (count < width) {
        ragged_panel(block, tile, rows, row, column, count, width, packed_b);
        continue;
      }
      const float* a = block.a + (block.order_a == Order::kNormal ? row * block.lda : row);
      tile(block.k, a, block.lda, packed_b, block.c + row * block.ldc + column, block.ldc, ends);
    }
  }
}

TileStart first_start(const GemmOptions& options) {
  if (options.accumulate) return TileStart::kOutput;
  return options.bias != nullptr ? TileStart::kBias : TileStart::kZero;
}

}  // namespace

std::size_t gemm_packed_b_size(int n, int k) { return gemm_padded_columns(n) * static_cast<std::size_t>(k); }

void gemm_pack_b(int n, int k, const float* b, int ldb, Order order_b, float* packed_b) {
  const int width = gemm_panel_width(n);
  const std::ptrdiff_t row_step = order_b == Order::kNormal ? ldb : 1,
                       column_step = order_b == Order::kNormal ? 1 : ldb;
  for (int column = 0; column < n; column += width) {
    const int count = std::min(width, n - column);
    const float* source = b + column * column_step;
    for (int i = 0; i < k; ++i, source += row_step, packed_b += width) {
      if (order_b == Order::kNormal && count == width) {
        for (int j = 0; j < width; j += 4) simd::store(packed_b + j, simd::load(source + j));
        continue;
      }
      for (int j = 0; j < count; ++j) packed_b[j] = source[j * column_step];
      std::fill(packed_b + count, packed_b + width, 0.0f);
    }
  }
}

std::size_t gemm_packed_workspace_size(int /*m*/, int /*n*/, int /*k*/) { return 0; }

std::size_t gemm_workspace_size(int /*m*/, int n, int k) { return gemm_packed_b_size(n, k); }

void gemm_packed(int m, int n, int k, const float* a, int lda, const float* packed_b, float* c, int ldc,
                 const GemmOptions& options, float* /*workspace*/) {
  const int width = gemm_panel_width(n);
  const auto panel_stride = static_cast<std::ptrdiff_t>(k) * width;
  Block block{0, options.order_a, a, lda, c, ldc, {first_start(options), options.bias, Activation::kNone}};
  int begin = 0;
  do {  // once even where k is 0: c is then the bias
    block.k = std::min(kBlockK, k - begin);
    if (begin + block.k == k) block.ends.activation = options.activation;
    block.a = a + (options.order_a == Order::kNormal ? begin : static_cast<std::ptrdiff_t>(begin) * lda);
    for (int row = 0; row < m; row += kBlockRows) {
      multiply_block(block, row, std::min(row + kBlockRows, m), n, width, panel_stride,
                     packed_b + static_cast<std::ptrdiff_t>(begin) * width);
    }
    block.ends.start = TileStart::kOutput;
    begin += block.k;
  } while (begin < k);
}

void gemm(int m, int n, int k, const float* a, int lda, const float* b, int ldb, float* c, int ldc,
          const GemmOptions& options, float* workspace) {
  gemm_pack_b(n, k, b, ldb, options.order_b, workspace);
  gemm_packed(m, n, k, a, lda, workspace, c, ldc, options, nullptr);
}

}  // namespace sortlab::kernels
