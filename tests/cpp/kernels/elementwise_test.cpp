#include "kernels/elementwise.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <limits>
#include <string>
#include <vector>

#include "compare.hpp"
#include "kernels/reference/elementwise.hpp"
#include "numeric_gradient.hpp"
#include "test_data.hpp"

using namespace sortlab;
using namespace sortlab::test;
using kernels::Activation;
using kernels::DropoutKey;

namespace {
constexpr Activation kActivations[] = {Activation::kNone, Activation::kRelu, Activation::kRelu6};
constexpr std::size_t kSizes[] = {1, 2, 3, 4, 5, 7, 8, 9, 15, 16, 17, 31, 64, 1001};
}  // namespace

TEST_CASE("add_forward agrees with plain loops, and its gradient is the activation's") {
  for (const Activation activation : kActivations) {
    for (const std::size_t count : kSizes) {
      const std::string description =
          "add, activation " + std::to_string(static_cast<int>(activation)) + ", count " + std::to_string(count);
      std::vector<float> a = uniform_values(count, 1, -5, 5), output(count), dinput(count);
      const std::vector<float> b = uniform_values(count, 2, -5, 5), doutput = uniform_values(count, 3);
      const std::vector<double> b64 = to_double(b);
      const auto forward = [&](std::span<const double> x) {
        std::vector<double> y(count);
        kernels::reference::add_forward(count, x.data(), b64.data(), activation, y.data());
        return y;
      };
      const std::vector<double> expected = forward(to_double(a));
      kernels::add_forward(count, a.data(), b.data(), activation, output.data());
      check_close(output, expected, 1e-6, 1e-6, description);
      if (count < 100) {
        kernels::activation_backward(activation, count, output.data(), doutput.data(), dinput.data());
        const auto loss = [&](std::span<const double> x) { return dot(forward(x), doutput); };
        check_close(dinput, numeric_gradient(loss, to_double(a)), 1e-8, 1e-6, description);
      }
      kernels::add_forward(count, a.data(), b.data(), activation, a.data());
      check_close(a, expected, 1e-6, 1e-6, description + ", in place");
    }
  }
}

TEST_CASE("accumulate and scale agree with plain loops") {
  for (const std::size_t count : kSizes) {
    const std::vector<float> source = uniform_values(count, 1);
    std::vector<float> target = uniform_values(count, 2);
    std::vector<float> expected = target;
    for (std::size_t i = 0; i < count; ++i) expected[i] += source[i];
    kernels::accumulate(count, source.data(), target.data());
    check_close(target, expected, 0, 0, "accumulate " + std::to_string(count));
    for (float& value : expected) value *= 0.3f;
    kernels::scale(count, 0.3f, target.data());
    check_close(target, expected, 0, 0, "scale " + std::to_string(count));
  }
}

TEST_CASE("sum_of_squares agrees with a plain sum and lets NaN and infinity through") {
  for (const std::size_t count : kSizes) {
    std::vector<float> values = normal_values(count, count, 0, 3);
    CHECK(close(kernels::sum_of_squares(count, values.data()), kernels::reference::sum_of_squares(count, values.data()),
                0, 1e-12));
    values[count - 1] = std::numeric_limits<float>::infinity();
    CHECK(std::isinf(kernels::sum_of_squares(count, values.data())));
    values[count - 1] = std::numeric_limits<float>::quiet_NaN();
    CHECK(std::isnan(kernels::sum_of_squares(count, values.data())));
  }
  CHECK(kernels::sum_of_squares(0, nullptr) == 0.0);
  const std::vector<float> large(5, 1e30f), small(5, 1e-30f);  // squares no float could hold
  CHECK(close(kernels::sum_of_squares(5, large.data()), 5e60, 0, 1e-6));
  CHECK(close(kernels::sum_of_squares(5, small.data()), 5e-60, 0, 1e-6));
}

TEST_CASE("accumulate_column_sums agrees with plain loops and adds to what is there") {
  for (const int rows : {1, 2, 63, 64, 65, 200}) {
    for (const int columns : {1, 2, 3, 4, 6, 15, 16, 17, 37}) {
      const std::vector<float> values = normal_values(static_cast<std::size_t>(rows * columns), 1, 1);
      std::vector<float> sums = normal_values(static_cast<std::size_t>(columns), 2);
      std::vector<double> expected = to_double(sums);
      kernels::reference::accumulate_column_sums(rows, columns, to_double(values).data(), expected.data());
      kernels::accumulate_column_sums(rows, columns, values.data(), sums.data());
      check_close(sums, expected, 1e-4, 1e-6,
                  "column sums, rows " + std::to_string(rows) + ", columns " + std::to_string(columns));
    }
  }
}

