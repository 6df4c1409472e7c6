#include "optim/optimizer.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <string>
#include <vector>

#include "compare.hpp"
#include "test_data.hpp"

using namespace sortlab;
using namespace sortlab::test;

namespace {

constexpr float kGap = 77.0f;  // between two parameters, never to be touched

/// Two parameters with a gap between: [0] with decay, [2, 3] without.
struct TwoParameters {
  std::vector<float> parameters{1.0f, kGap, 2.0f, -4.0f}, gradients{0, kGap, 0, 0}, state;
  ThreadPool pool{1};
  std::vector<ParameterSegment> segments{{0, 1, true}, {2, 2, false}};

  Result<Optimizer> create(const OptimizerOptions& options) {
    state.assign(Optimizer::state_size(options.kind, parameters.size()), 0.0f);
    return Optimizer::create(options, segments, parameters, gradients, state);
  }
  void set_gradient(float a, float b, float c) { gradients = {a, kGap, b, c}; }
};

OptimizerOptions adam_options(OptimizerKind kind) {
  OptimizerOptions options;
  options.kind = kind;
  options.learning_rate = 0.1f;
  options.beta1 = 0.5f;
  options.beta2 = 0.75f;
  options.epsilon = 1e-3f;
  return options;
}

}  // namespace

TEST_CASE("Adam: three steps over two parameters by hand") {
  // As derived in the test of adam_update: m / c1 and v / c2 with c = 1 - beta^step. A correction that advanced with
  // every parameter would move the second one by other steps.
  const std::array<float, 3> grads[3] = {{1, 1, 0}, {-1, 0, 2}, {2, 1, 1}};
  const double expected[3][3] = {{0.9000999001, 1.9000999001, -4.0},
                                 {0.9333999334, 1.8492600515, -4.0881334156},
                                 {0.8674666111, 1.7624690298, -4.1749640019}};
  TwoParameters p;
  Result<Optimizer> optimizer = p.create(adam_options(OptimizerKind::kAdam));
  REQUIRE(optimizer.ok());
  for (std::size_t step = 0; step < 3; ++step) {
    p.set_gradient(grads[step][0], grads[step][1], grads[step][2]);
    REQUIRE(optimizer->step(p.pool).ok());
    CHECK(close(p.parameters[0], expected[step][0], 1e-6, 0));
    CHECK(close(p.parameters[2], expected[step][1], 1e-6, 0));
    CHECK(close(p.parameters[3], expected[step][2], 1e-6, 0));
    CHECK(p.parameters[1] == kGap);
  }
  CHECK(optimizer->steps() == 3);
}

TEST_CASE("AdamW takes the decay from the weight, and only where a parameter has one") {
  OptimizerOptions options = adam_options(OptimizerKind::kAdamW);
  options.weight_decay = 0.5f;
  TwoParameters p;
  Result<Optimizer> optimizer = p.create(options);
  REQUIRE(optimizer.ok());
  p.set_gradient(1, 1, 0);
  REQUIRE(optimizer->step(p.pool).ok());
  CHECK(close(p.parameters[0], 0.9000999001 - 0.1 * 0.5 * 1, 1e-6, 0));
  CHECK(close(p.parameters[2], 1.9000999001, 1e-6, 0));
  CHECK(p.parameters[3] == -4.0f);
}

TEST_CASE("SGD: three steps over two parameters by hand") {
  OptimizerOptions options;
  options.kind = OptimizerKind::kSgd;
  options.learning_rate = 0.5f;
  options.momentum = 0.5f;
  options.weight_decay = 0.25f;
  TwoParameters p;
  Result<Optimizer> optimizer = p.create(options);
  REQUIRE(optimizer.ok());
  // [0] as derived in the test of sgd_update; [2] without decay: v = 1, 1/2, 5/4 and w = 3/2, 5/4, 5/8;
  // [3] v = 0, 2, 2 and w = -4, -5, -6.
  const std::array<float, 3> grads[3] = {{1, 1, 0}, {-1, 0, 2}, {2, 1, 1}};
  const double expected[3][3] = {{3.0 / 8, 1.5, -4}, {33.0 / 64, 1.25, -5}, {-245.0 / 512, 0.625, -6}};
  for (std::size_t step = 0; step < 3; ++step) {
    p.set_gradient(grads[step][0], grads[step][1], grads[step][2]);
    REQUIRE(optimizer->step(p.pool).ok());
    CHECK(static_cast<double>(p.parameters[0]) == expected[step][0]);
    CHECK(static_cast<double>(p.parameters[2]) == expected[step][1]);
    CHECK(static_cast<double>(p.parameters[3]) == expected[step][2]);
    CHECK(p.parameters[1] == kGap);
  }
}

TEST_CASE("the gradient of all parameters together is clipped") {
  OptimizerOptions options;
  options.kind = OptimizerKind::kSgd;
  options.learning_rate = 1.0f;
  options.momentum = 0.0f;
  options.clip_norm = 1.5f;
  TwoParameters p;
  Result<Optimizer> optimizer = p.create(options);
  REQUIRE(optimizer.ok());
  p.set_gradient(2, 1, 2);  // norm 3: halved
  REQUIRE(optimizer->step(p.pool).ok());
  CHECK(optimizer->gradient_norm() == 3.0);
  CHECK(p.parameters[0] == 0.0f);
  CHECK(p.parameters[2] == 1.5f);
  CHECK(p.parameters[3] == -5.0f);
  p.set_gradient(0, 1, 0);  // below the limit: as it is
  REQUIRE(optimizer->step(p.pool).ok());
  CHECK(p.parameters[2] == 0.5f);
}

