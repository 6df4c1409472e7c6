// Plain-loop oracle of the matrix product, summed in double.
#pragma once

#include <algorithm>
#include <cstddef>

#include "kernels/gemm.hpp"

namespace sortlab::kernels::reference {

inline double activate(Activation activation, double x) {
  if (activation == Activation::kNone) return x;
  if (x < 0.0) x = 0.0;
  return activation == Activation::kRelu6 ? std::min(x, 6.0) : x;
}

/// c (m, n) of doubles: what gemm should give, from the c it started with.
inline void gemm(int m, int n, int k, const float* a, int lda, const float* b, int ldb, double* c, int ldc,
                 const GemmOptions& options) {
  for (std::ptrdiff_t row = 0; row < m; ++row) {
    for (std::ptrdiff_t column = 0; column < n; ++column) {
      double sum = options.bias != nullptr ? static_cast<double>(options.bias[column]) : 0.0;
      if (options.accumulate) sum = c[row * ldc + column];
      for (std::ptrdiff_t i = 0; i < k; ++i) {
        const float x = options.order_a == Order::kNormal ? a[row * lda + i] : a[i * lda + row];
        const float y = options.order_b == Order::kNormal ? b[i * ldb + column] : b[column * ldb + i];
        sum += static_cast<double>(x) * static_cast<double>(y);
      }
      c[row * ldc + column] = activate(options.activation, sum);
    }
  }
}

}  // namespace sortlab::kernels::reference
