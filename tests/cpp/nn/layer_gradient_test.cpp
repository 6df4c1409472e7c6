// Every layer alone: output against the plain reference, and dinput, dweight, dbias against central differences in
// double.
#include <doctest/doctest.h>

#include <algorithm>
#include <vector>

#include "compare.hpp"
#include "kernels/conv2d.hpp"
#include "nn/layers/dense.hpp"
#include "numeric_gradient.hpp"
#include "reference_network.hpp"
#include "test_data.hpp"

namespace sortlab {
namespace {

using namespace test;

LayerSpec parse_layer(const std::string& json) {
  const bool add = json.find("\"add\"") != std::string::npos;
  const std::string first = add ? R"({"type": "activation", "name": "other", "activation": "relu"},)" : "";
  Result<Architecture> architecture = parse_architecture(R"({"version": 1, "layers": [)" + first + json + "]}");
  REQUIRE_MESSAGE(architecture.ok(), architecture.status().message());
  return architecture->layers.back();
}

/// A layer with the memory it asked for, for one sample.
struct LayerRun {
  LayerRun(const LayerSpec& spec, const Shape& input) : inputs(spec.from.size()) {
    Result<std::unique_ptr<Layer>> made = make_layer(spec, std::vector<Shape>(spec.from.size(), input), 5);
    REQUIRE_MESSAGE(made.ok(), made.status().message());
    layer = std::move(*made);
    const LayerNeeds& needs = layer->needs();
    std::size_t count = 0;
    for (const ParameterSpec& parameter : needs.parameters) count += parameter.shape.count();
    parameters = uniform_values(count, 11, 0.2f, 1.2f);  // positive: a variance must be
    for (std::size_t i = 0; i < count; i += 2) {
      if (spec.type != LayerType::kBatchNorm) parameters[i] -= 1.4f;
    }
    for (std::size_t i = 0; i < inputs.size(); ++i) inputs[i] = uniform_values(input.count(), 21 + i, -1.5f, 1.5f);
    output.resize(needs.output.count());
    doutput = uniform_values(needs.output.count(), 31);
    dparameters.assign(count, 0.25f);  // gradients accumulate
    dinputs.assign(inputs.size(), std::vector<float>(input.count(), 99.0f));
    prepared_forward.resize(needs.prepared_forward_size);
    prepared_backward.resize(needs.prepared_backward_size);
    statistics.resize(needs.statistics_size);
    codes.resize(needs.codes_size);
    workspace.resize(std::max(needs.forward_workspace_size, needs.backward_workspace_size));
  }

  void run(bool input_gradient) {
    layer->prepare_forward(parameters.data(), prepared_forward.data());
    ForwardPass forward;
    for (std::size_t i = 0; i < inputs.size(); ++i) forward.inputs[i] = inputs[i].data();
    forward.output = output.data();
    forward.parameters = parameters.data();
    forward.prepared = prepared_forward.data();
    forward.statistics = statistics.data();
    forward.codes = codes.data();
    forward.workspace = workspace.data();
    forward.training = true;
    forward.dropout_key = key;
    forward.row_end = layer->needs().rows;
    layer->forward(forward);

    layer->prepare_backward(parameters.data(), prepared_backward.data());
    std::vector<float> undone = doutput;
    BackwardPass backward;
    for (std::size_t i = 0; i < inputs.size(); ++i) {
      backward.inputs[i] = inputs[i].data();
      if (input_gradient) backward.dinputs[i] = dinputs[i].data();
    }
    backward.output = output.data();
    backward.doutput = undone.data();
    backward.parameters = parameters.data();
    backward.dparameters = dparameters.data();
    backward.prepared = prepared_backward.data();
    backward.statistics = statistics.data();
    backward.codes = codes.data();
    backward.workspace = workspace.data();
    backward.dropout_key = key;
    layer->backward(backward);
  }

