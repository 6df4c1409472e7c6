#include "transform_error.hpp"

#include <algorithm>
#include <cmath>

#include "base/random.hpp"
#include "kernels/conv2d_plan.hpp"
#include "kernels/gemm.hpp"
#include "kernels/gemm_strassen.hpp"
#include "kernels/reference/conv2d.hpp"
#include "kernels/reference/gemm.hpp"

namespace sortlab::bench {
namespace {

constexpr int kExtent = 30;

std::vector<float> random_floats(std::size_t size, std::uint64_t seed) {
  Random random(seed, RandomPurpose::kDrawing);
  std::vector<float> values(size);
  for (float& value : values) value = random.uniform(-1.0f, 1.0f);
  return values;
}

double relative_error(const std::vector<float>& got, const std::vector<double>& want) {
  double error = 0, scale = 0;
  for (std::size_t i = 0; i < want.size(); ++i) {
    error = std::max(error, std::fabs(static_cast<double>(got[i]) - want[i]));
    scale = std::max(scale, std::fabs(want[i]));
  }
  return error / scale;
}

TransformError weight_gradient_error(int in, int out, const char* name, kernels::Conv2dMethod method) {
  kernels::Conv2dPlan plan =
      kernels::conv2d_plan(kernels::conv2d_shape(kExtent, kExtent, in, out, 3, 1, kernels::Padding::kSame), false);
  plan.backward_weight = method;
  kernels::conv2d_plan_sizes(plan);
  const auto pixels = static_cast<std::size_t>(kExtent * kExtent), size = static_cast<std::size_t>(9 * in * out);
  const std::vector<float> input = random_floats(pixels * static_cast<std::size_t>(in), 1);
  const std::vector<float> doutput = random_floats(pixels * static_cast<std::size_t>(out), 2);
  std::vector<double> want(size), want_bias(static_cast<std::size_t>(out));
  kernels::reference::conv2d_backward_weight(plan.shape, input.data(), doutput.data(), want, want_bias);
  std::vector<float> dweight(size), workspace(plan.backward_workspace_size);
  kernels::conv2d_backward_weight(plan, input.data(), doutput.data(), dweight.data(), nullptr, workspace.data());
  return {std::string("weight gradient, ") + name + " " + std::to_string(in) + "->" + std::to_string(out),
          relative_error(dweight, want)};
}

TransformError input_gradient_error(int in, int out, const char* name, kernels::Conv2dMethod method) {
  kernels::Conv2dPlan plan =
      kernels::conv2d_plan(kernels::conv2d_shape(kExtent, kExtent, in, out, 3, 1, kernels::Padding::kSame), false);
  plan.backward_input = method;
  kernels::conv2d_plan_sizes(plan);
  const auto pixels = static_cast<std::size_t>(kExtent * kExtent);
  const std::vector<float> doutput = random_floats(pixels * static_cast<std::size_t>(out), 1);
  const std::vector<float> weight = random_floats(static_cast<std::size_t>(9 * in * out), 2);
  const std::vector<double> want = kernels::reference::conv2d_backward_input(plan.shape, doutput.data(), weight.data());
  std::vector<float> prepared(plan.prepared_backward_size), workspace(plan.backward_workspace_size),
      dinput(want.size());
  kernels::conv2d_prepare_backward(plan, weight.data(), prepared.data());
  kernels::conv2d_backward_input(plan, doutput.data(), prepared.data(), dinput.data(), workspace.data());
  return {std::string("input gradient, ") + name + " " + std::to_string(in) + "->" + std::to_string(out),
          relative_error(dinput, want)};
}

void add_product_errors(std::vector<TransformError>& errors) {
  constexpr int n = 512;
  const std::vector<float> a = random_floats(std::size_t{n} * n, 1), b = random_floats(std::size_t{n} * n, 2);
  std::vector<double> want(a.size());
  kernels::reference::gemm(n, n, n, a.data(), n, b.data(), n, want.data(), n, {});
  std::vector<float> c(a.size());
  std::vector<float> workspace(
      std::max(kernels::gemm_workspace_size(n, n, n), kernels::gemm_strassen_workspace_size(n / 2, n)));
  kernels::gemm(n, n, n, a.data(), n, b.data(), n, c.data(), n, {}, workspace.data());
  errors.push_back({"product 512x512x512", relative_error(c, want)});
  kernels::gemm_strassen(n, n, n, a.data(), n, b.data(), n, c.data(), n, {0, n / 2}, workspace.data());
  errors.push_back({"product 512x512x512, Strassen", relative_error(c, want)});
}

}  // namespace

std::vector<TransformError> transform_errors() {
  using kernels::Conv2dMethod;
  const std::pair<Conv2dMethod, const char*> methods[] = {{Conv2dMethod::kDirect, "direct"},
                                                          {Conv2dMethod::kImplicitGemm, "implicit product"},
                                                          {Conv2dMethod::kWinograd2x2, "Winograd 2x2"},
                                                          {Conv2dMethod::kWinograd4x4, "Winograd 4x4"}};
  std::vector<TransformError> errors;
  for (const auto& [in, out] : {std::pair{3, 32}, {32, 64}, {64, 32}}) {
    kernels::Conv2dPlan plan =
        kernels::conv2d_plan(kernels::conv2d_shape(kExtent, kExtent, in, out, 3, 1, kernels::Padding::kSame), false);
    const auto pixels = static_cast<std::size_t>(kExtent * kExtent);
    const std::vector<float> input = random_floats(pixels * static_cast<std::size_t>(in), 1);
    const std::vector<float> weight = random_floats(static_cast<std::size_t>(9 * in * out), 2);
    const std::vector<double> want = kernels::reference::conv2d_forward(plan.shape, input.data(), weight.data(),
                                                                        nullptr, kernels::Activation::kNone);
    for (const auto& [method, name] : methods) {
      if (!kernels::conv2d_forward_supports(method, plan.shape, false)) continue;
      plan.forward = method;
      kernels::conv2d_plan_sizes(plan);
      std::vector<float> prepared(plan.prepared_forward_size), workspace(plan.forward_workspace_size),
          output(want.size());
      kernels::conv2d_prepare_forward(plan, weight.data(), prepared.data());
      kernels::conv2d_forward(plan, input.data(), prepared.data(), nullptr, kernels::Activation::kNone, output.data(),
                              0, kExtent, workspace.data());
      errors.push_back(
          {std::string(name) + " " + std::to_string(in) + "->" + std::to_string(out), relative_error(output, want)});
    }
  }
  const kernels::Conv2dShape shape = kernels::conv2d_shape(kExtent, kExtent, 64, 32, 3, 1, kernels::Padding::kSame);
  for (const auto& [method, name] : methods) {
    if (kernels::conv2d_backward_input_supports(method, shape, false)) {
      errors.push_back(input_gradient_error(64, 32, name, method));
    }
    if (kernels::conv2d_backward_weight_supports(method, shape, false)) {
      errors.push_back(weight_gradient_error(64, 32, name, method));
    }
  }
  add_product_errors(errors);
  return errors;
}

}  // namespace sortlab::bench
