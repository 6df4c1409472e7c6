// Single-precision matrix products, row-major, on one thread. Source of the blocking: Goto and van de Geijn, "Anatomy
// of high-performance matrix multiplication", ACM TOMS 34(3), 2008.
#pragma once

#include <cstddef>

#include "kernels/activation.hpp"

namespace sortlab::kernels {

/// Whether a matrix is read as stored, or is the transpose of what is stored.
enum class Order { kNormal, kTransposed };

struct GemmOptions {
  Order order_a = Order::kNormal;  // kTransposed: `a` is stored (k, m)
  Order order_b = Order::kNormal;  // kTransposed: `b` is stored (n, k)
  bool accumulate = false;         // c += a b instead of c = a b; then bias and activation must be absent
  const float* bias = nullptr;     // (n), added to every row
  Activation activation = Activation::kNone;
};

/// Floats needed to hold a packed b of (k, n).
std::size_t gemm_packed_b_size(int n, int k);
/// Packs b into panels once, to be used by many products. ldb is the row stride of b as stored.
void gemm_pack_b(int n, int k, const float* b, int ldb, Order order_b, float* packed_b);

/// Floats of workspace for gemm_packed of at most this size, and for gemm (which packs b into its workspace).
std::size_t gemm_packed_workspace_size(int m, int n, int k);
std::size_t gemm_workspace_size(int m, int n, int k);

/// c (m, n) = a (m, k) * b (k, n). lda, ldc: row strides as stored. options.order_b is ignored. Without a workspace
/// (nullptr) a is read where it lies, which costs where a is large.
void gemm_packed(int m, int n, int k, const float* a, int lda, const float* packed_b, float* c, int ldc,
                 const GemmOptions& options, float* workspace);

/// The same with a plain b. The order of summation over k does not depend on m or n or on how a caller cuts rows and
/// columns of c into parts, so that parts may be given to threads without changing a bit.
void gemm(int m, int n, int k, const float* a, int lda, const float* b, int ldb, float* c, int ldc,
          const GemmOptions& options, float* workspace);

}  // namespace sortlab::kernels