TEST_CASE("a gradient that is not finite changes nothing") {
  for (const OptimizerKind kind : {OptimizerKind::kSgd, OptimizerKind::kAdam, OptimizerKind::kAdamW}) {
    for (const float bad : {std::numeric_limits<float>::quiet_NaN(), std::numeric_limits<float>::infinity()}) {
      TwoParameters p;
      Result<Optimizer> optimizer = p.create(adam_options(kind));
      REQUIRE(optimizer.ok());
      p.set_gradient(1, 2, 3);
      REQUIRE(optimizer->step(p.pool).ok());
      const std::vector<float> parameters = p.parameters, state = p.state;
      p.set_gradient(1, 2, bad);
      CHECK(optimizer->step(p.pool).code() == StatusCode::kDiverged);
      CHECK(p.parameters == parameters);
      CHECK(p.state == state);
      CHECK(optimizer->steps() == 1);
    }
  }
}

TEST_CASE("threads do not change a bit, and a restart from the state goes on as if nothing had been") {
  const std::size_t count = 100003;
  const std::vector<ParameterSegment> segments = {{0, 70001, true}, {70016, 20, false}, {70048, 29955, true}};
  const std::vector<float> start = normal_values(count, 1);
  for (const OptimizerKind kind : {OptimizerKind::kSgd, OptimizerKind::kAdamW}) {
    OptimizerOptions options;
    options.kind = kind;
    options.weight_decay = 0.01f;
    options.clip_norm = 0.5f;
    std::vector<float> expected;
    for (const int threads : {1, 2, 3}) {
      for (const bool restart : {false, true}) {
        ThreadPool pool(threads);
        std::vector<float> parameters = start, gradients(count), state(Optimizer::state_size(kind, count), 0.0f);
        Result<Optimizer> optimizer = Optimizer::create(options, segments, parameters, gradients, state);
        REQUIRE(optimizer.ok());
        for (std::uint64_t step = 0; step < 4; ++step) {
          if (restart && step == 2) {
            const std::int64_t steps = optimizer->steps();
            optimizer = Optimizer::create(options, segments, parameters, gradients, state);
            REQUIRE(optimizer.ok());
            optimizer->set_steps(steps);
          }
          fill_normal(gradients, 10 + step);
          REQUIRE(optimizer->step(0.01f, pool).ok());
        }
        if (expected.empty()) expected = parameters;
        CHECK_MESSAGE(parameters == expected, "threads " << threads << ", restart " << restart);
      }
    }
    CHECK(expected != start);
    CHECK(std::equal(start.begin() + 70036, start.begin() + 70048, expected.begin() + 70036));  // a gap
  }
}

TEST_CASE("create refuses wrong settings and names them") {
  const auto refused = [](auto change) {
    OptimizerOptions options;
    change(options);
    TwoParameters p;
    const Result<Optimizer> result = p.create(options);
    CHECK(result.status().code() == StatusCode::kInvalidArgument);
    return result.status().subject();
  };
  const float nan = std::numeric_limits<float>::quiet_NaN();
  CHECK(refused([&](OptimizerOptions& o) { o.learning_rate = nan; }) == "learning_rate");
  CHECK(refused([](OptimizerOptions& o) { o.learning_rate = -1; }) == "learning_rate");
  CHECK(refused([](OptimizerOptions& o) { o.momentum = 1; }) == "momentum");
  CHECK(refused([&](OptimizerOptions& o) { o.weight_decay = nan; }) == "weight_decay");
  CHECK(refused([](OptimizerOptions& o) { o.beta1 = 1; }) == "beta1");
  CHECK(refused([](OptimizerOptions& o) { o.beta2 = -0.1f; }) == "beta2");
  CHECK(refused([](OptimizerOptions& o) { o.epsilon = 0; }) == "epsilon");
  CHECK(refused([](OptimizerOptions& o) { o.clip_norm = -1; }) == "clip_norm");
}

TEST_CASE("create refuses buffers and segments that do not fit") {
  std::vector<float> parameters(4), gradients(4), state(8), wrong(3);
  const OptimizerOptions options;
  const std::vector<ParameterSegment> whole = {{0, 4}};
  CHECK(Optimizer::create(options, whole, parameters, gradients, state).ok());
  CHECK(Optimizer::create(options, whole, parameters, wrong, state).status().subject() == "gradients");
  CHECK(Optimizer::create(options, whole, parameters, gradients, wrong).status().subject() == "state");
  const std::vector<std::vector<ParameterSegment>> bad = {
      {{0, 5}}, {{5, 0}}, {{0, 3}, {2, 1}}, {{2, 1}, {0, 1}}, {{1, std::numeric_limits<std::size_t>::max()}}};
  for (const auto& segments : bad) {
    CHECK(Optimizer::create(options, segments, parameters, gradients, state).status().subject() == "segments");
  }
}
