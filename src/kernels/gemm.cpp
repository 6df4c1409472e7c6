// Matrix product over packed panels of b.
//
//        n ->  one panel: 8 or 12 columns, packed so that a row of it is consecutive
//      +-----+-----+-----+
//    k |  0  |  1  |  2  |   b   panels 0, 1, 2 ... one after the other, the last padded with zeros
//      +-----+-----+-----+
//    for each long run of k (kOuterK), so that the rows' part of a stays in the second-level cache
//      for each block of rows (kBlockRows): copy its part of a into tiles, where that pays
//        for each panel
//          for each block of k (kBlockK), so that the panel's part stays in the first-level cache
//            its tiles, one below the other: gemm_tiles
//
// The block of k is the loop inside the panel, not outside as usual: a tile of c is taken up again while it is still in
// the second-level cache, where a product of 1024 would otherwise wait for memory at each of its tiles.
// A small a is read where it lies: its elements are splatted one by one. Tiles that stick out at the right are computed
// whole into a small buffer and copied; at the bottom a tile with fewer rows is used, and a single row, such as a dense
// layer's for one picture, goes under three panels at once.
// Measured in V8, relaxed: 90 to 93 % of the peak of multiply-add in cache, 88 % at 1024 x 1024 x 1024 with packing;
// one row, 25088 x 64: 27 GFLOP/s, which are 54 GB/s of weights.
#include "kernels/gemm.hpp"

#include <algorithm>
#include <cstdint>

#include "kernels/gemm_blocking.hpp"
#include "kernels/gemm_tile.hpp"
#include "simd/copy.hpp"

namespace sortlab::kernels {
namespace {

using Tiles = void (*)(int tiles, const TileRows& rows, const float* b);

/// kTiles[order][rows - 1]: a tile of 12 columns has up to three rows, one of 8 up to four.
constexpr Tiles kTiles8[2][4] = {
    {gemm_tiles<1, 2, false>, gemm_tiles<2, 2, false>, gemm_tiles<3, 2, false>, gemm_tiles<4, 2, false>},
    {gemm_tiles<1, 2, true>, gemm_tiles<2, 2, true>, gemm_tiles<3, 2, true>, gemm_tiles<4, 2, true>}};
#if defined(SORTLAB_RELAXED)
constexpr Tiles kTiles12[2][3] = {{gemm_tiles<1, 3, false>, gemm_tiles<2, 3, false>, gemm_tiles<3, 3, false>},
                                  {gemm_tiles<1, 3, true>, gemm_tiles<2, 3, true>, gemm_tiles<3, 3, true>}};
/// kTilesAhead[width is 12][order], only with all rows.
constexpr Tiles kTilesAhead[2][2] = {{gemm_tiles<4, 2, false, true>, gemm_tiles<4, 2, true, true>},
                                     {gemm_tiles<3, 3, false, true>, gemm_tiles<3, 3, true, true>}};
#endif

/// ahead: the ones that look ahead, which have all their rows.
Tiles choose_tiles(int rows, [[maybe_unused]] int width, Order order_a, [[maybe_unused]] bool ahead) {
  const int order = order_a == Order::kTransposed ? 1 : 0;
#if defined(SORTLAB_RELAXED)
  if (ahead) return kTilesAhead[width == 12][order];
  if (width == 12) return kTiles12[order][rows - 1];
#endif
  return kTiles8[order][rows - 1];
}

constexpr int kMostRows = 4, kMostWidth = 12, kPackRows = 64, kRowPanels = 3;

/// A part of a, as stored or packed.
struct Left {
  const float* data;   // row 0, step 0
  std::ptrdiff_t lda;  // as TileRows wants it
  Order order;
  std::ptrdiff_t row_step;  // from row to row; in packed tiles, from tile to tile over the rows of one

