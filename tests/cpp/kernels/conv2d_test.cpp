// Every direction of the convolution and of the pooled block against plain loops, over awkward shapes.
#include "kernels/conv2d.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <sstream>
#include <string>
#include <vector>

#include "compare.hpp"
#include "kernels/conv2d_plan.hpp"
#include "kernels/reference/conv2d.hpp"
#include "test_data.hpp"

namespace kernels = sortlab::kernels;
namespace reference = sortlab::kernels::reference;
namespace test = sortlab::test;
using kernels::Activation;
using kernels::Conv2dMethod;
using kernels::Conv2dPlan;
using kernels::Conv2dShape;
using kernels::Padding;

namespace {

// Past the end of every buffer, so that a write too far is seen in every build.
constexpr float kGuard = 4711.0f;
constexpr std::size_t kGuards = 8;

std::size_t input_size(const Conv2dShape& s) { return static_cast<std::size_t>(s.height * s.width * s.in_channels); }
std::size_t output_size(const Conv2dShape& s) {
  return static_cast<std::size_t>(s.out_height * s.out_width * s.out_channels);
}
std::size_t pooled_size(const Conv2dShape& s) {
  return static_cast<std::size_t>((s.out_height / 2) * (s.out_width / 2) * s.out_channels);
}
std::size_t weight_size(const Conv2dShape& s) {
  return static_cast<std::size_t>(s.kernel_size * s.kernel_size * s.in_channels * s.out_channels);
}

std::string describe(const char* what, const Conv2dPlan& plan) {
  const Conv2dShape& s = plan.shape;
  std::ostringstream out;
  out << what << " " << s.height << "x" << s.width << "x" << s.in_channels << " -> " << s.out_channels << " kernel "
      << s.kernel_size << " stride " << s.stride << " pad " << s.pad_top << "," << s.pad_left << " methods "
      << static_cast<int>(plan.forward) << static_cast<int>(plan.backward_input)
      << static_cast<int>(plan.backward_weight);
  return out.str();
}

std::vector<float> guarded(std::size_t size) {
  std::vector<float> buffer(size + kGuards, kGuard);
  std::fill_n(buffer.begin(), size, 77.0f);
  return buffer;
}
void check_guard(const std::vector<float>& buffer, const std::string& what) {
  CHECK_MESSAGE(std::all_of(buffer.end() - kGuards, buffer.end(), [](float x) { return x == kGuard; }),
                what << " wrote past its end");
}

/// max |error| / max |reference|, the measure of the transforms' loss.
double relative_error(const std::vector<float>& got, const std::vector<double>& want) {
  double error = 0, scale = 1e-30;
  for (std::size_t i = 0; i < want.size(); ++i) {
    const double difference = std::fabs(static_cast<double>(got[i]) - want[i]);
    error = std::isnan(difference) ? INFINITY : std::max(error, difference);
    scale = std::max(scale, std::fabs(want[i]));
  }
  return error / scale;
}
constexpr double kTolerance = 5e-5;

void check_error(const std::vector<float>& got, const std::vector<double>& want, const std::string& what) {
  const double error = relative_error(got, want);
  CHECK_MESSAGE(error <= kTolerance, what << ": relative error " << error);
}

struct Data {
  std::vector<float> input, weight, bias;
  explicit Data(const Conv2dShape& shape)
      : input(test::uniform_values(input_size(shape), 1)),
        weight(test::uniform_values(weight_size(shape), 2)),
        bias(test::uniform_values(static_cast<std::size_t>(shape.out_channels), 3)) {}
};

void check_forward(const Conv2dPlan& plan, const Data& data) {
  const Conv2dShape& shape = plan.shape;
  std::vector<float> prepared = guarded(plan.prepared_forward_size), workspace = guarded(plan.forward_workspace_size);
  kernels::conv2d_prepare_forward(plan, data.weight.data(), prepared.data());
  for (const auto& [activation, has_bias] : {std::pair{Activation::kNone, false},
                                             {Activation::kNone, true},
                                             {Activation::kRelu6, true},
                                             {Activation::kRelu, false}}) {
    const float* bias = has_bias ? data.bias.data() : nullptr;
    const std::vector<double> want =
        reference::conv2d_forward(shape, data.input.data(), data.weight.data(), bias, activation);
    std::vector<float> output = guarded(output_size(shape));
    kernels::conv2d_forward(plan, data.input.data(), prepared.data(), bias, activation, output.data(), 0,
                            shape.out_height, workspace.data());
    check_error(output, want, describe("forward", plan));
    check_guard(output, describe("forward output", plan));
    std::vector<float> parts = guarded(output_size(shape));
    for (int row = 0; row < shape.out_height; row += kernels::kConv2dRowTile) {
      kernels::conv2d_forward(plan, data.input.data(), prepared.data(), bias, activation, parts.data(), row,
                              std::min(row + kernels::kConv2dRowTile, shape.out_height), workspace.data());
    }
    CHECK_MESSAGE(parts == output, describe("forward in parts", plan));
  }
  check_guard(prepared, describe("prepared", plan));
  check_guard(workspace, describe("forward workspace", plan));
}

void check_backward(const Conv2dPlan& plan, const Data& data) {
  const Conv2dShape& shape = plan.shape;
  const std::vector<float> doutput = test::uniform_values(output_size(shape), 4);
  std::vector<float> prepared = guarded(plan.prepared_backward_size), workspace = guarded(plan.backward_workspace_size);
  kernels::conv2d_prepare_backward(plan, data.weight.data(), prepared.data());
  std::vector<float> dinput = guarded(input_size(shape));
  kernels::conv2d_backward_input(plan, doutput.data(), prepared.data(), dinput.data(), workspace.data());
  check_error(dinput, reference::conv2d_backward_input(shape, doutput.data(), data.weight.data()),
              describe("backward input", plan));
  check_guard(dinput, describe("dinput", plan));
  std::vector<float> dweight = data.weight, dbias = data.bias;
  dweight.resize(dweight.size() + kGuards, kGuard), dbias.resize(dbias.size() + kGuards, kGuard);
  std::vector<double> want_weight(data.weight.begin(), data.weight.end()),
      want_bias(data.bias.begin(), data.bias.end());
  reference::conv2d_backward_weight(shape, data.input.data(), doutput.data(), want_weight, want_bias);
  kernels::conv2d_backward_weight(plan, data.input.data(), doutput.data(), dweight.data(), dbias.data(),
                                  workspace.data());
  check_error(dweight, want_weight, describe("backward weight", plan));
  check_error(dbias, want_bias, describe("backward bias", plan));
  kernels::conv2d_backward_weight(plan, data.input.data(), doutput.data(), dweight.data(), nullptr, workspace.data());
  check_guard(dweight, describe("dweight", plan));
  check_guard(dbias, describe("dbias", plan));
  check_guard(prepared, describe("prepared backward", plan));
  check_guard(workspace, describe("backward workspace", plan));
}

void check_pool_forward(const Conv2dPlan& plan, const Data& data, std::vector<std::uint8_t>& code) {
  const Conv2dShape& shape = plan.shape;
  const std::vector<double> conv =
      reference::conv2d_forward(shape, data.input.data(), data.weight.data(), data.bias.data(), Activation::kNone);
  std::vector<double> want;
  std::vector<std::uint8_t> want_code;
  reference::pool(shape, conv, want, want_code);
  std::vector<float> prepared = guarded(plan.prepared_forward_size), workspace = guarded(plan.forward_workspace_size);
  kernels::conv2d_prepare_forward(plan, data.weight.data(), prepared.data());
  const int rows = shape.out_height / 2;
  std::vector<float> pooled = guarded(want.size());
  code.assign(want.size() + kGuards, 99);
  kernels::conv2d_pool_forward(plan, data.input.data(), prepared.data(), data.bias.data(), pooled.data(), code.data(),
                               0, rows, workspace.data());
  check_error(pooled, want, describe("pooled forward", plan));
  // A code may name another position only where the two are equal within the tolerance.
  double scale = 1e-30;
  for (const double value : conv) scale = std::max(scale, std::fabs(value));
  for (std::size_t i = 0; i < want.size(); ++i) {
    const auto channels = static_cast<std::size_t>(shape.out_channels),
               width = static_cast<std::size_t>(shape.out_width);
    const std::size_t window = i / channels, y = window / (width / 2) * 2, x = window % (width / 2) * 2;
    REQUIRE_MESSAGE(code[i] <= kernels::kPoolDead, describe("code", plan));
    double chosen = 0.0;
    if (code[i] != kernels::kPoolDead) {
      chosen = conv[((y + code[i] / 2) * width + x + code[i] % 2) * channels + i % channels];
    }
    CHECK_MESSAGE(std::fabs(chosen - want[i]) <= kTolerance * scale, describe("code", plan) << " at " << i);
  }
  CHECK(std::all_of(code.end() - kGuards, code.end(), [](std::uint8_t x) { return x == 99; }));

  std::vector<float> parts = guarded(want.size());
  std::vector<std::uint8_t> code_parts(code.size(), 99);
  constexpr int kStep = kernels::kConv2dRowTile / 2;
  for (int row = 0; row < rows; row += kStep) {
    kernels::conv2d_pool_forward(plan, data.input.data(), prepared.data(), data.bias.data(), parts.data(),
                                 code_parts.data(), row, std::min(row + kStep, rows), workspace.data());
  }
  CHECK_MESSAGE((parts == pooled && code_parts == code), describe("pooled forward in parts", plan));
  kernels::conv2d_pool_forward(plan, data.input.data(), prepared.data(), data.bias.data(), parts.data(), nullptr, 0,
                               rows, workspace.data());
  CHECK_MESSAGE(parts == pooled, describe("pooled forward without codes", plan));
  check_guard(pooled, describe("pooled", plan));
  check_guard(prepared, describe("prepared", plan));
  check_guard(workspace, describe("pooled forward workspace", plan));
}

void check_pool_backward(const Conv2dPlan& plan, const Data& data, const std::vector<std::uint8_t>& code) {
  const Conv2dShape& shape = plan.shape;
  const std::vector<float> dpooled = test::uniform_values(pooled_size(shape), 5);
  const std::vector<double> doutput = reference::unpool(shape, dpooled.data(), code.data());
  std::vector<double> want_weight(data.weight.begin(), data.weight.end()),
      want_bias(data.bias.begin(), data.bias.end());
  reference::conv2d_backward_weight(shape, data.input.data(), doutput.data(), want_weight, want_bias);
  std::vector<float> prepared = guarded(plan.prepared_backward_size), workspace = guarded(plan.backward_workspace_size);
  kernels::conv2d_prepare_backward(plan, data.weight.data(), prepared.data());
  std::vector<float> dweight = data.weight, dbias = data.bias, dinput = guarded(input_size(shape));
  dweight.resize(dweight.size() + kGuards, kGuard), dbias.resize(dbias.size() + kGuards, kGuard);
  kernels::conv2d_pool_backward(plan, data.input.data(), dpooled.data(), code.data(), prepared.data(), dinput.data(),
                                dweight.data(), dbias.data(), workspace.data());
  check_error(dinput, reference::conv2d_backward_input(shape, doutput.data(), data.weight.data()),
              describe("pooled backward input", plan));
  check_error(dweight, want_weight, describe("pooled backward weight", plan));
  check_error(dbias, want_bias, describe("pooled backward bias", plan));
  for (const auto* buffer : {&dinput, &dweight, &dbias, &prepared, &workspace}) {
    check_guard(*buffer, describe("pooled backward", plan));
  }
  std::vector<float> again = data.weight;
  kernels::conv2d_pool_backward(plan, data.input.data(), dpooled.data(), code.data(), nullptr, nullptr, again.data(),
                                nullptr, workspace.data());
  dweight.resize(again.size());
  CHECK_MESSAGE(again == dweight, describe("pooled backward without dinput", plan));
}

constexpr Conv2dMethod kMethods[] = {Conv2dMethod::kDirect, Conv2dMethod::kImplicitGemm, Conv2dMethod::kWinograd4x4,
                                     Conv2dMethod::kWinograd2x2, Conv2dMethod::kSparse};

/// Every method that can compute the shape, whatever the plan would choose.
void check_shape(const Conv2dShape& shape) {
  const Data data(shape);
  Conv2dPlan plan = kernels::conv2d_plan(shape, false);
  CHECK(kernels::conv2d_forward_supports(plan.forward, shape, false));
  CHECK(kernels::conv2d_backward_input_supports(plan.backward_input, shape, false));
  CHECK(kernels::conv2d_backward_weight_supports(plan.backward_weight, shape, false));
  for (const Conv2dMethod method : kMethods) {
    if (kernels::conv2d_forward_supports(method, shape, false)) {
      plan.forward = method;
      kernels::conv2d_plan_sizes(plan);
      check_forward(plan, data);
    }
    if (kernels::conv2d_backward_input_supports(method, shape, false)) {
      plan.backward_input = method;
      kernels::conv2d_plan_sizes(plan);
      check_backward(plan, data);
    }
    if (kernels::conv2d_backward_weight_supports(method, shape, false)) {
      plan.backward_weight = method;
      kernels::conv2d_plan_sizes(plan);
      check_backward(plan, data);
    }
  }
  if (shape.out_height < 2 || shape.out_width < 2) return;
  plan = kernels::conv2d_plan(shape, true);
  std::vector<std::uint8_t> code;
  for (const Conv2dMethod method : kMethods) {
    if (!kernels::conv2d_forward_supports(method, shape, true)) continue;
    plan.forward = method;
    kernels::conv2d_plan_sizes(plan);
    check_pool_forward(plan, data, code);
  }
  check_pool_backward(plan, data, code);
}

}  // namespace

