#include "kernels/update.hpp"

#include <doctest/doctest.h>

#include <array>
#include <string>
#include <vector>

#include "compare.hpp"
#include "kernels/reference/update.hpp"
#include "numeric_gradient.hpp"
#include "test_data.hpp"

using namespace sortlab;
using namespace sortlab::test;
using kernels::AdamUpdate;
using kernels::SgdUpdate;

namespace {

constexpr std::size_t kSizes[] = {1, 2, 3, 4, 5, 7, 8, 31, 64, 67};

/// Two parameter buffers, as a network has, that take the same three steps.
struct TwoBuffers {
  std::vector<float> weight1{1.0f}, velocity1{0.0f}, moment1{0.0f};
  std::vector<float> weight2{2.0f, -4.0f}, velocity2{0.0f, 0.0f}, moment2{0.0f, 0.0f};
};
constexpr float kGrad1[3] = {1.0f, -1.0f, 2.0f};
constexpr std::array<float, 2> kGrad2[3] = {{1.0f, 0.0f}, {0.0f, 2.0f}, {1.0f, 1.0f}};

}  // namespace

TEST_CASE("sgd_update: three steps by hand") {
  // lr 1/2, momentum 1/2, decay 1/4; all figures are exact in binary.
  const SgdUpdate plain{0.5f, 0.5f, 0.25f, 1.0f, false};
  TwoBuffers b;
  // buffer 1: g = 1 + 1/4, v = 5/4, w = 1 - 5/8;  g = -1 + 3/32, v = 5/8 - 29/32 = -9/32, w = 3/8 + 9/64 = 33/64;
  //           g = 2 + 33/256, v = -36/256 + 545/256 = 509/256, w = 264/512 - 509/512 = -245/512
  const double weight1[3] = {3.0 / 8, 33.0 / 64, -245.0 / 512};
  // buffer 2: [0] g = 3/2, v = 3/2, w = 5/4;  g = 5/16, v = 17/16, w = 23/32;  g = 1 + 23/128, v = 219/128, w = -35/256
  //           [1] g = -1, v = -1, w = -7/2;  g = 9/8, v = 5/8, w = -61/16;  g = 1 - 61/64 = 3/64, v = 23/64, w =
  //           -511/128
  const double weight2[3][2] = {{1.25, -3.5}, {23.0 / 32, -61.0 / 16}, {-35.0 / 256, -511.0 / 128}};
  for (std::size_t step = 0; step < 3; ++step) {
    kernels::sgd_update(1, plain, &kGrad1[step], b.velocity1.data(), b.weight1.data());
    kernels::sgd_update(2, plain, kGrad2[step].data(), b.velocity2.data(), b.weight2.data());
    CHECK(static_cast<double>(b.weight1[0]) == weight1[step]);
    CHECK(static_cast<double>(b.weight2[0]) == weight2[step][0]);
    CHECK(static_cast<double>(b.weight2[1]) == weight2[step][1]);
  }
}

TEST_CASE("sgd_update with Nesterov momentum: two steps by hand") {
  // lr 1/2, momentum 1/2: g = 1, v = 1, w = 1 - 1/2 (1 + 1/2) = 1/4;  g = -1, v = -1/2, w = 1/4 - 1/2 (-1 - 1/4) = 7/8
  const SgdUpdate nesterov{0.5f, 0.5f, 0.0f, 1.0f, true};
  TwoBuffers b;
  kernels::sgd_update(1, nesterov, &kGrad1[0], b.velocity1.data(), b.weight1.data());
  CHECK(b.weight1[0] == 0.25f);
  kernels::sgd_update(1, nesterov, &kGrad1[1], b.velocity1.data(), b.weight1.data());
  CHECK(b.weight1[0] == 0.875f);
}

