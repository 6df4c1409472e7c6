#include "transform_error.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "base/random.hpp"
#include "convolutions.hpp"
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
    const double difference = std::fabs(static_cast<double>(got[i]) - want[i]);
    error = std::isnan(difference) ? std::numeric_limits<double>::infinity() : std::max(error, difference);
    scale = std::max(scale, std::fabs(want[i]));
  }
  return error / scale;
}

/// One 3x3 layer, and the error of each direction by a method.
class Layer {
 public:
  Layer(int in, int out)
      : plan_(kernels::conv2d_plan(square_shape(kExtent, in, out, 3, 1), false)),
        channels_(" " + std::to_string(in) + "->" + std::to_string(out)),
        input_(random_floats(area(kExtent, kExtent, in), 1)),
        weight_(random_floats(area(9, in, out), 2)),
        doutput_(random_floats(area(kExtent, kExtent, out), 3)) {}

  const kernels::Conv2dShape& shape() const { return plan_.shape; }

  TransformError forward(kernels::Conv2dMethod method, const char* name) {
    plan_.forward = method;
    kernels::conv2d_plan_sizes(plan_);
    const std::vector<double> want =
        kernels::reference::conv2d_forward(shape(), input_.data(), weight_.data(), nullptr, kernels::Activation::kNone);
    std::vector<float> prepared(plan_.prepared_forward_size), workspace(plan_.forward_workspace_size),
        output(want.size());
    kernels::conv2d_prepare_forward(plan_, weight_.data(), prepared.data());
    kernels::conv2d_forward(plan_, input_.data(), prepared.data(), nullptr, kernels::Activation::kNone, output.data(),
                            0, kExtent, workspace.data());
    return {name + channels_, relative_error(output, want)};
  }

  TransformError backward_input(kernels::Conv2dMethod method, const char* name) {
    plan_.backward_input = method;
    kernels::conv2d_plan_sizes(plan_);
    const std::vector<double> want =
        kernels::reference::conv2d_backward_input(shape(), doutput_.data(), weight_.data());
    std::vector<float> prepared(plan_.prepared_backward_size), workspace(plan_.backward_workspace_size),
        dinput(want.size());
    kernels::conv2d_prepare_backward(plan_, weight_.data(), prepared.data());
    kernels::conv2d_backward_input(plan_, doutput_.data(), prepared.data(), dinput.data(), workspace.data());
    return {std::string("input gradient, ") + name + channels_, relative_error(dinput, want)};
  }

  TransformError backward_weight(kernels::Conv2dMethod method, const char* name) {
    plan_.backward_weight = method;
    kernels::conv2d_plan_sizes(plan_);
    std::vector<double> want(weight_.size()), want_bias(static_cast<std::size_t>(shape().out_channels));
    kernels::reference::conv2d_backward_weight(shape(), input_.data(), doutput_.data(), want, want_bias);
    std::vector<float> dweight(weight_.size()), workspace(plan_.backward_workspace_size);
    kernels::conv2d_backward_weight(plan_, input_.data(), doutput_.data(), dweight.data(), nullptr, workspace.data());
    return {std::string("weight gradient, ") + name + channels_, relative_error(dweight, want)};
  }

 private:
  kernels::Conv2dPlan plan_;
  std::string channels_;
  std::vector<float> input_, weight_, doutput_;
};

