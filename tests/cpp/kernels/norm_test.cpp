#include "kernels/norm.hpp"

#include <doctest/doctest.h>

#include <sstream>
#include <string>
#include <vector>

#include "compare.hpp"
#include "kernels/reference/norm.hpp"
#include "numeric_gradient.hpp"
#include "test_data.hpp"

using namespace sortlab;
using namespace sortlab::test;
using kernels::Activation;
using kernels::GroupNormShape;

namespace {

constexpr Activation kActivations[] = {Activation::kNone, Activation::kRelu, Activation::kRelu6};

struct Size {
  int pixels, channels, groups;
};
// Groups inside a vector, across vectors and across blocks of sixteen channels; one pixel, and more than one part
// of 64.
constexpr Size kSizes[] = {{2, 1, 1},  {1, 2, 1},  {5, 3, 1},  {4, 4, 2},   {7, 6, 3},  {9, 8, 8},    {3, 20, 4},
                           {6, 24, 2}, {5, 21, 3}, {65, 5, 1}, {13, 33, 3}, {2, 35, 7}, {131, 16, 8}, {3, 40, 1}};

std::string describe(const GroupNormShape& s) {
  std::ostringstream text;
  text << "group norm, pixels " << s.pixels << ", channels " << s.channels << ", groups " << s.groups << ", activation "
       << static_cast<int>(s.activation);
  return text.str();
}

/// Data of one case; gamma and beta large enough that ReLU6 cuts at both ends.
struct Case {
  GroupNormShape shape;
  std::size_t channels, count;
  std::vector<float> input, gamma, beta, doutput;

  Case(const Size& size, Activation activation, float mean = 0.5f)
      : shape{size.pixels, size.channels, size.groups, 1e-5f, activation},
        channels(static_cast<std::size_t>(size.channels)),
        count(channels * static_cast<std::size_t>(size.pixels)),
        input(normal_values(count, 1, mean, 2)),
        gamma(normal_values(channels, 2, 2, 1)),
        beta(normal_values(channels, 3, 2, 1)),
        doutput(normal_values(count, 4)) {}

  std::vector<double> reference(std::span<const double> x, std::span<const double> g, std::span<const double> b) const {
    std::vector<double> output(count), statistics(2 * static_cast<std::size_t>(shape.groups));
    kernels::reference::group_norm_forward(shape, x.data(), g.data(), b.data(), output.data(), statistics.data());
    return output;
  }
};

}  // namespace

TEST_CASE("group_norm_forward agrees with plain loops") {
  for (const Size& size : kSizes) {
    for (const Activation activation : kActivations) {
      const Case c(size, activation);
      std::vector<float> output(c.count), statistics(2 * static_cast<std::size_t>(size.groups));
      std::vector<double> expected(c.count), expected_statistics(statistics.size());
      kernels::reference::group_norm_forward(c.shape, to_double(c.input).data(), to_double(c.gamma).data(),
                                             to_double(c.beta).data(), expected.data(), expected_statistics.data());
      kernels::group_norm_forward(c.shape, c.input.data(), c.gamma.data(), c.beta.data(), output.data(),
                                  statistics.data());
      check_close(statistics, expected_statistics, 1e-6, 1e-5, describe(c.shape));
      check_close(output, expected, 1e-5, 1e-5, describe(c.shape));
      std::vector<float> in_place = c.input;
      kernels::group_norm_forward(c.shape, in_place.data(), c.gamma.data(), c.beta.data(), in_place.data(),
                                  statistics.data());
      CHECK_MESSAGE(in_place == output, describe(c.shape));
    }
  }
}

TEST_CASE("group_norm_forward keeps its figures where the mean is large against the deviation") {
  const Case c({4096, 8, 2}, Activation::kNone, 300.0f);
  std::vector<float> output(c.count), statistics(4);
  kernels::group_norm_forward(c.shape, c.input.data(), c.gamma.data(), c.beta.data(), output.data(), statistics.data());
  check_close(output, c.reference(to_double(c.input), to_double(c.gamma), to_double(c.beta)), 1e-3, 1e-3,
              describe(c.shape));
}