  std::unique_ptr<Layer> layer;
  std::vector<float> parameters, output, doutput, dparameters, prepared_forward, prepared_backward, statistics,
      workspace;
  std::vector<std::vector<float>> inputs, dinputs;
  std::vector<std::uint8_t> codes;
  kernels::DropoutKey key{.seed = 5, .step = 3, .sample = 2, .layer = 7};
};

std::vector<double> reference_output(const LayerSpec& spec, const LayerRun& run, const Shape& shape,
                                     const std::vector<std::vector<double>>& inputs,
                                     std::span<const double> parameters) {
  std::vector<ReferenceTensor> tensors;
  for (const std::vector<double>& input : inputs) tensors.push_back({shape, input});
  std::vector<const ReferenceTensor*> pointers;
  for (const ReferenceTensor& tensor : tensors) pointers.push_back(&tensor);
  return reference_layer(spec, pointers, parameters, 5, &run.key).values;
}

void check_layer(const std::string& json, const Shape& shape) {
  const std::string name = json + " on " + to_string(shape);
  CAPTURE(name);
  const LayerSpec spec = parse_layer(json);
  LayerRun run(spec, shape);
  run.run(/*input_gradient=*/true);
  std::vector<std::vector<double>> inputs;
  for (const std::vector<float>& input : run.inputs) inputs.push_back(to_double(input));
  const std::vector<double> parameters = to_double(run.parameters);

  check_close(run.output, reference_output(spec, run, shape, inputs, parameters), 2e-5, 2e-5, name + ": output");
  for (std::size_t i = 0; i < inputs.size(); ++i) {
    const std::vector<double> expected = numeric_gradient(
        [&](std::span<const double> at) {
          std::vector<std::vector<double>> moved = inputs;
          moved[i].assign(at.begin(), at.end());
          return dot(reference_output(spec, run, shape, moved, parameters), run.doutput);
        },
        inputs[i], 1e-6);
    check_close(run.dinputs[i], expected, 1e-4, 1e-4, name + ": dinput");
  }
  if (parameters.empty()) return;
  std::vector<double> expected(parameters.size());
  if (run.layer->needs().trainable) {
    expected = numeric_gradient(
        [&](std::span<const double> at) { return dot(reference_output(spec, run, shape, inputs, at), run.doutput); },
        parameters, 1e-6);
  }
  for (double& value : expected) value += 0.25;
  check_close(run.dparameters, expected, 2e-4, 1e-4, name + ": dparameters");

  LayerRun first(spec, shape);  // as the first layer of a network, which wants no dinput
  first.run(/*input_gradient=*/false);
  CHECK(first.dparameters == run.dparameters);
}

}  // namespace

TEST_CASE("gradients of conv2d") {
  for (const Shape& shape : {Shape{6, 7, 3}, Shape{5, 5, 4}, Shape{1, 4, 2}}) {
    for (const char* options :
         {"", R"(, "activation": "relu")", R"(, "activation": "relu6")", R"(, "use_bias": false)", R"(, "stride": 2)",
          R"(, "kernel_size": 1)", R"(, "kernel_size": 1, "stride": 2)", R"(, "kernel_size": 5)"}) {
      check_layer(std::string(R"({"type": "conv2d", "filters": 5)") + options + "}", shape);
    }
  }
  check_layer(R"({"type": "conv2d", "filters": 6, "padding": "valid", "activation": "relu"})", Shape{5, 6, 2});
  const kernels::Conv2dPlan plan =
      kernels::conv2d_plan(kernels::conv2d_shape(9, 9, 16, 16, 3, 1, kernels::Padding::kSame), false);
  for (const kernels::Conv2dMethod method : {plan.forward, plan.backward_input, plan.backward_weight}) {
    CHECK((method == kernels::Conv2dMethod::kWinograd4x4 || method == kernels::Conv2dMethod::kWinograd2x2));
  }
  check_layer(R"({"type": "conv2d", "filters": 16, "activation": "relu"})", Shape{9, 9, 16});
}

TEST_CASE("gradients of depthwise_conv2d") {
  for (const char* options : {"", R"(, "stride": 2)", R"(, "activation": "relu6")", R"(, "use_bias": false)",
                              R"(, "kernel_size": 5, "padding": "valid")"}) {
    check_layer(std::string(R"({"type": "depthwise_conv2d")") + options + "}", Shape{6, 7, 5});
  }
}

TEST_CASE("gradients of pools") {
  for (const Shape& shape : {Shape{6, 7, 3}, Shape{4, 4, 8}}) {
    check_layer(R"({"type": "max_pool", "size": 2})", shape);
    check_layer(R"({"type": "max_pool", "size": 3, "stride": 1})", shape);
    check_layer(R"({"type": "average_pool", "size": 2})", shape);
    check_layer(R"({"type": "average_pool", "size": 3, "stride": 1})", shape);
    check_layer(R"({"type": "global_average_pool"})", shape);
  }
}

TEST_CASE("gradients of norms") {
  for (const Shape& shape : {Shape{4, 5, 8}, Shape{3, 3, 4}}) {
    check_layer(R"({"type": "group_norm", "groups": 4})", shape);
    check_layer(R"({"type": "group_norm", "groups": 2, "activation": "relu"})", shape);
    check_layer(R"({"type": "group_norm", "groups": 1, "activation": "relu6"})", shape);
    check_layer(R"({"type": "batch_norm"})", shape);
    check_layer(R"({"type": "batch_norm", "activation": "relu"})", shape);
  }
}

TEST_CASE("gradients of element-wise layers") {
  for (const Shape& shape : {Shape{3, 5, 3}, Shape{13}}) {
    check_layer(R"({"type": "activation", "activation": "relu"})", shape);
    check_layer(R"({"type": "activation", "activation": "relu6"})", shape);
    check_layer(R"({"type": "dropout", "rate": 0.4})", shape);
    check_layer(R"({"type": "add", "from": ["input", "other"]})", shape);
    check_layer(R"({"type": "add", "from": ["input", "other"], "activation": "relu"})", shape);
  }
}

TEST_CASE("gradients of dense, which works on a batch") {
  for (const int features : {1, 7, 300, 1100}) {  // the last is cut in two forward and four backward
    for (const char* options : {"", R"(, "activation": "relu")", R"(, "use_bias": false)"}) {
      const std::string json = std::string(R"({"type": "dense", "units": 3)") + options + "}";
      CAPTURE(json);
      CAPTURE(features);
      const LayerSpec spec = parse_layer(json);
      const DenseLayer dense(spec, Shape{features}, 3);
      const int rows = features > 500 ? 2 : 5;
      const std::size_t count = static_cast<std::size_t>(features * 3 + (spec.use_bias ? 3 : 0));
      const std::vector<float> parameters = uniform_values(count, 1),
                               input = uniform_values(static_cast<std::size_t>(rows * features), 2);
      const std::vector<float> weights_of_output = uniform_values(static_cast<std::size_t>(rows) * 3, 3);
      std::vector<float> partial(dense.partial_size(rows)), workspace(dense.workspace_size(rows)),
          output(static_cast<std::size_t>(rows) * 3), doutput = weights_of_output, dparameters(count, 9.0f),
                                                      dinput(input.size(), 9.0f);
      for (int part = 0; part < dense.forward_parts(); ++part) {
        dense.forward_part(part, rows, input.data(), parameters.data(), partial.data(), workspace.data());
      }
      std::vector<float> packed(dense.packed_size()), packed_partial(partial.size()),
          packed_workspace(dense.packed_workspace_size(rows));
      dense.pack(parameters.data(), packed.data());
      for (int part = 0; part < dense.forward_parts(); ++part) {
        dense.forward_packed_part(part, rows, input.data(), packed.data(), packed_partial.data(),
                                  packed_workspace.data());
      }
      CHECK(packed_partial == partial);
      dense.finish_forward(rows, parameters.data(), partial.data(), output.data());
      dense.undo_activation(rows, output.data(), doutput.data());
      for (int part = 0; part < dense.backward_parts(); ++part) {
        dense.backward_part(part, rows, input.data(), doutput.data(), parameters.data(), dparameters.data(),
                            dinput.data(), workspace.data());
      }
      const auto reference = [&](std::span<const double> inputs, std::span<const double> weights) {
        std::vector<double> all;
        for (int row = 0; row < rows; ++row) {
          const auto one = inputs.subspan(static_cast<std::size_t>(row * features), static_cast<std::size_t>(features));
          const ReferenceTensor tensor{Shape{features}, {one.begin(), one.end()}};
          const std::vector<double> values = reference_layer(spec, {&tensor}, weights, 5, nullptr).values;
          all.insert(all.end(), values.begin(), values.end());
        }
        return all;
      };
      const std::vector<double> in = to_double(input), weights = to_double(parameters);
      check_close(output, reference(in, weights), 2e-5, 2e-5, "output");
      check_close(
          dinput,
          numeric_gradient([&](std::span<const double> at) { return dot(reference(at, weights), weights_of_output); },
                           in, 1e-6),
          1e-5, 1e-5, "dinput");
      check_close(
          dparameters,
          numeric_gradient([&](std::span<const double> at) { return dot(reference(in, at), weights_of_output); },
                           weights, 1e-6),
          1e-5, 1e-5, "dparameters");
    }
  }
}

TEST_CASE("the fused block equals convolution and pool, forward and back") {
  const LayerSpec conv = parse_layer(R"({"type": "conv2d", "filters": 6, "activation": "relu"})");
  const LayerSpec pool = parse_layer(R"({"type": "max_pool", "size": 2})");
  for (const Shape& shape : {Shape{8, 8, 3}, Shape{7, 9, 4}, Shape{2, 3, 1}, Shape{12, 12, 8}}) {
    const std::string name = to_string(shape);
    CAPTURE(name);
    LayerRun fused(conv, shape);
    const std::vector<double> input = to_double(fused.inputs[0]), parameters = to_double(fused.parameters);
    const auto reference = [&](std::span<const double> pixels, std::span<const double> weights) {
      const ReferenceTensor tensor{shape, {pixels.begin(), pixels.end()}};
      const ReferenceTensor convolved = reference_layer(conv, {&tensor}, weights, 5, nullptr);
      return reference_layer(pool, {&convolved}, {}, 5, nullptr).values;
    };
    Result<Graph> graph = Graph::compile(
        *parse_architecture(R"({"version": 1, "layers": [{"type": "conv2d", "filters": 6, "activation": "relu"},
          {"type": "max_pool", "size": 2}, {"type": "flatten"}, {"type": "dense", "units": "classes"}]})"),
        8, 5, GraphUse::kTraining);
    REQUIRE(graph.ok());
    CHECK(graph->operations().size() == 2);  // the block and the dense layer