TEST_CASE("adam_update: three steps by hand") {
  // beta1 1/2, beta2 3/4, lr 1/10, epsilon 1/1000.
  // buffer 1, g = 1, -1, 2: m = 1/2, -1/4, 7/8; v = 1/4, 7/16, 85/64; corrections 1/2, 3/4, 7/8 and 1/4, 7/16, 37/64:
  //   m / c1 = 1, -1/3, 1; v / c2 = 1, 1, 85/37.
  // buffer 2 [0], g = 1, 0, 1: m = 1/2, 1/4, 5/8; v = 1/4, 3/16, 25/64; m / c1 = 1, 1/3, 5/7; v / c2 = 1, 3/7, 25/37.
  // buffer 2 [1], g = 0, 2, 1: m = 0, 1, 1; v = 0, 1, 1; m / c1 = 0, 4/3, 8/7; v / c2 = 0, 16/7, 64/37.
  const double weight1[3] = {0.9000999001, 0.9333999334, 0.8674666111};
  const double weight2[3][2] = {{1.9000999001, -4.0}, {1.8492600515, -4.0881334156}, {1.7624690298, -4.1749640019}};
  AdamUpdate options;
  options.learning_rate = 0.1f;
  options.beta1 = 0.5f;
  options.beta2 = 0.75f;
  options.epsilon = 1e-3f;
  TwoBuffers b;
  float power1 = 1, power2 = 1;
  for (std::size_t step = 0; step < 3; ++step) {
    options.correction1 = 1 - (power1 *= options.beta1);
    options.correction2 = 1 - (power2 *= options.beta2);
    kernels::adam_update(1, options, &kGrad1[step], b.velocity1.data(), b.moment1.data(), b.weight1.data());
    kernels::adam_update(2, options, kGrad2[step].data(), b.velocity2.data(), b.moment2.data(), b.weight2.data());
    CHECK(close(b.weight1[0], weight1[step], 1e-6, 0));
    CHECK(close(b.weight2[0], weight2[step][0], 1e-6, 0));
    CHECK(close(b.weight2[1], weight2[step][1], 1e-6, 0));
  }
}

TEST_CASE("adam_update: the two ways of weight decay, one step by hand") {
  // m / c1 = g and v / c2 = g^2 in the first step, so it is -lr g / |g|.
  AdamUpdate options;
  options.learning_rate = 0.25f;
  options.weight_decay = 0.5f;
  options.epsilon = 0.0f;
  options.correction1 = 1 - options.beta1;
  options.correction2 = 1 - options.beta2;
  TwoBuffers b;
  const std::array<float, 2> grad = {1.0f, 1.0f};
  // added to the gradient: 1 + 1/2 * 2 = 2 and 1 - 1/2 * 4 = -1: signs +, -
  kernels::adam_update(2, options, grad.data(), b.velocity2.data(), b.moment2.data(), b.weight2.data());
  CHECK(close(b.weight2[0], 1.75, 1e-6, 0));
  CHECK(close(b.weight2[1], -3.75, 1e-6, 0));
  // decoupled: w - 1/4 * 1/2 w - 1/4
  options.decoupled = true;
  TwoBuffers d;
  kernels::adam_update(2, options, grad.data(), d.velocity2.data(), d.moment2.data(), d.weight2.data());
  CHECK(close(d.weight2[0], 1.5, 1e-6, 0));
  CHECK(close(d.weight2[1], -3.75, 1e-6, 0));
}

TEST_CASE("updates agree with plain loops over awkward sizes") {
  for (const std::size_t count : kSizes) {
    const std::vector<float> grad = normal_values(count, 1), weight = normal_values(count, 2);
    const std::vector<float> first = normal_values(count, 3), second = uniform_values(count, 4, 0, 1);
    const std::vector<double> grad64 = to_double(grad);
    for (const bool flag : {false, true}) {
      const std::string description = "count " + std::to_string(count) + (flag ? ", nesterov or decoupled" : "");
      std::vector<float> w = weight, v = first;
      std::vector<double> w64 = to_double(w), v64 = to_double(v);
      const SgdUpdate sgd{0.1f, 0.9f, 0.01f, 0.5f, flag};
      kernels::sgd_update(count, sgd, grad.data(), v.data(), w.data());
      kernels::reference::sgd_update(count, sgd, grad64.data(), v64.data(), w64.data());
      check_close(w, w64, 1e-6, 1e-6, "sgd " + description);
      check_close(v, v64, 1e-6, 1e-6, "sgd " + description);

      std::vector<float> aw = weight, m = first, s = second;
      std::vector<double> aw64 = to_double(aw), m64 = to_double(m), s64 = to_double(s);
      const AdamUpdate adam{0.1f, 0.9f, 0.99f, 1e-3f, 0.01f, 0.5f, flag, 0.3f, 0.05f};
      kernels::adam_update(count, adam, grad.data(), m.data(), s.data(), aw.data());
      kernels::reference::adam_update(count, adam, grad64.data(), m64.data(), s64.data(), aw64.data());
      check_close(aw, aw64, 2e-6, 2e-6, "adam " + description);
      check_close(m, m64, 1e-6, 1e-6, "adam " + description);
      check_close(s, s64, 1e-6, 1e-6, "adam " + description);
    }
  }
}
