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

/// Rows of a and steps of k that are worked on while one panel block (12 KiB at kBlockK) stays in the first-level cache
/// and the block of a (96 KiB) in the second.
inline constexpr int kBlockRows = 96;
inline constexpr int kBlockK = 256;

inline std::size_t gemm_padded_columns(int n) {
  const auto width = static_cast<std::size_t>(gemm_panel_width(n));
  return (static_cast<std::size_t>(n) + width - 1) / width * width;
}

}  // namespace sortlab::kernels
