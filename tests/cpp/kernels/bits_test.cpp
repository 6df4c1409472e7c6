// The promise of the variant `simd`: the same bits natively and in every WebAssembly engine. Each figure is a hash of
// one kernel's results. A change of a kernel's arithmetic may change its figure, but then on all platforms alike; a
// figure that differs on one of them shows a libm call, a fused multiply-add or another order of a sum.
#include <doctest/doctest.h>

#include <bit>
#include <cstdint>
#include <span>
#include <vector>

#include "kernels/conv2d.hpp"
#include "kernels/depthwise.hpp"
#include "kernels/elementwise.hpp"
#include "kernels/gemm.hpp"
#include "kernels/math.hpp"
#include "kernels/norm.hpp"
#include "kernels/pool.hpp"
#include "kernels/softmax.hpp"
#include "kernels/update.hpp"
#include "test_data.hpp"

// The relaxed variant gives this promise up for fused multiply-adds.
#if !defined(SORTLAB_RELAXED)

using namespace sortlab;
using namespace sortlab::test;

namespace {

/// FNV-1a over the bits.
std::uint32_t hash(std::span<const float> values) {
  std::uint32_t h = 2166136261u;
  for (const float value : values) {
    const std::uint32_t bits = std::bit_cast<std::uint32_t>(value);
    for (int shift = 0; shift < 32; shift += 8) h = (h ^ ((bits >> shift) & 0xffu)) * 16777619u;
  }
  return h;
}

constexpr int kPixels = 77, kChannels = 21;
constexpr std::size_t kCount = std::size_t{kPixels} * kChannels;

}  // namespace

TEST_CASE("math gives the same bits on every platform") {
  std::vector<float> values = uniform_values(20000, 1, -110, 95), result(values.size());
  for (std::size_t i = 0; i < values.size(); ++i) result[i] = kernels::exp(values[i]);
  CHECK(hash(result) == 2150582554u);
  for (std::size_t i = 0; i < values.size(); ++i) result[i] = kernels::log(values[i] + 111);
  CHECK(hash(result) == 3807658938u);
  for (std::size_t i = 0; i < values.size(); ++i) result[i] = kernels::cos(values[i]) + kernels::sin(values[i]);
  CHECK(hash(result) == 4162983933u);
}

TEST_CASE("products and convolutions give the same bits on every platform") {
  constexpr int kRows = 37, kColumns = 53, kDepth = 301;
  const std::vector<float> a = normal_values(kRows * kDepth, 11), b = normal_values(kDepth * kColumns, 12);
  std::vector<float> c(kRows * kColumns), workspace(kernels::gemm_workspace_size(kRows, kColumns, kDepth));
  kernels::gemm(kRows, kColumns, kDepth, a.data(), kDepth, b.data(), kColumns, c.data(), kColumns, {},
                workspace.data());
  CHECK(hash(c) == 3361065868u);
  const kernels::Conv2dPlan plan =
      kernels::conv2d_plan(kernels::conv2d_shape(13, 17, 16, 20, 3, 1, kernels::Padding::kSame), false);
  REQUIRE(plan.forward == kernels::Conv2dMethod::kWinograd4x4);
  const std::vector<float> input = normal_values(13 * 17 * 16, 13), weight = normal_values(9 * 16 * 20, 14);
  std::vector<float> prepared(plan.prepared_forward_size), output(13 * 17 * 20);
  workspace.resize(plan.forward_workspace_size);
  kernels::conv2d_prepare_forward(plan, weight.data(), prepared.data());
  kernels::conv2d_forward(plan, input.data(), prepared.data(), nullptr, kernels::Activation::kRelu, output.data(), 0,
                          13, workspace.data());
  CHECK(hash(output) == 1088860078u);
  std::vector<float> depthwise(13 * 17 * 16);
  const kernels::Conv2dShape shape = kernels::conv2d_shape(13, 17, 16, 16, 3, 1, kernels::Padding::kSame);
  kernels::depthwise_forward(shape, input.data(), weight.data(), nullptr, kernels::Activation::kRelu6, depthwise.data(),
                             0, 13);
  CHECK(hash(depthwise) == 1089160866u);
}

TEST_CASE("group norm gives the same bits on every platform") {
  const kernels::GroupNormShape shape{kPixels, kChannels, 3, 1e-5f, kernels::Activation::kRelu};
  const std::vector<float> input = normal_values(kCount, 2, 1, 3), doutput = normal_values(kCount, 3);
  const std::vector<float> gamma = normal_values(kChannels, 4, 1, 0.2f), beta = normal_values(kChannels, 5);
  std::vector<float> output(kCount), statistics(6), dinput(kCount), dgamma(kChannels), dbeta(kChannels);
  std::vector<float> workspace(4 * kChannels);
  kernels::group_norm_forward(shape, input.data(), gamma.data(), beta.data(), output.data(), statistics.data());
  CHECK(hash(output) == 396565449u);
  kernels::group_norm_backward(shape, input.data(), output.data(), doutput.data(), gamma.data(), statistics.data(),
                               dinput.data(), dgamma.data(), dbeta.data(), workspace.data());
  CHECK(hash(dinput) == 3530634961u);
  CHECK(hash(dgamma) == 4179819010u);
}

TEST_CASE("cross-entropy gives the same bits on every platform") {
  const std::vector<float> logits = normal_values(32 * 6, 6, 0, 5);
  std::vector<std::int32_t> labels(32);
  for (std::size_t i = 0; i < labels.size(); ++i) labels[i] = static_cast<std::int32_t>(i % 6);
  std::vector<float> losses(32), probs(32 * 6), dlogits(32 * 6);
  kernels::softmax_cross_entropy(32, 6, logits.data(), labels.data(), {0.1f, 1.0f / 32}, losses.data(), probs.data(),
                                 dlogits.data());
  CHECK(hash(losses) == 3018855893u);
  CHECK(hash(dlogits) == 2748990671u);
}

TEST_CASE("sums, masks and updates give the same bits on every platform") {
  const std::vector<float> grad = normal_values(kCount, 7);
  std::vector<float> weight = normal_values(kCount, 8), first(kCount, 0.0f), second(kCount, 0.0f);
  std::vector<float> sums(kChannels, 0.0f), dropped(kCount);
  kernels::global_average_pool_forward(kPixels, kChannels, grad.data(), sums.data());
  kernels::accumulate_column_sums(kPixels, kChannels, weight.data(), sums.data());
  CHECK(hash(sums) == 2287560322u);
  kernels::dropout(kCount, 0.3f, {42, 1, 2, 3}, weight.data(), dropped.data());
  CHECK(hash(dropped) == 4087249222u);
  kernels::AdamUpdate adam;
  adam.learning_rate = 1e-2f;
  adam.weight_decay = 1e-2f;
  adam.decoupled = true;
  adam.correction1 = 0.1f;
  adam.correction2 = 0.001f;
  kernels::adam_update(kCount, adam, grad.data(), first.data(), second.data(), weight.data());
  kernels::sgd_update(kCount, {0.1f, 0.9f, 0.01f, 0.5f, true}, grad.data(), first.data(), weight.data());
  CHECK(hash(weight) == 2805758592u);
  const float norm = static_cast<float>(kernels::sum_of_squares(kCount, weight.data()));
  CHECK(hash({&norm, 1}) == 4013722387u);
}

#endif
