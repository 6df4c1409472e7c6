#include "kernels/softmax.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <limits>
#include <numeric>
#include <sstream>
#include <string>
#include <vector>

#include "compare.hpp"
#include "kernels/reference/softmax.hpp"
#include "numeric_gradient.hpp"
#include "test_data.hpp"

using namespace sortlab;
using namespace sortlab::test;

namespace {
constexpr int kClasses[] = {1, 2, 3, 4, 5, 6, 7, 8, 17, 100};
constexpr float kInfinity = std::numeric_limits<float>::infinity();
}  // namespace

TEST_CASE("softmax agrees with plain loops, in place too, and its rows add up to one") {
  for (const int classes : kClasses) {
    for (const float spread : {1.0f, 40.0f}) {
      const std::string description =
          "softmax, classes " + std::to_string(classes) + ", spread " + std::to_string(spread);
      const int rows = 3;
      const std::size_t count = static_cast<std::size_t>(rows * classes);
      std::vector<float> logits = normal_values(count, 1, 5, spread), probs(count);
      std::vector<double> expected(count);
      kernels::reference::softmax(rows, classes, to_double(logits).data(), expected.data());
      kernels::softmax(rows, classes, logits.data(), probs.data());
      check_close(probs, expected, 1e-30, 2e-6, description);
      for (int row = 0; row < rows; ++row) {
        const auto begin = probs.begin() + row * classes;
        CHECK(close(std::accumulate(begin, begin + classes, 0.0), 1.0, 1e-6, 0));
      }
      kernels::softmax(rows, classes, logits.data(), logits.data());
      CHECK_MESSAGE(logits == probs, description);
    }
  }
}

TEST_CASE("softmax_cross_entropy agrees with plain loops and numeric gradients") {
  for (const int classes : kClasses) {
    for (const float smoothing : {0.0f, 0.1f}) {
      for (const int rows : {1, 5}) {
        std::ostringstream text;
        text << "cross-entropy, rows " << rows << ", classes " << classes << ", smoothing " << smoothing;
        const std::string description = text.str();
        const std::size_t count = static_cast<std::size_t>(rows * classes), row_count = static_cast<std::size_t>(rows);
        const std::vector<float> logits = normal_values(count, 2, -3, 4);
        std::vector<std::int32_t> labels;
        for (int row = 0; row < rows; ++row) labels.push_back((row * 7 + classes - 1) % classes);
        const float scale = 1.0f / static_cast<float>(rows);
        const auto forward = [&](std::span<const double> x) {
          std::vector<double> losses(row_count);
          kernels::reference::cross_entropy(rows, classes, x.data(), labels.data(), static_cast<double>(smoothing),
                                            losses.data());
          return losses;
        };
        std::vector<float> losses(row_count), probs(count), dlogits(count);
        kernels::softmax_cross_entropy(rows, classes, logits.data(), labels.data(), {smoothing, scale}, losses.data(),
                                       probs.data(), dlogits.data());
        check_close(losses, forward(to_double(logits)), 2e-6, 1e-6, description);
        const auto mean_loss = [&](std::span<const double> x) {
          const std::vector<double> all = forward(x);
          return std::accumulate(all.begin(), all.end(), 0.0) * static_cast<double>(scale);
        };
        check_close(dlogits, numeric_gradient(mean_loss, to_double(logits)), 1e-6, 1e-5, description);

        std::vector<float> plain(count), losses_alone(row_count), probs_alone(count);
        kernels::softmax(rows, classes, logits.data(), plain.data());
        CHECK_MESSAGE(probs == plain, description);
        kernels::softmax_cross_entropy(rows, classes, logits.data(), labels.data(), {smoothing, scale},
                                       losses_alone.data(), probs_alone.data(), nullptr);
        CHECK_MESSAGE(losses_alone == losses, description);
        CHECK_MESSAGE(probs_alone == probs, description);
      }
    }
  }
}

TEST_CASE("softmax_cross_entropy stands extreme logits") {
  const std::vector<float> logits = {1e4f, -1e4f, 0, 0, 0};
  std::vector<float> probs(5), dlogits(5);
  std::int32_t label = 1;
  float loss = 0;
  kernels::softmax_cross_entropy(1, 5, logits.data(), &label, {}, &loss, probs.data(), dlogits.data());
  CHECK(loss == 2e4f);
  CHECK(probs[0] == 1.0f);
  CHECK(dlogits[1] == -1.0f);
  label = 0;
  kernels::softmax_cross_entropy(1, 5, logits.data(), &label, {}, &loss, probs.data(), dlogits.data());
  CHECK(loss == 0.0f);
  const std::vector<float> masked = {0, -kInfinity, 0};
  kernels::softmax_cross_entropy(1, 3, masked.data(), &label, {}, &loss, probs.data(), dlogits.data());
  CHECK(close(loss, std::log(2.0), 1e-6, 0));
  CHECK(probs[1] == 0.0f);
}

TEST_CASE("softmax_cross_entropy shows a NaN or an infinity wherever it stands") {
  const std::int32_t label = 0;
  for (const float bad : {std::numeric_limits<float>::quiet_NaN(), kInfinity}) {
    for (std::size_t at = 0; at < 6; ++at) {
      std::vector<float> logits = {1, 2, 3, 4, 5, 6}, probs(6), dlogits(6);
      logits[at] = bad;
      float loss = 0;
      kernels::softmax_cross_entropy(1, 6, logits.data(), &label, {}, &loss, probs.data(), dlogits.data());
      CHECK(std::isnan(loss));
      CHECK(std::isnan(probs[at]));
    }
  }
}