TEST_CASE("group_norm_backward agrees with numeric gradients, in place too") {
  for (const Size& size : kSizes) {
    for (const Activation activation : kActivations) {
      const Case c(size, activation);
      const std::vector<double> x = to_double(c.input), g = to_double(c.gamma), b = to_double(c.beta);
      const auto dx = numeric_gradient([&](auto v) { return dot(c.reference(v, g, b), c.doutput); }, x, 1e-6);
      const auto dg = numeric_gradient([&](auto v) { return dot(c.reference(x, v, b), c.doutput); }, g, 1e-6);
      auto db = numeric_gradient([&](auto v) { return dot(c.reference(x, g, v), c.doutput); }, b, 1e-6);

      std::vector<float> output(c.count), statistics(2 * static_cast<std::size_t>(size.groups));
      std::vector<float> workspace(4 * c.channels), dinput(c.count), dgamma(c.channels, 0.0f), dbeta(c.channels, 0.0f);
      kernels::group_norm_forward(c.shape, c.input.data(), c.gamma.data(), c.beta.data(), output.data(),
                                  statistics.data());
      kernels::group_norm_backward(c.shape, c.input.data(), output.data(), c.doutput.data(), c.gamma.data(),
                                   statistics.data(), dinput.data(), dgamma.data(), dbeta.data(), workspace.data());
      check_close(dinput, dx, 3e-5, 3e-5, describe(c.shape) + ", dinput");
      check_close(dgamma, dg, 3e-5, 3e-5, describe(c.shape) + ", dgamma");
      check_close(dbeta, db, 3e-5, 3e-5, describe(c.shape) + ", dbeta");

      std::vector<float> in_place = c.doutput;
      kernels::group_norm_backward(c.shape, c.input.data(), output.data(), in_place.data(), c.gamma.data(),
                                   statistics.data(), in_place.data(), dgamma.data(), dbeta.data(), workspace.data());
      CHECK_MESSAGE(in_place == dinput, describe(c.shape));
      for (double& value : db) value *= 2;  // accumulated, not overwritten
      check_close(dbeta, db, 6e-5, 3e-5, describe(c.shape) + ", dbeta twice");
    }
  }
}

TEST_CASE("channel_affine agrees with plain loops and numeric gradients") {
  for (const int channels : {1, 3, 4, 7, 16, 21}) {
    for (const Activation activation : kActivations) {
      const int pixels = 5;
      const std::size_t count = static_cast<std::size_t>(pixels * channels);
      const std::string description = "affine, channels " + std::to_string(channels) + ", activation " +
                                      std::to_string(static_cast<int>(activation));
      const std::vector<float> input = normal_values(count, 1, 1, 3), doutput = normal_values(count, 2);
      const std::vector<float> scale = normal_values(static_cast<std::size_t>(channels), 3, 1, 1);
      const std::vector<float> shift = normal_values(static_cast<std::size_t>(channels), 4, 1, 1);
      const std::vector<double> scale64 = to_double(scale), shift64 = to_double(shift);
      const auto forward = [&](std::span<const double> x) {
        std::vector<double> y(count);
        kernels::reference::channel_affine_forward(pixels, channels, x.data(), scale64.data(), shift64.data(),
                                                   activation, y.data());
        return y;
      };
      std::vector<float> output(count), dinput(count);
      kernels::channel_affine_forward(pixels, channels, input.data(), scale.data(), shift.data(), activation,
                                      output.data());
      check_close(output, forward(to_double(input)), 1e-5, 1e-6, description);
      kernels::channel_affine_backward(pixels, channels, output.data(), doutput.data(), scale.data(), activation,
                                       dinput.data());
      const auto loss = [&](std::span<const double> x) { return dot(forward(x), doutput); };
      check_close(dinput, numeric_gradient(loss, to_double(input)), 1e-6, 1e-5, description);
    }
  }
}