    const std::vector<double> expected = reference(input, parameters);
    const kernels::Conv2dPlan plan = kernels::conv2d_plan(
        kernels::conv2d_shape(shape[0], shape[1], shape[2], 6, 3, 1, kernels::Padding::kSame), true);
    const std::size_t weights = static_cast<std::size_t>(9 * shape[2] * 6);
    std::vector<float> forward(plan.prepared_forward_size), backward(plan.prepared_backward_size),
        workspace(std::max(plan.forward_workspace_size, plan.backward_workspace_size)), pooled(expected.size());
    std::vector<std::uint8_t> codes(expected.size());
    kernels::conv2d_prepare_forward(plan, fused.parameters.data(), forward.data());
    kernels::conv2d_prepare_backward(plan, fused.parameters.data(), backward.data());
    kernels::conv2d_pool_forward(plan, fused.inputs[0].data(), forward.data(), fused.parameters.data() + weights,
                                 pooled.data(), codes.data(), 0, shape[0] / 2, workspace.data());
    check_close(pooled, expected, 2e-5, 2e-5, "pooled");
    const std::vector<float> dpooled = uniform_values(expected.size(), 77);
    std::vector<float> dinput(input.size(), 9.0f), dparameters(parameters.size());
    kernels::conv2d_pool_backward(plan, fused.inputs[0].data(), dpooled.data(), codes.data(), backward.data(),
                                  dinput.data(), dparameters.data(), dparameters.data() + weights, workspace.data());
    check_close(dinput,
                numeric_gradient([&](std::span<const double> at) { return dot(reference(at, parameters), dpooled); },
                                 input, 1e-6),
                1e-4, 1e-4, "dinput");
    check_close(dparameters,
                numeric_gradient([&](std::span<const double> at) { return dot(reference(input, at), dpooled); },
                                 parameters, 1e-6),
                1e-4, 1e-4, "dparameters");
  }
}

}  // namespace sortlab