  const float* rows(int row) const { return data + row * row_step; }
  Left from(int row, int step) const {
    Left part = *this;
    part.data += row * row_step + step * (order == Order::kNormal ? 1 : lda);
    return part;
  }
};

/// One tile of a panel with only count < width columns: through a buffer.
void ragged_tile(const TileRows& tile, Tiles multiply, int rows, int count, int width, const float* panel) {
  float buffer[kMostRows * kMostWidth];
  for (int r = 0; r < rows; ++r) {
    std::copy_n(tile.ends.start + r * tile.ends.row_step, count, buffer + r * width);
    std::fill(buffer + r * width + count, buffer + (r + 1) * width, 0.0f);
  }
  TileRows whole = tile;
  whole.c = buffer;
  whole.ldc = width;
  whole.ends.start = buffer;
  whole.ends.row_step = width;
  multiply(1, whole, panel);
  for (int r = 0; r < rows; ++r) std::copy_n(buffer + r * width, count, tile.c + r * tile.ldc);
}

/// `count` rows times one panel, of whose columns `columns` <= width are real.
void multiply_panel(const TileRows& rows, Order order_a, int count, int columns, int width, const float* panel) {
  const int tile_rows = gemm_tile_rows(width);
  const int whole = columns == width ? gemm_whole_tiles(count, width) : 0;
  if (whole > 0) choose_tiles(tile_rows, width, order_a, rows.ahead != nullptr)(whole, rows, panel);
  for (int row = whole * tile_rows; row < count; row += tile_rows) {
    const int tall = std::min(tile_rows, count - row);
    const Tiles multiply = choose_tiles(tall, width, order_a, false);
    if (columns == width) {
      multiply(1, rows.from(row), panel);
    } else {
      ragged_tile(rows.from(row), multiply, tall, columns, width, panel);
    }
  }
}

/// One row under kRowPanels whole panels.
void multiply_row(const TileRows& row, Order order_a, [[maybe_unused]] int width, const float* panel,
                  std::ptrdiff_t panel_step) {
  const bool transposed = order_a == Order::kTransposed;
#if defined(SORTLAB_RELAXED)
  if (width == 12) {
    return transposed ? gemm_row<kRowPanels, 3, true>(row, panel, panel_step)
                      : gemm_row<kRowPanels, 3, false>(row, panel, panel_step);
  }
#endif
  return transposed ? gemm_row<kRowPanels, 2, true>(row, panel, panel_step)
                    : gemm_row<kRowPanels, 2, false>(row, panel, panel_step);
}

/// Whether a copy of each block of a is won back: many panels read it, and rows that lie far apart, worst at a power of
/// two, each take a page and push one another out of the caches.
bool packing_a_pays(int m, int n, int k) { return m >= 48 && n >= 256 && k >= 128; }

/// Rows [0, rows) and k steps of a, stored in normal order: tile after tile, each (k, tile_rows). Where the last tile
/// lacks rows, its first stands in; up to a vector too much is written.
Left pack_a(const Left& a, int rows, int k, int tile_rows, float* workspace) {
  float* packed = workspace;
  for (int row = 0; row < rows; row += tile_rows) {
    const float* source[kMostRows];
    for (int r = 0; r < kMostRows; ++r) source[r] = a.rows(r < tile_rows && row + r < rows ? row + r : row);
    int i = 0;
    for (; i + simd::kLanes <= k; i += simd::kLanes) {
      simd::f32x4 x[kMostRows];
      for (int r = 0; r < kMostRows; ++r) x[r] = simd::load(source[r] + i);
      simd::transpose(x[0], x[1], x[2], x[3]);
      for (int j = 0; j < simd::kLanes; ++j, packed += tile_rows) simd::store(packed, x[j]);
    }
    for (; i < k; ++i, packed += tile_rows) {
      for (int r = 0; r < tile_rows; ++r) packed[r] = source[r][i];
    }
  }
  return {workspace, tile_rows, Order::kTransposed, k};
}

/// Whether the tiles of a panel look at the next panel meanwhile. A b larger than the first-level cache comes from
/// farther away: without it the first tile under each panel waits, which with few rows is a tenth of the time (7x7
/// pixels, 160 -> 960 channels: 0.33 to 0.30 ms; 14x14, 64 -> 384, whose b has 96 KiB: 0.187 to 0.181). Under a smaller
/// b, and with fewer tiles than four to share the looking out, it costs more than it brings (24 KiB: 2 to 6 %).
/// Multiply-add in two instructions has no room for one more beside it: 5 % slower.
bool looking_ahead_pays([[maybe_unused]] int m, [[maybe_unused]] int n, [[maybe_unused]] int k) {
#if defined(SORTLAB_RELAXED)
  constexpr int kLeastRowsAhead = 12, kLeastFloatsAhead = 16384;
  return m >= kLeastRowsAhead && static_cast<std::int64_t>(n) * k >= kLeastFloatsAhead;
#else
  return false;
#endif
}

/// `next` follows the part of b under `rows`. Each step of each tile looks a little further, so that the last has
/// looked at a part as long as this one, and at most at the one behind: at tiles * pace bytes for each step of k.
void look_ahead(const float* next, int count, int width, TileRows& rows) {
  const int tiles = gemm_whole_tiles(count, width);
  if (tiles == 0) return;
  rows.ahead = reinterpret_cast<const char*>(next);
  rows.pace = width * static_cast<int>(sizeof(float)) / tiles + 1;
  static_assert(kBlockRows / 3 <= 12 * sizeof(float) && kBlockRows / 4 <= 8 * sizeof(float));
}

constexpr float kZeros[kRowPanels * kMostWidth] = {};

/// Where the sums of a panel start, whose first column is `column`.
TileEnds panel_start(const GemmOptions& options, const float* c, std::ptrdiff_t ldc, int column) {
  if (options.accumulate) return {c, ldc, Activation::kNone};
  return {options.bias != nullptr ? options.bias + column : kZeros, 0, Activation::kNone};
}

}  // namespace

std::size_t gemm_packed_b_size(int n, int k) { return gemm_padded_columns(n) * static_cast<std::size_t>(k); }

void gemm_pack_b(int n, int k, const float* b, int ldb, Order order_b, float* packed_b) {
  const int width = gemm_panel_width(n);
  const std::ptrdiff_t row_step = order_b == Order::kNormal ? ldb : 1,
                       column_step = order_b == Order::kNormal ? 1 : ldb;
  // A few rows at a time: the panels side by side share their cache lines and pages.
  for (int begin = 0; begin < k; begin += kPackRows) {
    const int end = std::min(k, begin + kPackRows);
    for (int column = 0; column < n; column += width) {
      const int count = std::min(width, n - column);
      const float* source = b + begin * row_step + column * column_step;
      float* target = packed_b + static_cast<std::ptrdiff_t>(column) * k + begin * width;
      for (int i = begin; i < end; ++i, source += row_step, target += width) {
        if (order_b == Order::kNormal && count == width) {
          for (int j = 0; j < width; j += 4) simd::store(target + j, simd::load(source + j));
          continue;
        }
        for (int j = 0; j < count; ++j) target[j] = source[j * column_step];
        std::fill(target + count, target + width, 0.0f);
      }
    }
  }
}

std::size_t gemm_packed_workspace_size(int m, int n, int k) {
  if (!packing_a_pays(m, n, k)) return 0;
  return static_cast<std::size_t>(kBlockRows) * static_cast<std::size_t>(std::min(k, kOuterK)) + simd::kLanes;
}

std::size_t gemm_workspace_size(int m, int n, int k) {
  return gemm_packed_b_size(n, k) + gemm_packed_workspace_size(m, n, k);
}

void gemm_packed(int m, int n, int k, const float* a, int lda, const float* packed_b, float* c, int ldc,
                 const GemmOptions& options, float* workspace) {
  const int width = gemm_panel_width(n), tile_rows = gemm_tile_rows(width);
  const Left whole{a, lda, options.order_a, options.order_a == Order::kNormal ? lda : 1};
  const bool packs_a = workspace != nullptr && options.order_a == Order::kNormal && packing_a_pays(m, n, k);
  const bool looks_ahead = looking_ahead_pays(m, n, k);
  int outer = 0;
  do {  // once even where k is 0: c is then the bias
    const int outer_k = std::min(kOuterK, k - outer);
    for (int row = 0; row < m; row += kBlockRows) {
      const int rows = std::min(kBlockRows, m - row);
      const bool single = rows - gemm_whole_tiles(rows, width) * tile_rows == 1;
      Left left = whole.from(row, outer);
      if (packs_a) left = pack_a(left, rows, outer_k, tile_rows, workspace);
      int row_done = 0;  // up to which column the single row has been done, with the first of its panels
      for (int column = 0; column < n; column += width) {
        const bool row_now = single && column >= row_done && column + kRowPanels * width <= n;
        if (row_now) row_done = column + kRowPanels * width;
        const int tiled = column < row_done ? rows - 1 : rows;
        const float* panel = packed_b + static_cast<std::ptrdiff_t>(column) * k + outer * width;
        float* const corner = c + row * static_cast<std::ptrdiff_t>(ldc) + column;
        TileRows block{0, nullptr, left.lda, left.row_step, corner, ldc, {corner, ldc, Activation::kNone}};
        if (outer == 0) block.ends = panel_start(options, corner, ldc, column);
        int begin = 0;
        do {
          block.k = std::min(kBlockK, outer_k - begin);
          block.a = left.from(0, begin).data;
          if (outer + begin + block.k == k) block.ends.activation = options.activation;
          // What lies two panels behind this one is still b.
          block.ahead = nullptr;
          if (looks_ahead && column + 3 * width <= n) look_ahead(panel + (begin + block.k) * width, rows, width, block);
          multiply_panel(block, left.order, tiled, std::min(width, n - column), width, panel + begin * width);
          if (row_now) {
            multiply_row(block.from(rows - 1), left.order, width, panel + begin * width, std::ptrdiff_t{width} * k);
          }
          block.ends = {corner, ldc, Activation::kNone};
          begin += block.k;
        } while (begin < outer_k);
      }
    }
    outer += outer_k;
  } while (outer < k);
}

void gemm(int m, int n, int k, const float* a, int lda, const float* b, int ldb, float* c, int ldc,
          const GemmOptions& options, float* workspace) {
  gemm_pack_b(n, k, b, ldb, options.order_b, workspace);
  gemm_packed(m, n, k, a, lda, workspace, c, ldc, options, workspace + gemm_packed_b_size(n, k));
}

}  // namespace sortlab::kernels
