#include "kernels/activation.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <limits>
#include <string>
#include <vector>

#include "compare.hpp"
#include "kernels/reference/activation.hpp"
#include "numeric_gradient.hpp"
#include "test_data.hpp"

using namespace sortlab;
using namespace sortlab::test;
using kernels::Activation;

namespace {
constexpr Activation kActivations[] = {Activation::kNone, Activation::kRelu, Activation::kRelu6};
constexpr std::size_t kSizes[] = {1, 2, 3, 4, 5, 7, 8, 9, 31, 64, 67};

std::string describe(Activation activation, std::size_t count) {
  return "activation " + std::to_string(static_cast<int>(activation)) + ", count " + std::to_string(count);
}
}  // namespace

TEST_CASE("activation_forward agrees with plain loops, in place too") {
  for (const Activation activation : kActivations) {
    for (const std::size_t count : kSizes) {
      std::vector<float> values = uniform_values(count, count, -9, 9);
      std::vector<double> expected(count);
      kernels::reference::activation_forward(activation, count, to_double(values).data(), expected.data());
      std::vector<float> output(count);
      kernels::activation_forward(activation, count, values.data(), output.data());
      check_close(output, expected, 0, 0, describe(activation, count));
      kernels::activation_forward(activation, count, values.data(), values.data());
      check_close(values, expected, 0, 0, describe(activation, count) + ", in place");
    }
  }
}

TEST_CASE("activation_backward agrees with numeric gradients, in place too") {
  for (const Activation activation : kActivations) {
    for (const std::size_t count : kSizes) {
      const std::vector<float> input = uniform_values(count, count, -9, 9);
      std::vector<float> doutput = uniform_values(count, count + 1), output(count), dinput(count);
      const auto loss = [&](std::span<const double> x) {
        std::vector<double> y(count);
        kernels::reference::activation_forward(activation, count, x.data(), y.data());
        return dot(y, doutput);
      };
      const std::vector<double> expected = numeric_gradient(loss, to_double(input));
      kernels::activation_forward(activation, count, input.data(), output.data());
      kernels::activation_backward(activation, count, output.data(), doutput.data(), dinput.data());
      check_close(dinput, expected, 1e-8, 1e-6, describe(activation, count));
      kernels::activation_backward(activation, count, output.data(), doutput.data(), doutput.data());
      check_close(doutput, expected, 1e-8, 1e-6, describe(activation, count) + ", in place");
    }
  }
}

TEST_CASE("activations pass a NaN and close at their ends") {
  const float nan = std::numeric_limits<float>::quiet_NaN(), infinity = std::numeric_limits<float>::infinity();
  const std::vector<float> input = {nan, -infinity, infinity, 0.0f, 6.0f, nan};
  std::vector<float> output(6), dinput(6);
  const std::vector<float> doutput(6, 1.0f);
  for (const Activation activation : kActivations) {
    kernels::activation_forward(activation, 6, input.data(), output.data());
    CHECK(std::isnan(output[0]));
    CHECK(std::isnan(output[5]));
  }
  kernels::activation_forward(Activation::kRelu, 6, input.data(), output.data());
  CHECK(output[1] == 0.0f);
  CHECK(output[2] == infinity);
  kernels::activation_forward(Activation::kRelu6, 6, input.data(), output.data());
  CHECK(output[2] == 6.0f);
  kernels::activation_backward(Activation::kRelu6, 6, output.data(), doutput.data(), dinput.data());
  for (std::size_t i = 1; i < 5; ++i) CHECK(dinput[i] == 0.0f);
}
