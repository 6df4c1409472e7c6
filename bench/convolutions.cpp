#include "convolutions.hpp"

#include <algorithm>
#include <utility>

#include "kernels/conv2d_plan.hpp"

namespace sortlab::bench {
namespace {

using kernels::Conv2dMethod;
using kernels::Conv2dPlan;
using kernels::Conv2dShape;

/// Images so small that fetching the weights counts, and more weights than the second-level cache holds: as in a
/// network, where other layers have been since.
constexpr int kSmallImage = 6;
constexpr std::size_t kColdFloats = std::size_t{2} << 20;

/// The buffers of one layer, and each direction of it by a plan of the same shape.
class Convolution {
 public:
  explicit Convolution(const Conv2dShape& shape)
      : shape_(shape),
        input_(random_floats(area(shape.height, shape.width, shape.in_channels))),
        weight_(random_floats(area(shape.kernel_size * shape.kernel_size, shape.in_channels, shape.out_channels))),
        bias_(random_floats(static_cast<std::size_t>(shape.out_channels))),
        doutput_(random_floats(area(shape.out_height, shape.out_width, shape.out_channels))),
        output_(doutput_.size()),
        dinput_(input_.size()),
        dweight_(weight_.size()),
        dbias_(bias_.size()) {}

  /// copies: of the weights, which the calls take in turn.
  void forward(Bench& bench, const std::string& name, const Conv2dPlan& plan, std::size_t copies = 1) {
    const std::size_t size = plan.prepared_forward_size;
    Floats prepared(size * copies), workspace(plan.forward_workspace_size);
    for (std::size_t copy = 0; copy < copies; ++copy) {
      kernels::conv2d_prepare_forward(plan, weight_.data(), prepared.data() + copy * size);
    }
    std::size_t turn = 0;
    bench.run(name, direct_flop(shape_), [&] {
      kernels::conv2d_forward(plan, input_.data(), prepared.data() + turn * size, bias_.data(),
                              kernels::Activation::kRelu6, output_.data(), 0, shape_.out_height, workspace.data());
      if (++turn == copies) turn = 0;
    });
  }

  /// Once a training step, shared by the batch.
  void prepare_forward(Bench& bench, const std::string& name, const Conv2dPlan& plan) {
    Floats prepared(plan.prepared_forward_size);
    bench.run_stream(name, static_cast<double>((weight_.size() + prepared.size()) * sizeof(float)),
                     [&] { kernels::conv2d_prepare_forward(plan, weight_.data(), prepared.data()); });
  }

  void backward_input(Bench& bench, const std::string& name, const Conv2dPlan& plan) {
    Floats prepared(plan.prepared_backward_size), workspace(plan.backward_workspace_size);
    kernels::conv2d_prepare_backward(plan, weight_.data(), prepared.data());
    bench.run(name, direct_flop(shape_), [&] {
      kernels::conv2d_backward_input(plan, doutput_.data(), prepared.data(), dinput_.data(), workspace.data());
    });
  }

  void backward_weight(Bench& bench, const std::string& name, const Conv2dPlan& plan) {
    Floats workspace(plan.backward_workspace_size);
    bench.run(name, direct_flop(shape_), [&] {
      kernels::conv2d_backward_weight(plan, input_.data(), doutput_.data(), dweight_.data(), dbias_.data(),
                                      workspace.data());
    });
  }

 private:
  Conv2dShape shape_;
  Floats input_, weight_, bias_, doutput_, output_, dinput_, dweight_, dbias_;
};

void bench_methods_of(Bench& bench, const std::string& layer, const Conv2dShape& shape) {
  const Conv2dPlan chosen = kernels::conv2d_plan(shape, false);
  Convolution convolution(shape);
  const auto each = [&](const char* direction, Conv2dMethod Conv2dPlan::* field, auto&& supports, auto&& run) {
    for (const auto& [method, name] : kMethods) {
      if (!supports(method, shape, false)) continue;
      Conv2dPlan plan = chosen;
      plan.*field = method;
      kernels::conv2d_plan_sizes(plan);
      run("method, " + layer + " " + direction + ": " + name + (chosen.*field == method ? " (chosen)" : ""), plan);
    }
  };
  each("forward", &Conv2dPlan::forward, kernels::conv2d_forward_supports,
       [&](const std::string& name, const Conv2dPlan& plan) { convolution.forward(bench, name, plan); });
  each("forward, other weights each time", &Conv2dPlan::forward, kernels::conv2d_forward_supports,
       [&](const std::string& name, const Conv2dPlan& plan) {
         if (shape.out_height > kSmallImage) return;
         convolution.forward(bench, name, plan, kColdFloats / plan.prepared_forward_size + 1);
       });
  each("preparing its weights", &Conv2dPlan::forward, kernels::conv2d_forward_supports,
       [&](const std::string& name, const Conv2dPlan& plan) { convolution.prepare_forward(bench, name, plan); });
  each("backward weight", &Conv2dPlan::backward_weight, kernels::conv2d_backward_weight_supports,
       [&](const std::string& name, const Conv2dPlan& plan) { convolution.backward_weight(bench, name, plan); });
  if (shape.in_channels == 3) return;  // a first layer
  each("backward input", &Conv2dPlan::backward_input, kernels::conv2d_backward_input_supports,
       [&](const std::string& name, const Conv2dPlan& plan) { convolution.backward_input(bench, name, plan); });
}

}  // namespace

double direct_flop(const Conv2dShape& s) {
  return 2.0 * s.out_height * s.out_width * s.out_channels * s.kernel_size * s.kernel_size * s.in_channels;
}

Conv2dShape square_shape(int extent, int in, int out, int kernel_size, int stride) {
  return kernels::conv2d_shape(extent, extent, in, out, kernel_size, stride, kernels::Padding::kSame);
}

void bench_conv(Bench& bench, const std::string& name, const Conv2dShape& shape, bool input_gradient) {
  const Conv2dPlan plan = kernels::conv2d_plan(shape, false);
  Convolution convolution(shape);
  convolution.forward(bench, name + " forward", plan);
  if (input_gradient) convolution.backward_input(bench, name + " backward input", plan);
  convolution.backward_weight(bench, name + " backward weight", plan);
}

void bench_methods(Bench& bench) {
  bench_methods_of(bench, "224x224 s2 3->32", square_shape(224, 3, 32, 3, 2));
  bench_methods_of(bench, "112x112 32->64", square_shape(112, 32, 64, 3, 1));
  bench_methods_of(bench, "56x56 64->64", square_shape(56, 64, 64, 3, 1));
  bench_methods_of(bench, "24x24 32->32", square_shape(24, 32, 32, 3, 1));
  bench_methods_of(bench, "14x14 128->128", square_shape(14, 128, 128, 3, 1));
  bench_methods_of(bench, "6x6 128->128", square_shape(6, 128, 128, 3, 1));
  bench_methods_of(bench, "4x4 128->128", square_shape(4, 128, 128, 3, 1));
  bench_methods_of(bench, "3x3 128->192", square_shape(3, 128, 192, 3, 1));
  bench_methods_of(bench, "24x24 s2 64->128", square_shape(24, 64, 128, 3, 2));
}

}  // namespace sortlab::bench
