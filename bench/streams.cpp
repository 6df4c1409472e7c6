#include "streams.hpp"

#include <cstdint>

#include "kernels/activation.hpp"
#include "kernels/conv2d_pool.hpp"
#include "kernels/elementwise.hpp"
#include "kernels/norm.hpp"
#include "kernels/pool.hpp"
#include "kernels/softmax.hpp"
#include "kernels/update.hpp"

namespace sortlab::bench {
namespace {

double bytes_of(double floats) { return floats * sizeof(float); }

void bench_group_norm(Bench& bench, const std::string& size, int pixels, int channels) {
  const kernels::GroupNormShape shape{pixels, channels, 8, 1e-5f, kernels::Activation::kRelu};
  const auto count = static_cast<std::size_t>(pixels * channels), width = static_cast<std::size_t>(channels);
  const Floats input = random_floats(count), doutput = random_floats(count), gamma = random_floats(width),
               beta = random_floats(width);
  Floats output(count), dinput(count), dgamma(width), dbeta(width), statistics(16), workspace(4 * width);
  // Forward reads the input twice and writes; backward reads three buffers twice and writes one.
  bench.run_stream("group norm, ReLU " + size + " forward", bytes_of(3.0 * static_cast<double>(count)), [&] {
    kernels::group_norm_forward(shape, input.data(), gamma.data(), beta.data(), output.data(), statistics.data());
  });
  bench.run_stream("group norm, ReLU " + size + " backward", bytes_of(7.0 * static_cast<double>(count)), [&] {
    kernels::group_norm_backward(shape, input.data(), output.data(), doutput.data(), gamma.data(), statistics.data(),
                                 dinput.data(), dgamma.data(), dbeta.data(), workspace.data());
  });
}

void bench_pool(Bench& bench, const std::string& size, int extent, int channels) {
  const kernels::PoolShape shape{extent, extent, channels, 2, 2};
  const auto in = static_cast<std::size_t>(extent * extent * channels);
  const std::size_t out = in / 4;
  const Floats input = random_floats(in), doutput = random_floats(out);
  Floats output(out), dinput(in);
  std::vector<std::uint8_t> code(out);
  const double floats = static_cast<double>(in + out);
  bench.run_stream("max pool 2x2 " + size + " forward", bytes_of(floats), [&] {
    kernels::max_pool_forward(shape, input.data(), output.data(), code.data(), 0, shape.out_height());
  });
  bench.run_stream("max pool 2x2 " + size + " backward", bytes_of(floats),
                   [&] { kernels::max_pool_backward(shape, doutput.data(), code.data(), dinput.data()); });
  bench.run_stream("average pool 2x2 " + size + " forward", bytes_of(floats),
                   [&] { kernels::average_pool_forward(shape, input.data(), output.data(), 0, shape.out_height()); });
  bench.run_stream("average pool 2x2 " + size + " backward", bytes_of(floats),
                   [&] { kernels::average_pool_backward(shape, doutput.data(), dinput.data()); });
  bench.run_stream("global average pool " + size + " forward", bytes_of(static_cast<double>(in)), [&] {
    kernels::global_average_pool_forward(extent * extent, channels, input.data(), output.data());
  });
  bench.run_stream("global average pool " + size + " backward", bytes_of(static_cast<double>(in)), [&] {
    kernels::global_average_pool_backward(extent * extent, channels, doutput.data(), dinput.data());
  });
}

/// The end of a pooled block whose method does not pool its own tiles.
void bench_pool_rows(Bench& bench, const std::string& size, int width, int channels) {
  const auto out = static_cast<std::size_t>(width / 2 * channels);
  const Floats top = random_floats(2 * out), below = random_floats(2 * out);
  Floats pooled(out);
  std::vector<std::uint8_t> code(out);
  bench.run_stream("pool two conv rows " + size, bytes_of(5.0 * static_cast<double>(out)), [&] {
    kernels::pool_rows(width / 2, channels, top.data(), below.data(), pooled.data(), code.data());
  });
}

/// BatchNorm with fixed statistics.
void bench_channel_affine(Bench& bench, const std::string& size, int pixels, int channels) {
  const auto count = static_cast<std::size_t>(pixels * channels), width = static_cast<std::size_t>(channels);
  const Floats input = random_floats(count), doutput = random_floats(count), scale = random_floats(width),
               shift = random_floats(width);
  Floats output(count), dinput(count);
  const auto floats = static_cast<double>(count);
  bench.run_stream("frozen batch norm, ReLU6 " + size + " forward", bytes_of(2 * floats), [&] {
    kernels::channel_affine_forward(pixels, channels, input.data(), scale.data(), shift.data(),
                                    kernels::Activation::kRelu6, output.data());
  });
  bench.run_stream("frozen batch norm, ReLU6 " + size + " backward", bytes_of(3 * floats), [&] {
    kernels::channel_affine_backward(pixels, channels, output.data(), doutput.data(), scale.data(),
                                     kernels::Activation::kRelu6, dinput.data());
  });
}

void bench_elementwise(Bench& bench, std::size_t count) {
  const Floats a = random_floats(count), b = random_floats(count);
  Floats output(count);
  std::vector<std::uint8_t> bytes(count);
  const auto floats = static_cast<double>(count);
  bench.run_stream("residual add, ReLU", bytes_of(3 * floats),
                   [&] { kernels::add_forward(count, a.data(), b.data(), kernels::Activation::kRelu, output.data()); });
  bench.run_stream("ReLU6 alone", bytes_of(2 * floats),
                   [&] { kernels::activation_forward(kernels::Activation::kRelu6, count, a.data(), output.data()); });
  bench.run_stream("ReLU6 backward", bytes_of(3 * floats), [&] {
    kernels::activation_backward(kernels::Activation::kRelu6, count, a.data(), b.data(), output.data());
  });
  bench.run_stream("column sums, 1024x64", bytes_of(floats),
                   [&] { kernels::accumulate_column_sums(1024, 64, a.data(), output.data()); });
  volatile double sum = 0;
  bench.run_stream("sum of squares", bytes_of(floats), [&] { sum = kernels::sum_of_squares(count, a.data()); });
  bench.run_stream("accumulate gradients", bytes_of(3 * floats),
                   [&] { kernels::accumulate(count, a.data(), output.data()); });
  bench.run_stream("dropout", bytes_of(2 * floats),
                   [&] { kernels::dropout(count, 0.2f, {1, 2, 3, 4}, a.data(), output.data()); });
  bench.run_stream("bytes to floats", 5 * floats,
                   [&] { kernels::bytes_to_floats(count, bytes.data(), 1.0f / 127.5f, -1.0f, output.data()); });
  Floats first(count), second(count, 1.0f), weight(count);
  bench.run_stream("Adam", bytes_of(7 * floats), [&] {
    kernels::adam_update(count, {.learning_rate = 1e-3f}, a.data(), first.data(), second.data(), weight.data());
  });
  bench.run_stream("SGD with momentum", bytes_of(5 * floats), [&] {
    kernels::sgd_update(count, {.learning_rate = 1e-3f, .momentum = 0.9f}, a.data(), first.data(), weight.data());
  });
}

void bench_softmax(Bench& bench, int rows, int classes) {
  const auto count = static_cast<std::size_t>(rows * classes);
  const Floats logits = random_floats(count);
  Floats probs(count), losses(static_cast<std::size_t>(rows)), dlogits(count);
  const std::vector<std::int32_t> labels(static_cast<std::size_t>(rows), 1);
  bench.run_stream("softmax 32x1000", bytes_of(2.0 * static_cast<double>(count)),
                   [&] { kernels::softmax(rows, classes, logits.data(), probs.data()); });
  bench.run_stream("softmax and cross-entropy 32x1000", bytes_of(3.0 * static_cast<double>(count)), [&] {
    kernels::softmax_cross_entropy(rows, classes, logits.data(), labels.data(), {}, losses.data(), probs.data(),
                                   dlogits.data());
  });
}

}  // namespace

void bench_streams(Bench& bench) {
  bench_group_norm(bench, "24x24 32", 24 * 24, 32);
  bench_group_norm(bench, "6x6 128", 6 * 6, 128);
  bench_channel_affine(bench, "14x14 384", 14 * 14, 384);
  bench_pool(bench, "24x24 32", 24, 32);
  bench_pool(bench, "112x112 32", 112, 32);
  bench_pool_rows(bench, "of 112, 32", 112, 32);
  bench_elementwise(bench, 64 * 1024);
  bench_softmax(bench, 32, 1000);
}

}  // namespace sortlab::bench
