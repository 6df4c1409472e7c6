// Large products with seven multiplications of half size instead of eight: one level of Strassen's method. Source:
// V. Strassen, "Gaussian elimination is not optimal", Numerische Mathematik 13, 1969, with the fifteen sums of
// S. Winograd (in D. Knuth, "The Art of Computer Programming" 2, section 4.6.4); those of b are made while packing, as
// in Huang, Smith, Henry and van de Geijn, "Strassen's algorithm reloaded", SC 2016.
#pragma once

#include <cstddef>

namespace sortlab::kernels {

/// Whether one level is faster than gemm: all three even and large. No layer of today's networks is, so that
/// the engine does not use it; a matrix product that somebody asks for may be.
bool gemm_strassen_pays(int m, int n, int k);

/// A part of the rows of both halves of a matrix: [begin, end) of the upper half, and the same of the lower.
struct StrassenRows {
  int begin, end;
};

/// Floats of the packed factors out of b, which the threads share, and of workspace for each of them.
std::size_t gemm_strassen_packed_size(int n, int k);
std::size_t gemm_strassen_workspace_size(int n, int k);

/// c (m, n) = a (m, k) * b (k, n), row-major, all three even; lda, ldb, ldc: row strides. First the rows of b are
/// packed, in 7/4 of their room, then those of a and c multiplied; the parts of both steps may be given to threads
/// without changing a bit, and the second begins when the first is done. Rounds otherwise than gemm: the largest error,
/// over the largest result, is up to three times that of gemm; a NaN or infinity spreads to results of other rows and
/// columns, whose blocks share a sum with it.
void gemm_strassen_pack(int n, int k, const float* b, int ldb, StrassenRows rows, float* packed);
void gemm_strassen_multiply(int m, int n, int k, const float* a, int lda, const float* packed, float* c, int ldc,
                            StrassenRows rows, float* workspace);

/// All of it, on one thread, with packed factors and one workspace behind them.
void gemm_strassen(int m, int n, int k, const float* a, int lda, const float* b, int ldb, float* c, int ldc,
                   float* workspace);

}  // namespace sortlab::kernels
