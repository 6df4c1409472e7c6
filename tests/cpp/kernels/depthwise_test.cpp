// Depthwise convolution against the plain convolution with a weight that is zero between different channels.
#include "kernels/depthwise.hpp"

#include <doctest/doctest.h>

#include <sstream>
#include <string>
#include <vector>

#include "compare.hpp"
#include "kernels/reference/conv2d.hpp"
#include "test_data.hpp"

namespace kernels = sortlab::kernels;
namespace reference = sortlab::kernels::reference;
namespace test = sortlab::test;
using kernels::Activation;
using kernels::Conv2dShape;
using kernels::Padding;

namespace {

std::string describe(const char* what, const Conv2dShape& s) {
  std::ostringstream out;
  out << "depthwise " << what << " " << s.height << "x" << s.width << "x" << s.in_channels << " kernel "
      << s.kernel_size << " stride " << s.stride << " pad " << s.pad_top << "," << s.pad_left;
  return out.str();
}

void check_shape(const Conv2dShape& shape) {
  const auto channels = static_cast<std::size_t>(shape.in_channels);
  const auto taps = static_cast<std::size_t>(shape.kernel_size * shape.kernel_size);
  const auto pixels_in = static_cast<std::size_t>(shape.height * shape.width);
  const auto pixels_out = static_cast<std::size_t>(shape.out_height * shape.out_width);
  const std::vector<float> input = test::uniform_values(pixels_in * channels, 1);
  const std::vector<float> weight = test::uniform_values(taps * channels, 2), bias = test::uniform_values(channels, 3);
  const std::vector<float> doutput = test::uniform_values(pixels_out * channels, 4);
  std::vector<float> full(taps * channels * channels, 0.0f);
  for (std::size_t tap = 0; tap < taps; ++tap) {
    for (std::size_t c = 0; c < channels; ++c) full[(tap * channels + c) * channels + c] = weight[tap * channels + c];
  }

  for (const Activation activation : {Activation::kNone, Activation::kRelu, Activation::kRelu6}) {
    const float* some_bias = activation == Activation::kRelu ? nullptr : bias.data();
    std::vector<float> output(pixels_out * channels, 77.0f);
    // In two parts, as threads would.
    const int middle = shape.out_height / 2;
    kernels::depthwise_forward(shape, input.data(), weight.data(), some_bias, activation, output.data(), 0, middle);
    kernels::depthwise_forward(shape, input.data(), weight.data(), some_bias, activation, output.data(), middle,
                               shape.out_height);
    test::check_close(output, reference::conv2d_forward(shape, input.data(), full.data(), some_bias, activation), 1e-5,
                      1e-5, describe("forward", shape));
  }
  std::vector<float> dinput(pixels_in * channels, 77.0f);
  kernels::depthwise_backward_input(shape, doutput.data(), weight.data(), dinput.data());
  test::check_close(dinput, reference::conv2d_backward_input(shape, doutput.data(), full.data()), 1e-5, 1e-5,
                    describe("backward input", shape));

  std::vector<double> want_full(full.size()), want_bias(bias.begin(), bias.end()), want;
  reference::conv2d_backward_weight(shape, input.data(), doutput.data(), want_full, want_bias);
  for (std::size_t i = 0; i < weight.size(); ++i) {
    want.push_back(static_cast<double>(weight[i]) + want_full[i * channels + i % channels]);
  }
  std::vector<float> dweight = weight, dbias = bias;
  kernels::depthwise_backward_weight(shape, input.data(), doutput.data(), dweight.data(), dbias.data());
  test::check_close(dweight, want, 1e-4, 1e-5, describe("backward weight", shape));
  test::check_close(dbias, want_bias, 1e-4, 1e-5, describe("backward bias", shape));
  std::vector<float> again = weight;
  kernels::depthwise_backward_weight(shape, input.data(), doutput.data(), again.data(), nullptr);
  CHECK_MESSAGE(again == dweight, describe("backward weight without dbias", shape));
}

}  // namespace

TEST_CASE("depthwise: awkward sizes, kernels, strides and paddings") {
  for (const auto& [height, width] : {std::pair{1, 1}, {3, 2}, {2, 3}, {5, 4}, {9, 7}, {6, 15}}) {
    for (const int channels : {1, 3, 4, 5, 8, 15, 16, 20, 37}) {
      for (const int kernel_size : {3, 5}) {
        for (const int stride : {1, 2}) {
          check_shape(kernels::conv2d_shape(height, width, channels, channels, kernel_size, stride, Padding::kSame));
          if (height < kernel_size || width < kernel_size) continue;
          check_shape(kernels::conv2d_shape(height, width, channels, channels, kernel_size, stride, Padding::kValid));
        }
      }
    }
  }
}

TEST_CASE("depthwise: images wider than the stretch of a row that is worked on at once") {
  struct Size {
    int height, width, channels;
  };
  for (const Size& size : {Size{3, 29, 80}, Size{4, 85, 96}, Size{2, 600, 4}, Size{5, 30, 130}, Size{3, 56, 20},
                           Size{4, 112, 16}, Size{3, 113, 8}}) {
    for (const int stride : {1, 2, 3}) {
      for (const Padding padding : {Padding::kSame, Padding::kValid}) {
        if (padding == Padding::kValid && size.height < 3) continue;
        check_shape(kernels::conv2d_shape(size.height, size.width, size.channels, size.channels, 3, stride, padding));
      }
    }
  }
}
