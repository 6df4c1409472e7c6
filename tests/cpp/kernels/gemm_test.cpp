// The matrix product against plain loops, over awkward sizes, both orders, strides wider than the rows, and every
// ending.
#include "kernels/gemm.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <sstream>
#include <string>
#include <vector>

#include "compare.hpp"
#include "kernels/reference/gemm.hpp"
#include "test_data.hpp"

namespace kernels = sortlab::kernels;
namespace test = sortlab::test;
using kernels::Activation;
using kernels::GemmOptions;
using kernels::Order;

namespace {

constexpr float kUntouched = 12345.0f;

struct Case {
  int m, n, k;
};

std::string describe(const Case& size, const GemmOptions& options) {
  std::ostringstream out;
  out << "gemm m=" << size.m << " n=" << size.n << " k=" << size.k << " a^T=" << (options.order_a == Order::kTransposed)
      << " b^T=" << (options.order_b == Order::kTransposed) << " accumulate=" << options.accumulate
      << " bias=" << (options.bias != nullptr) << " activation=" << static_cast<int>(options.activation);
  return out.str();
}

std::size_t count(int rows, int columns) { return static_cast<std::size_t>(rows) * static_cast<std::size_t>(columns); }

void check_case(const Case& size, GemmOptions options) {
  const auto [m, n, k] = size;
  const bool at = options.order_a == Order::kTransposed, bt = options.order_b == Order::kTransposed;
  const int lda = (at ? m : k) + 3, ldb = (bt ? k : n) + 1, ldc = n + 2;
  const std::vector<float> a = test::uniform_values(count(at ? k : m, lda) + 1, 1);
  const std::vector<float> b = test::uniform_values(count(bt ? n : k, ldb) + 1, 2);
  const std::vector<float> bias = test::uniform_values(static_cast<std::size_t>(n), 3);
  if (options.bias != nullptr) options.bias = bias.data();
  std::vector<float> c = test::uniform_values(count(m, ldc), 4);
  for (int row = 0; row < m; ++row) {
    for (int extra = n; extra < ldc; ++extra) c[static_cast<std::size_t>(row * ldc + extra)] = kUntouched;
  }
  std::vector<double> want(c.begin(), c.end());
  kernels::reference::gemm(m, n, k, a.data(), lda, b.data(), ldb, want.data(), ldc, options);
  std::vector<float> workspace(kernels::gemm_workspace_size(m, n, k) + 1);
  kernels::gemm(m, n, k, a.data(), lda, b.data(), ldb, c.data(), ldc, options, workspace.data());
  test::check_close(c, want, 1e-6 * std::sqrt(k + 1.0) * 4, 1e-5, describe(size, options));
}

const Case kSizes[] = {{1, 1, 1},       {1, 1, 0},     {2, 3, 0},    {1, 7, 5},      {3, 12, 7},
                       {4, 8, 16},      {5, 13, 3},    {7, 11, 31},  {13, 5, 17},    {16, 64, 32},
                       {17, 24, 257},   {31, 36, 300}, {97, 9, 29},  {101, 25, 513}, {53, 260, 131},
                       {98, 257, 1030}, {1, 100, 700}, {25, 75, 40}, {97, 130, 1100}};

}  // namespace

TEST_CASE("gemm: awkward sizes in all orders") {
  for (const Case& size : kSizes) {
    for (const Order order_a : {Order::kNormal, Order::kTransposed}) {
      for (const Order order_b : {Order::kNormal, Order::kTransposed}) {
        GemmOptions options;
        options.order_a = order_a;
        options.order_b = order_b;
        check_case(size, options);
        options.accumulate = true;
        check_case(size, options);
      }
    }
  }
}

TEST_CASE("gemm: bias and activations") {
  const float present = 0;
  for (const Case& size : kSizes) {
    for (const Activation activation : {Activation::kNone, Activation::kRelu, Activation::kRelu6}) {
      for (const bool with_bias : {false, true}) {
        GemmOptions options;
        options.activation = activation;
        options.bias = with_bias ? &present : nullptr;
        check_case(size, options);
      }
    }
  }
}

TEST_CASE("gemm: cutting rows or columns does not change a bit") {
  constexpr int kM = 37, kN = 53, kK = 301;
  const std::vector<float> a = test::uniform_values(count(kM, kK), 5), b = test::uniform_values(count(kK, kN), 6);
  std::vector<float> whole(count(kM, kN)), parts(count(kM, kN));
  std::vector<float> workspace(kernels::gemm_workspace_size(kM, kN, kK));
  kernels::gemm(kM, kN, kK, a.data(), kK, b.data(), kN, whole.data(), kN, {}, workspace.data());
  const int rows[] = {0, 1, 6, 23, kM}, columns[] = {0, 5, 24, 37, kN};
  for (int i = 0; i < 4; ++i) {
    for (int j = 0; j < 4; ++j) {
      kernels::gemm(rows[i + 1] - rows[i], columns[j + 1] - columns[j], kK, a.data() + rows[i] * kK, kK,
                    b.data() + columns[j], kN, parts.data() + rows[i] * kN + columns[j], kN, {}, workspace.data());
    }
  }
  CHECK(whole == parts);
}

TEST_CASE("gemm: tiles that look ahead never look past a packed b, and change nothing") {
  // b of exactly its size, so that the address sanitizer sees a look too far; panels of 8 and of 12, several blocks of
  // k, and rows that leave few and many tiles to share out the looking.
  for (const Case& size : {Case{12, 64, 300}, Case{13, 96, 256}, Case{96, 24, 1100}, Case{97, 36, 700},
                           Case{31, 32, 520}, Case{200, 1008, 20}, Case{15, 2048, 16}}) {
    const auto [m, n, k] = size;
    const std::vector<float> a = test::uniform_values(count(m, k), 1), b = test::uniform_values(count(k, n), 2);
    std::vector<float> packed(kernels::gemm_packed_b_size(n, k)), c(count(m, n));
    kernels::gemm_pack_b(n, k, b.data(), n, Order::kNormal, packed.data());
    kernels::gemm_packed(m, n, k, a.data(), k, packed.data(), c.data(), n, {}, nullptr);
    std::vector<double> want(c.size());
    kernels::reference::gemm(m, n, k, a.data(), k, b.data(), n, want.data(), n, {});
    test::check_close(c, want, 1e-6 * std::sqrt(k + 1.0) * 4, 1e-5, describe(size, {}));
  }
}

TEST_CASE("gemm: NaN and infinity reach the result, through ReLU too") {
  std::vector<float> a(15, 1.0f), b(15, 1.0f), c(9);
  a[7] = NAN;
  std::vector<float> workspace(kernels::gemm_workspace_size(3, 3, 5));
  GemmOptions options;
  options.activation = Activation::kRelu;
  kernels::gemm(3, 3, 5, a.data(), 5, b.data(), 3, c.data(), 3, options, workspace.data());
  for (int column = 0; column < 3; ++column) {
    CHECK(c[static_cast<std::size_t>(column)] == 5.0f);
    CHECK(std::isnan(c[static_cast<std::size_t>(3 + column)]));
  }
}
