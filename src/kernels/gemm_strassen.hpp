// Large products with seven multiplications of half size instead of eight: one level of Strassen's method. Source:
// V. Strassen, "Gaussian elimination is not optimal", Numerische Mathematik 13, 1969; the sums are made while packing,
// as in Huang, Smith, Henry and van de Geijn, "Strassen's algorithm reloaded", SC 2016.
#pragma once

#include <cstddef>

namespace sortlab::kernels {

/// Whether one level is faster than gemm: all three even and large. No layer of today's networks is, so that
/// the engine does not use it; a matrix product that somebody asks for may be.
bool gemm_strassen_pays(int m, int n, int k);

/// A part of the columns of c and b: [begin, end) of the left half, and the same of the right half.
struct StrassenColumns {
  int begin, end;
};

/// Floats of workspace for a part of so many columns of each half.
std::size_t gemm_strassen_workspace_size(int columns, int k);

/// The part of c (m, n) = a (m, k) * b (k, n), row-major, all three even; lda, ldb, ldc: row strides. Parts may be
/// given to threads without changing a bit. Rounds otherwise than gemm: the largest error, over the largest result, is
/// two (values about zero) to three times (positive ones) that of gemm; a NaN or infinity spreads to results of other
/// rows and columns, whose blocks share a sum with it.
void gemm_strassen(int m, int n, int k, const float* a, int lda, const float* b, int ldb, float* c, int ldc,
                   StrassenColumns columns, float* workspace);

}  // namespace sortlab::kernels