TEST_CASE("conv2d_shape: same and valid padding") {
  Conv2dShape shape = kernels::conv2d_shape(224, 225, 3, 8, 3, 2, Padding::kSame);
  CHECK(shape.out_height == 112);
  CHECK(shape.out_width == 113);
  CHECK(shape.pad_top == 0);
  CHECK(shape.pad_left == 1);
  shape = kernels::conv2d_shape(7, 8, 3, 8, 3, 2, Padding::kValid);
  CHECK(shape.out_height == 3);
  CHECK(shape.out_width == 3);
  CHECK(shape.pad_top == 0);
  shape = kernels::conv2d_shape(2, 9, 3, 8, 3, 1, Padding::kValid);
  CHECK(shape.out_height == 0);
}

TEST_CASE("conv2d: small awkward images, kernels, strides and paddings") {
  for (const auto& [height, width] : {std::pair{1, 1}, {2, 3}, {5, 4}, {7, 9}, {8, 6}, {11, 5}}) {
    for (const int kernel_size : {1, 2, 3, 5}) {
      for (const int stride : {1, 2, 3}) {
        for (const Padding padding : {Padding::kSame, Padding::kValid}) {
          if (padding == Padding::kValid && (height < kernel_size || width < kernel_size)) continue;
          for (const int out : {5, 8}) {
            check_shape(kernels::conv2d_shape(height, width, 3, out, kernel_size, stride, padding));
          }
        }
      }
    }
  }
}

