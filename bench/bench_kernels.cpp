// Speed of the kernels on the layers that matter, one thread:
//   node build/wasm-relaxed/bench/bench_kernels.cjs [--json] [--alive SHARE] [part of a name]
// GFLOP/s count the direct computation, so that a method which multiplies less shows more than the peak.
#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <functional>
#include <string>
#include <vector>

#include "base/random.hpp"
#include "convolutions.hpp"
#include "kernels/conv2d.hpp"
#include "kernels/conv2d_sparse.hpp"
#include "kernels/depthwise.hpp"
#include "kernels/gemm.hpp"
#include "kernels/gemm_strassen.hpp"
#include "measure.hpp"
#include "streams.hpp"

namespace {

using namespace sortlab;
using bench::area;
using bench::Bench;
using bench::bench_conv;
using bench::direct_flop;
using bench::Floats;
using bench::random_floats;
using bench::square_shape;
using kernels::Activation;
using kernels::Conv2dPlan;
using kernels::Conv2dShape;

// Share of the pooling windows that ReLU leaves alive. About two of three in training; the sparse passes depend on it.
float alive_share = 0.67f;

std::vector<std::uint8_t> random_codes(std::size_t size) {
  Random random(2, RandomPurpose::kDrawing);
  std::vector<std::uint8_t> codes(size);
  for (std::uint8_t& code : codes) {
    code = random.uniform() < alive_share ? static_cast<std::uint8_t>(random.below(4)) : kernels::kPoolDead;
  }
  return codes;
}

void bench_gemm(Bench& bench, int m, int n, int k) {
  const Floats a = random_floats(area(m, k, 1)), b = random_floats(area(k, n, 1));
  Floats c(area(m, n, 1)), workspace(kernels::gemm_workspace_size(m, n, k));
  char name[64];
  std::snprintf(name, sizeof name, "gemm %dx%dx%d", m, n, k);
  bench.run(name, 2.0 * m * n * k,
            [&] { kernels::gemm(m, n, k, a.data(), k, b.data(), n, c.data(), n, {}, workspace.data()); });
}

void bench_strassen(Bench& bench, int m, int n, int k) {
  const Floats a = random_floats(area(m, k, 1)), b = random_floats(area(k, n, 1));
  Floats c(area(m, n, 1)),
      workspace(kernels::gemm_strassen_packed_size(n, k) + kernels::gemm_strassen_workspace_size(n, k));
  char name[64];
  std::snprintf(name, sizeof name, "gemm Strassen %dx%dx%d", m, n, k);
  bench.run(name, 2.0 * m * n * k,
            [&] { kernels::gemm_strassen(m, n, k, a.data(), k, b.data(), n, c.data(), n, workspace.data()); });
}

/// b packed beforehand, as the weights of a layer are.
void bench_gemm_packed(Bench& bench, int m, int n, int k) {
  const Floats a = random_floats(area(m, k, 1)), b = random_floats(area(k, n, 1));
  Floats c(area(m, n, 1)), packed(kernels::gemm_packed_b_size(n, k));
  Floats workspace(kernels::gemm_packed_workspace_size(m, n, k));
  kernels::gemm_pack_b(n, k, b.data(), n, kernels::Order::kNormal, packed.data());
  char name[64];
  std::snprintf(name, sizeof name, "gemm packed %dx%dx%d", m, n, k);
  bench.run(name, 2.0 * m * n * k,
            [&] { kernels::gemm_packed(m, n, k, a.data(), k, packed.data(), c.data(), n, {}, workspace.data()); });
}

/// One layer of the notebook's network: conv 3x3, ReLU, pool.
void bench_pooled(Bench& bench, const std::string& name, int extent, int in, int out, bool first) {
  const Conv2dPlan plan = kernels::conv2d_plan(square_shape(extent, in, out, 3, 1), true);
  const Conv2dShape& shape = plan.shape;
  const int rows = shape.out_height / 2;
  const std::size_t pooled_size = area(rows, shape.out_width / 2, out);
  const Floats input = random_floats(area(extent, extent, in), 0.0f), weight = random_floats(area(9, in, out));
  const Floats bias = random_floats(static_cast<std::size_t>(out)), dpooled = random_floats(pooled_size);
  const std::vector<std::uint8_t> codes = random_codes(pooled_size);
  Floats prepared(plan.prepared_forward_size), prepared_backward(plan.prepared_backward_size);
  Floats pooled(pooled_size), dinput(input.size()), dweight(weight.size()), dbias(bias.size());
  std::vector<std::uint8_t> code(pooled_size);
  Floats workspace(std::max(plan.forward_workspace_size, plan.backward_workspace_size));
  const double flop = direct_flop(shape);
  bench.run(name + " prepare", flop / shape.out_height / shape.out_width, [&] {
    kernels::conv2d_prepare_forward(plan, weight.data(), prepared.data());
    if (!first) kernels::conv2d_prepare_backward(plan, weight.data(), prepared_backward.data());
  });
  kernels::conv2d_prepare_forward(plan, weight.data(), prepared.data());
  kernels::conv2d_prepare_backward(plan, weight.data(), prepared_backward.data());
  bench.run(name + " forward", flop, [&] {
    kernels::conv2d_pool_forward(plan, input.data(), prepared.data(), bias.data(), pooled.data(), code.data(), 0, rows,
                                 workspace.data());
  });
  bench.run(name + " backward weight", flop, [&] {
    kernels::sparse::backward_weight(shape, input.data(), dpooled.data(), codes.data(), dweight.data(), dbias.data(),
                                     workspace.data());
  });
  if (first) return;
  bench.run(name + " backward input", flop, [&] {
    kernels::sparse::backward_input(shape, dpooled.data(), codes.data(), prepared_backward.data(), dinput.data(),
                                    workspace.data());
  });
}

void bench_depthwise(Bench& bench, const std::string& name, int extent, int channels, int stride, int kernel_size = 3) {
  const Conv2dShape shape = square_shape(extent, channels, channels, kernel_size, stride);
  const int taps = kernel_size * kernel_size;
  const std::size_t output_size = area(shape.out_height, shape.out_width, channels);
  const Floats input = random_floats(area(extent, extent, channels)), weight = random_floats(area(taps, channels, 1)),
               bias = random_floats(static_cast<std::size_t>(channels)), doutput = random_floats(output_size);
  Floats output(output_size), dinput(input.size()), dweight(weight.size()), dbias(bias.size());
  const double flop = 2.0 * taps * static_cast<double>(output_size);
  bench.run(name + " forward", flop, [&] {
    kernels::depthwise_forward(shape, input.data(), weight.data(), bias.data(), Activation::kRelu6, output.data(), 0,
                               shape.out_height);
  });
  bench.run(name + " backward input", flop,
            [&] { kernels::depthwise_backward_input(shape, doutput.data(), weight.data(), dinput.data()); });
  bench.run(name + " backward weight", flop, [&] {
    kernels::depthwise_backward_weight(shape, input.data(), doutput.data(), dweight.data(), dbias.data());
  });
}

}  // namespace