/// The notebook's blocks of convolution, bias, ReLU and 2x2 max-pool: their output, and the gradients behind the codes
/// of their own forward pass, which skip what pool and ReLU made zero.
void add_pooled_errors(std::vector<TransformError>& errors, int in, int out) {
  const kernels::Conv2dPlan plan = kernels::conv2d_plan(square_shape(kExtent, in, out, 3, 1), true);
  const kernels::Conv2dShape& shape = plan.shape;
  const std::string channels = " " + std::to_string(in) + "->" + std::to_string(out);
  const std::vector<float> input = random_floats(area(kExtent, kExtent, in), 1),
                           weight = random_floats(area(9, in, out), 2);
  const std::vector<float> bias = random_floats(static_cast<std::size_t>(out), 4),
                           dpooled = random_floats(area(kExtent / 2, kExtent / 2, out), 3);
  std::vector<float> prepared(std::max(plan.prepared_forward_size, plan.prepared_backward_size)),
      workspace(std::max(plan.forward_workspace_size, plan.backward_workspace_size));
  std::vector<float> pooled(dpooled.size()), dinput(input.size()), dweight(weight.size()), dbias(bias.size());
  std::vector<std::uint8_t> code(dpooled.size()), exact_code;
  kernels::conv2d_prepare_forward(plan, weight.data(), prepared.data());
  kernels::conv2d_pool_forward(plan, input.data(), prepared.data(), bias.data(), pooled.data(), code.data(), 0,
                               kExtent / 2, workspace.data());
  std::vector<double> want;
  kernels::reference::pool(
      shape,
      kernels::reference::conv2d_forward(shape, input.data(), weight.data(), bias.data(), kernels::Activation::kNone),
      want, exact_code);
  errors.push_back({"pooled block" + channels, relative_error(pooled, want)});

  kernels::conv2d_prepare_backward(plan, weight.data(), prepared.data());
  kernels::conv2d_pool_backward(plan, input.data(), dpooled.data(), code.data(), prepared.data(),
                                in != 3 ? dinput.data() : nullptr, dweight.data(), dbias.data(), workspace.data());
  const std::vector<double> doutput = kernels::reference::unpool(shape, dpooled.data(), code.data());
  if (in != 3) {  // a first layer gives none
    want = kernels::reference::conv2d_backward_input(shape, doutput.data(), weight.data());
    errors.push_back({"input gradient, pooled block" + channels, relative_error(dinput, want)});
  }
  std::vector<double> want_weight(weight.size()), want_bias(bias.size());
  kernels::reference::conv2d_backward_weight(shape, input.data(), doutput.data(), want_weight, want_bias);
  errors.push_back({"weight gradient, pooled block" + channels, relative_error(dweight, want_weight)});
}

void add_product_errors(std::vector<TransformError>& errors) {
  constexpr int n = 512;
  const std::vector<float> a = random_floats(std::size_t{n} * n, 1), b = random_floats(std::size_t{n} * n, 2);
  std::vector<double> want(a.size());
  kernels::reference::gemm(n, n, n, a.data(), n, b.data(), n, want.data(), n, {});
  std::vector<float> c(a.size());
  std::vector<float> workspace(
      std::max(kernels::gemm_workspace_size(n, n, n),
               kernels::gemm_strassen_packed_size(n, n) + kernels::gemm_strassen_workspace_size(n, n)));
  kernels::gemm(n, n, n, a.data(), n, b.data(), n, c.data(), n, {}, workspace.data());
  errors.push_back({"product 512x512x512", relative_error(c, want)});
  kernels::gemm_strassen(n, n, n, a.data(), n, b.data(), n, c.data(), n, workspace.data());
  errors.push_back({"product 512x512x512, Strassen", relative_error(c, want)});
}

}  // namespace

std::vector<TransformError> transform_errors() {
  std::vector<TransformError> errors;
  for (const auto& [in, out] : {std::pair{3, 32}, {32, 64}, {64, 32}}) {
    Layer layer(in, out);
    for (const auto& [method, name] : kMethods) {
      if (kernels::conv2d_forward_supports(method, layer.shape(), false)) errors.push_back(layer.forward(method, name));
    }
  }
  for (const auto& [in, out] : {std::pair{3, 32}, {64, 32}}) {
    Layer layer(in, out);
    for (const auto& [method, name] : kMethods) {
      if (in != 3 && kernels::conv2d_backward_input_supports(method, layer.shape(), false)) {
        errors.push_back(layer.backward_input(method, name));
      }
      if (kernels::conv2d_backward_weight_supports(method, layer.shape(), false)) {
        errors.push_back(layer.backward_weight(method, name));
      }
    }
  }
  for (const auto& [in, out] : {std::pair{3, 32}, {32, 64}, {64, 32}}) add_pooled_errors(errors, in, out);
  add_product_errors(errors);
  return errors;
}

}  // namespace sortlab::bench