TEST_CASE("conv2d: channels below, at and above the lanes and tiles") {
  for (const auto& [in, out] : {std::pair{1, 1},
                                {1, 8},
                                {2, 12},
                                {3, 16},
                                {4, 7},
                                {5, 24},
                                {8, 8},
                                {13, 11},
                                {16, 4},
                                {31, 33},
                                {32, 64},
                                {36, 17},
                                {64, 32}}) {
    check_shape(kernels::conv2d_shape(6, 9, in, out, 3, 1, Padding::kSame));
    check_shape(kernels::conv2d_shape(5, 6, in, out, 3, 1, Padding::kValid));
    check_shape(kernels::conv2d_shape(6, 5, in, out, 1, 1, Padding::kSame));
    check_shape(kernels::conv2d_shape(6, 7, in, out, 3, 2, Padding::kSame));
  }
}

TEST_CASE("conv2d: of equal values in a pooled window the first counts, whatever the method") {
  for (const auto& [in, out] : {std::pair{3, 8}, {16, 16}, {3, 5}}) {
    const Conv2dShape shape = kernels::conv2d_shape(9, 10, in, out, 3, 1, Padding::kSame);
    for (const Conv2dMethod method : kMethods) {
      if (!kernels::conv2d_forward_supports(method, shape, true)) continue;
      Conv2dPlan plan = kernels::conv2d_plan(shape, true);
      plan.forward = method;
      kernels::conv2d_plan_sizes(plan);
      // Without weights every output is its bias, exactly.
      const std::vector<float> input = test::uniform_values(input_size(shape), 1), weight(weight_size(shape)),
                               bias(static_cast<std::size_t>(out), 0.5f);
      std::vector<float> prepared(plan.prepared_forward_size), workspace(plan.forward_workspace_size),
          pooled(pooled_size(shape));
      std::vector<std::uint8_t> code(pooled.size(), 99);
      kernels::conv2d_prepare_forward(plan, weight.data(), prepared.data());
      kernels::conv2d_pool_forward(plan, input.data(), prepared.data(), bias.data(), pooled.data(), code.data(), 0,
                                   shape.out_height / 2, workspace.data());
      CHECK_MESSAGE(std::all_of(code.begin(), code.end(), [](std::uint8_t c) { return c == 0; }),
                    describe("code", plan));
      CHECK_MESSAGE(std::all_of(pooled.begin(), pooled.end(), [](float x) { return x == 0.5f; }),
                    describe("pooled", plan));
    }
  }
}

