// Strassen's method against plain loops, over awkward even sizes, strides wider than the rows, and parts of the
// rows.
#include "kernels/gemm_strassen.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <string>
#include <vector>

#include "compare.hpp"
#include "kernels/reference/gemm.hpp"
#include "test_data.hpp"

namespace kernels = sortlab::kernels;
namespace test = sortlab::test;
using kernels::StrassenRows;

namespace {

constexpr float kUntouched = 12345.0f;

struct Case {
  int m, n, k;
};
const Case kSizes[] = {{2, 2, 2},    {4, 6, 2},      {10, 14, 6},    {2, 26, 40},     {24, 8, 18},
                       {34, 48, 62}, {200, 26, 130}, {194, 52, 258}, {98, 530, 1030}, {394, 34, 20}};

std::size_t count(int rows, int columns) { return static_cast<std::size_t>(rows) * static_cast<std::size_t>(columns); }

struct Factors {
  int lda, ldb, ldc;
  std::vector<float> a, b;

  explicit Factors(const Case& size)
      : lda(size.k + 3),
        ldb(size.n + 1),
        ldc(size.n + 2),
        a(test::uniform_values(count(size.m, lda), 1)),
        b(test::uniform_values(count(size.k, ldb), 2)) {}
};

/// c, each step in as many parts as `cuts` says, in hundredths of the rows.
std::vector<float> product(const Case& size, const Factors& factors, const std::vector<int>& cuts) {
  std::vector<float> c(count(size.m, factors.ldc), kUntouched);
  std::vector<float> packed(kernels::gemm_strassen_packed_size(size.n, size.k), kUntouched);
  const auto each_part = [&](int rows, auto&& run) {
    for (std::size_t part = 0; part + 1 < cuts.size(); ++part) {
      run(StrassenRows{rows * cuts[part] / 100, rows * cuts[part + 1] / 100});
    }
  };
  each_part(size.k / 2, [&](StrassenRows rows) {
    kernels::gemm_strassen_pack(size.n, size.k, factors.b.data(), factors.ldb, rows, packed.data());
  });
  each_part(size.m / 2, [&](StrassenRows rows) {
    std::vector<float> workspace(kernels::gemm_strassen_workspace_size(size.n, size.k), kUntouched);
    kernels::gemm_strassen_multiply(size.m, size.n, size.k, factors.a.data(), factors.lda, packed.data(), c.data(),
                                    factors.ldc, rows, workspace.data());
  });
  return c;
}

}  // namespace

TEST_CASE("Strassen's product: awkward sizes") {
  for (const Case& size : kSizes) {
    const Factors factors(size);
    std::vector<double> want(count(size.m, factors.ldc), kUntouched);
    kernels::reference::gemm(size.m, size.n, size.k, factors.a.data(), factors.lda, factors.b.data(), factors.ldb,
                             want.data(), factors.ldc, {});
    const std::string name =
        "Strassen m=" + std::to_string(size.m) + " n=" + std::to_string(size.n) + " k=" + std::to_string(size.k);
    test::check_close(product(size, factors, {0, 100}), want, 4e-6 * std::sqrt(size.k + 1.0) * 4, 1e-5, name);
  }
}

TEST_CASE("Strassen's product: the same bits in one part and in several") {
  const Case size{230, 146, 90};
  const Factors factors(size);
  const std::vector<float> whole = product(size, factors, {0, 100});
  CHECK(product(size, factors, {0, 50, 100}) == whole);
  CHECK(product(size, factors, {0, 7, 7, 40, 99, 100}) == whole);
  // And all of it in one call.
  std::vector<float> c(count(size.m, factors.ldc), kUntouched);
  std::vector<float> workspace(kernels::gemm_strassen_packed_size(size.n, size.k) +
                               kernels::gemm_strassen_workspace_size(size.n, size.k));
  kernels::gemm_strassen(size.m, size.n, size.k, factors.a.data(), factors.lda, factors.b.data(), factors.ldb, c.data(),
                         factors.ldc, workspace.data());
  CHECK(c == whole);
}

TEST_CASE("Strassen's product pays for large and even sizes only") {
  CHECK(kernels::gemm_strassen_pays(1024, 768, 1000));
  CHECK_FALSE(kernels::gemm_strassen_pays(1024, 1024, 766));
  CHECK_FALSE(kernels::gemm_strassen_pays(1023, 1024, 1024));
  CHECK_FALSE(kernels::gemm_strassen_pays(1024, 1023, 1024));
  CHECK_FALSE(kernels::gemm_strassen_pays(1024, 1024, 1023));
}
