#include "kernels/pool.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <limits>
#include <sstream>
#include <string>
#include <vector>

#include "compare.hpp"
#include "kernels/reference/pool.hpp"
#include "numeric_gradient.hpp"
#include "test_data.hpp"

using namespace sortlab;
using namespace sortlab::test;
using kernels::PoolShape;

namespace {

// height, width, channels, size, stride: overlapping windows, windows with gaps, rows and columns left over.
constexpr PoolShape kShapes[] = {{2, 2, 1, 2, 2},  {5, 4, 3, 2, 2},  {4, 6, 4, 2, 2},    {7, 7, 5, 3, 2},
                                 {6, 5, 16, 3, 1}, {8, 9, 17, 2, 3}, {9, 8, 7, 3, 3},    {1, 1, 2, 1, 1},
                                 {5, 5, 8, 5, 1},  {4, 4, 32, 2, 2}, {15, 17, 1, 15, 2}, {6, 6, 6, 1, 2}};

std::string describe(const PoolShape& s) {
  std::ostringstream text;
  text << "pool " << s.height << "x" << s.width << "x" << s.channels << " size " << s.size << " stride " << s.stride;
  return text.str();
}
std::size_t input_size(const PoolShape& s) { return static_cast<std::size_t>(s.height * s.width * s.channels); }
std::size_t output_size(const PoolShape& s) {
  return static_cast<std::size_t>(s.out_height() * s.out_width() * s.channels);
}

}  // namespace

TEST_CASE("max_pool_forward agrees with plain loops, whole and cut into rows") {
  for (const PoolShape& shape : kShapes) {
    const std::vector<float> input = normal_values(input_size(shape), 1);
    std::vector<double> expected(output_size(shape));
    std::vector<std::uint8_t> expected_code(output_size(shape));
    kernels::reference::max_pool_forward(shape, to_double(input).data(), expected.data(), expected_code.data());

    std::vector<float> output(output_size(shape)), without_code(output_size(shape));
    std::vector<std::uint8_t> code(output_size(shape), 99);
    const int middle = shape.out_height() / 2;
    kernels::max_pool_forward(shape, input.data(), output.data(), code.data(), 0, middle);
    kernels::max_pool_forward(shape, input.data(), output.data(), code.data(), middle, shape.out_height());
    check_close(output, expected, 0, 0, describe(shape));
    CHECK_MESSAGE(code == expected_code, describe(shape));
    kernels::max_pool_forward(shape, input.data(), without_code.data(), nullptr, 0, shape.out_height());
    CHECK_MESSAGE(without_code == output, describe(shape));
  }
}

TEST_CASE("max_pool_forward names the first of equal maxima and passes a NaN") {
  const PoolShape shape{2, 2, 3, 2, 2};
  const float nan = std::numeric_limits<float>::quiet_NaN();
  // (row, column, channel): the second channel holds a NaN in the middle, the third only equal values.
  const std::vector<float> input = {1, 5, 2, 3, nan, 2, 3, 9, 2, 0, 1, 2};
  std::vector<float> output(3);
  std::vector<std::uint8_t> code(3);
  kernels::max_pool_forward(shape, input.data(), output.data(), code.data(), 0, 1);
  CHECK(output[0] == 3.0f);
  CHECK(code[0] == 1);
  CHECK(std::isnan(output[1]));
  CHECK(output[2] == 2.0f);
  CHECK(code[2] == 0);
}

TEST_CASE("max_pool_backward agrees with numeric gradients") {
  for (const PoolShape& shape : kShapes) {
    const std::vector<float> input = normal_values(input_size(shape), 2);
    const std::vector<float> doutput = normal_values(output_size(shape), 3);
    std::vector<std::uint8_t> code(output_size(shape));
    const auto loss = [&](std::span<const double> x) {
      std::vector<double> y(output_size(shape));
      std::vector<std::uint8_t> unused(output_size(shape));
      kernels::reference::max_pool_forward(shape, x.data(), y.data(), unused.data());
      return dot(y, doutput);
    };
    std::vector<float> output(output_size(shape)), dinput(input_size(shape), 99.0f);
    kernels::max_pool_forward(shape, input.data(), output.data(), code.data(), 0, shape.out_height());
    kernels::max_pool_backward(shape, doutput.data(), code.data(), dinput.data());
    check_close(dinput, numeric_gradient(loss, to_double(input)), 1e-6, 1e-6, describe(shape));
  }
}

TEST_CASE("average_pool agrees with plain loops and numeric gradients") {
  for (const PoolShape& shape : kShapes) {
    const std::vector<float> input = normal_values(input_size(shape), 4);
    const std::vector<float> doutput = normal_values(output_size(shape), 5);
    const auto forward = [&](std::span<const double> x) {
      std::vector<double> y(output_size(shape));
      kernels::reference::average_pool_forward(shape, x.data(), y.data());
      return y;
    };
    std::vector<float> output(output_size(shape)), dinput(input_size(shape), 99.0f);
    const int middle = shape.out_height() / 2;
    kernels::average_pool_forward(shape, input.data(), output.data(), 0, middle);
    kernels::average_pool_forward(shape, input.data(), output.data(), middle, shape.out_height());
    check_close(output, forward(to_double(input)), 1e-6, 1e-6, describe(shape));
    kernels::average_pool_backward(shape, doutput.data(), dinput.data());
    const auto loss = [&](std::span<const double> x) { return dot(forward(x), doutput); };
    check_close(dinput, numeric_gradient(loss, to_double(input)), 1e-6, 1e-5, describe(shape));
  }
}

TEST_CASE("global_average_pool agrees with plain loops and numeric gradients") {
  for (const int pixels : {1, 2, 7, 63, 64, 65, 130}) {
    for (const int channels : {1, 3, 4, 5, 16, 19, 32}) {
      const std::string description =
          "global average, pixels " + std::to_string(pixels) + ", channels " + std::to_string(channels);
      const std::size_t count = static_cast<std::size_t>(pixels * channels);
      const std::vector<float> input = normal_values(count, 6, 2);
      const std::vector<float> doutput = normal_values(static_cast<std::size_t>(channels), 7);
      const auto forward = [&](std::span<const double> x) {
        std::vector<double> y(static_cast<std::size_t>(channels));
        kernels::reference::global_average_pool_forward(pixels, channels, x.data(), y.data());
        return y;
      };
      std::vector<float> output(static_cast<std::size_t>(channels)), dinput(count, 99.0f);
      kernels::global_average_pool_forward(pixels, channels, input.data(), output.data());
      check_close(output, forward(to_double(input)), 1e-6, 1e-6, description);
      kernels::global_average_pool_backward(pixels, channels, doutput.data(), dinput.data());
      for (int pixel = 0; pixel < pixels; ++pixel) {  // linear: every pixel gets its share
        std::vector<double> expected;
        for (const float g : doutput) expected.push_back(static_cast<double>(g) / pixels);
        check_close(
            std::span(dinput).subspan(static_cast<std::size_t>(pixel * channels), static_cast<std::size_t>(channels)),
            expected, 1e-8, 1e-6, description);
      }
    }
  }
  const std::vector<float> input = normal_values(35, 8), doutput = normal_values(7, 9);
  const auto loss = [&](std::span<const double> x) {
    std::vector<double> y(7);
    kernels::reference::global_average_pool_forward(5, 7, x.data(), y.data());
    return dot(y, doutput);
  };
  std::vector<float> dinput(35);
  kernels::global_average_pool_backward(5, 7, doutput.data(), dinput.data());
  check_close(dinput, numeric_gradient(loss, to_double(input)), 1e-7, 1e-6, "global average 5x7");
}