int main(int argc, char** argv) {
  bool json = false;
  std::string filter;
  for (int i = 1; i < argc; ++i) {
    if (std::strcmp(argv[i], "--json") == 0) {
      json = true;
    } else if (std::strcmp(argv[i], "--alive") == 0 && i + 1 < argc) {
      alive_share = std::strtof(argv[++i], nullptr);
    } else {
      filter = argv[i];
    }
  }
  const double peak = bench::measure_peak();
  Bench bench(filter);
  bench_gemm(bench, 1024, 1024, 1024);
  bench_strassen(bench, 1024, 1024, 1024);
  bench_gemm(bench, 768, 768, 768);
  bench_strassen(bench, 768, 768, 768);
  bench_gemm_packed(bench, 1024, 1024, 1024);
  bench_gemm_packed(bench, 24, 1024, 1024);
  bench_gemm_packed(bench, 96, 192, 256);
  bench_gemm_packed(bench, 96, 200, 256);

  // The products inside the Winograd convolutions.
  bench_gemm_packed(bench, 24, 64, 32);
  bench_gemm_packed(bench, 24, 32, 64);
  bench_gemm_packed(bench, 24, 96, 32);
  bench_gemm_packed(bench, 1, 64, 25088);
  bench_gemm(bench, 32, 64, 25088);
  bench_gemm(bench, 1, 64, 25088);
  bench_pooled(bench, "notebook 1: 224x224 3->32", 224, 3, 32, true);
  bench_pooled(bench, "notebook 2: 112x112 32->64", 112, 32, 64, false);
  bench_pooled(bench, "notebook 3: 56x56 64->32", 56, 64, 32, false);
  bench_conv(bench, "conv 3x3 s2 224x224 3->32", square_shape(224, 3, 32, 3, 2), false);
  bench_conv(bench, "conv 3x3 56x56 64->64", square_shape(56, 64, 64, 3, 1), true);
  bench_conv(bench, "conv 3x3 24x24 32->32", square_shape(24, 32, 32, 3, 1), true);
  bench_conv(bench, "conv 3x3 14x14 128->128", square_shape(14, 128, 128, 3, 1), true);
  bench_conv(bench, "conv 1x1 112x112 32->16", square_shape(112, 32, 16, 1, 1), true);
  bench_conv(bench, "conv 1x1 112x112 16->96", square_shape(112, 16, 96, 1, 1), true);
  bench_conv(bench, "conv 1x1 56x56 24->144", square_shape(56, 24, 144, 1, 1), true);
  bench_conv(bench, "conv 1x1 14x14 384->64", square_shape(14, 384, 64, 1, 1), true);
  bench_conv(bench, "conv 1x1 7x7 160->960", square_shape(7, 160, 960, 1, 1), true);
  bench_depthwise(bench, "depthwise s2 56x56 144", 56, 144, 2);
  bench_depthwise(bench, "depthwise s2 28x28 192", 28, 192, 2);
  bench_depthwise(bench, "depthwise 112x112 32", 112, 32, 1);
  bench_depthwise(bench, "depthwise s2 112x112 96", 112, 96, 2);
  bench_depthwise(bench, "depthwise 56x56 144", 56, 144, 1);
  bench_depthwise(bench, "depthwise 14x14 384", 14, 384, 1);
  bench_depthwise(bench, "depthwise 7x7 960", 7, 960, 1);
  bench_depthwise(bench, "depthwise 5x5 kernel, 14x14 480", 14, 480, 1, 5);
  bench_depthwise(bench, "depthwise 5x5 kernel, s2 56x56 144", 56, 144, 2, 5);
  bench::bench_methods(bench);
  bench::bench_streams(bench);
  const std::vector<bench::TransformError> errors = bench::transform_errors();
  json ? bench::print_json(bench.results(), errors, peak) : bench::print_table(bench.results(), errors, peak);
  const auto wrong = [](const bench::TransformError& error) { return !(error.relative_error <= bench::kMostError); };
  return std::any_of(errors.begin(), errors.end(), wrong) ? 1 : 0;
}