TEST_CASE("conv2d: images of several tiles") {
  check_shape(kernels::conv2d_shape(13, 21, 8, 12, 3, 1, Padding::kSame));
  check_shape(kernels::conv2d_shape(17, 34, 16, 16, 3, 1, Padding::kValid));
  check_shape(kernels::conv2d_shape(30, 41, 3, 32, 3, 1, Padding::kSame));
  check_shape(
      kernels::conv2d_shape(6, 231, 3, 8, 3, 1, Padding::kSame));  // as wide as a photo: several groups of tiles
  check_shape(kernels::conv2d_shape(29, 40, 3, 32, 3, 2, Padding::kSame));
  check_shape(kernels::conv2d_shape(26, 31, 32, 32, 3, 1, Padding::kSame));
}

TEST_CASE("conv2d: more pixels and channels than any block of the products") {
  check_shape(kernels::conv2d_shape(12, 11, 8, 12, 1, 1, Padding::kSame));
  check_shape(kernels::conv2d_shape(15, 13, 130, 100, 1, 1, Padding::kSame));
  check_shape(kernels::conv2d_shape(25, 24, 20, 70, 1, 2, Padding::kSame));
  check_shape(kernels::conv2d_shape(10, 11, 100, 76, 3, 1, Padding::kSame));
  check_shape(kernels::conv2d_shape(21, 23, 72, 100, 3, 2, Padding::kSame));
}