TEST_CASE("accumulate_column_sums stays exact enough over many rows") {
  const std::vector<float> values(100000, 0.1f);
  float sum = 0.0f;
  kernels::accumulate_column_sums(100000, 1, values.data(), &sum);
  CHECK(close(sum, 1e4, 0, 1e-5));  // one float after another gives 9998.6
}

TEST_CASE("bytes_to_floats converts every byte") {
  for (const std::size_t count : {std::size_t{1}, std::size_t{3}, std::size_t{4}, std::size_t{6}, std::size_t{256}}) {
    std::vector<std::uint8_t> bytes(count);
    std::vector<float> output(count);
    std::vector<double> expected(count);
    for (std::size_t i = 0; i < count; ++i) {
      bytes[i] = static_cast<std::uint8_t>(count == 256 ? i : 255 - i);
      expected[i] = bytes[i] / 127.5 - 1;
    }
    kernels::bytes_to_floats(count, bytes.data(), 1 / 127.5f, -1.0f, output.data());
    check_close(output, expected, 2e-7, 0, "bytes " + std::to_string(count));
    kernels::bytes_to_floats(count, bytes.data(), 1.0f, 0.0f, output.data());
    for (std::size_t i = 0; i < count; ++i) CHECK(output[i] == static_cast<float>(bytes[i]));
  }
}

TEST_CASE("dropout is the function of its key that the reference spells out, in place too") {
  for (const std::size_t count : kSizes) {
    for (const float rate : {0.0f, 0.1f, 0.5f, 0.9f}) {
      const std::string description = "dropout " + std::to_string(rate) + ", count " + std::to_string(count);
      const DropoutKey key{0x123456789abcdefULL, 7, 3, 2};
      std::vector<float> input = normal_values(count, 1, 3), output(count);
      std::vector<double> expected(count);
      kernels::reference::dropout(count, rate, key, to_double(input).data(), expected.data());
      kernels::dropout(count, rate, key, input.data(), output.data());
      check_close(output, expected, 0, 1e-6, description);
      kernels::dropout(count, rate, key, input.data(), input.data());
      CHECK_MESSAGE(input == output, description);
    }
  }
}

TEST_CASE("dropout keeps the share it should, and every part of the key changes the mask") {
  const std::size_t count = 40000;
  const std::vector<float> input(count, 1.0f);
  const DropoutKey key{5, 1, 1, 1};
  std::vector<float> output(count), other(count);
  kernels::dropout(count, 0.3f, key, input.data(), output.data());
  double kept = 0, total = 0;
  for (const float value : output) {
    kept += value != 0.0f;
    total += static_cast<double>(value);
  }
  CHECK(close(kept / static_cast<double>(count), 0.7, 0.01, 0));
  CHECK(close(total / static_cast<double>(count), 1.0, 0.015, 0));
  for (const DropoutKey& changed : {DropoutKey{6, 1, 1, 1}, DropoutKey{std::uint64_t{5} << 32, 1, 1, 1},
                                    DropoutKey{5, 2, 1, 1}, DropoutKey{5, 1, 2, 1}, DropoutKey{5, 1, 1, 2}}) {
    kernels::dropout(count, 0.3f, changed, input.data(), other.data());
    double both = 0;
    for (std::size_t i = 0; i < count; ++i) both += output[i] != 0.0f && other[i] != 0.0f;
    CHECK(close(both / static_cast<double>(count), 0.49, 0.015, 0));  // independent masks
  }
}

TEST_CASE("dropout drops a value that is not finite") {
  const std::vector<float> input(64, std::numeric_limits<float>::infinity());
  std::vector<float> output(64);
  kernels::dropout(64, 0.5f, {1, 1, 1, 1}, input.data(), output.data());
  int zeros = 0;
  for (const float value : output) {
    CHECK_FALSE(std::isnan(value));
    zeros += value == 0.0f;
  }
  CHECK(zeros > 0);
}
