// The sizes of tiles and blocks that the matrix product and the convolutions share, each with the measured reason.
#pragma once

#include <cstddef>

namespace sortlab::kernels {

/// Columns of one packed panel of b: 12 or 8. The panel depends on n alone, so that whoever packs and whoever
/// multiplies agree. Multiply-add in two instructions is fastest with 4x8 tiles; fused, 3x12 wins where the padding of
/// n to a multiple of 12 costs less than it gains.
inline int gemm_panel_width(int n) {
#if defined(SORTLAB_RELAXED)
  const int padded12 = (n + 11) / 12 * 12, padded8 = (n + 7) / 8 * 8;
  return padded12 <= padded8 + padded8 / 48 ? 12 : 8;
#else
  (void)n;
  return 8;
#endif
}

inline int gemm_tile_rows(int panel_width) { return panel_width == 12 ? 3 : 4; }
/// Tiles with all their rows among `rows`. By constants: a division would take as long as a step of a small product.
inline int gemm_whole_tiles(int rows, int panel_width) { return panel_width == 12 ? rows / 3 : rows / 4; }

/// Blocks of rows of a, of k inside them, and of k outside: one panel's part (24 KiB) stays in the first-level cache,
/// the rows' part of a (384 KiB) in the second. Measured at 1024 x 1024 x 1024: rows from 48 to 192 and blocks of k
/// from 256 to 1024 differ by 2 %; an outer run of 512 loses 6 %, since c is then fetched twice.
inline constexpr int kBlockRows = 96;
inline constexpr int kBlockK = 512, kOuterK = 1024;

inline std::size_t gemm_padded_columns(int n) {
  const auto width = static_cast<std::size_t>(gemm_panel_width(n));
  return (static_cast<std::size_t>(n) + width - 1) / width * width;
}

}  // namespace sortlab::kernels
