#include "optim/schedule.hpp"

#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "compare.hpp"

using namespace sortlab;
using namespace sortlab::test;

namespace {

std::vector<float> rates(const ScheduleOptions& options, float peak, std::int64_t total) {
  std::vector<float> result;
  for (std::int64_t step = 0; step < total; ++step) result.push_back(learning_rate(options, peak, step, total));
  return result;
}

}  // namespace

TEST_CASE("constant") {
  ScheduleOptions options;
  options.kind = ScheduleKind::kConstant;
  CHECK(rates(options, 0.25f, 5) == std::vector<float>(5, 0.25f));
}

TEST_CASE("cosine with linear warm-up, by hand") {
  ScheduleOptions options;
  options.kind = ScheduleKind::kCosine;
  options.warmup_share = 0.2f;
  // Ten steps, two of warm-up: 1/2, 1; then (1 + cos(pi k / 9)) / 2, of which k = 3 and 6 are 3/4 and 1/4.
  const std::vector<float> actual = rates(options, 2.0f, 10);
  const std::vector<double> expected = {1,           2,           1.939692621, 1.766044443, 1.5,
                                        1.173648178, 0.826351822, 0.5,         0.233955557, 0.060307379};
  check_close(actual, expected, 1e-6, 0, "cosine");
  options.final_share = 0.5f;  // the same curve, from 2 down to 1
  std::vector<double> raised = expected;
  for (std::size_t i = 1; i < raised.size(); ++i) raised[i] = 1 + raised[i] / 2;
  check_close(rates(options, 2.0f, 10), raised, 1e-6, 0, "cosine to half");
  options.warmup_share = 0.0f;
  options.final_share = 0.0f;
  check_close(rates(options, 1.0f, 3), std::vector<double>{1, 0.75, 0.25}, 1e-6, 0, "cosine without warm-up");
}

TEST_CASE("one cycle, by hand") {
  ScheduleOptions options;
  options.kind = ScheduleKind::kOneCycle;
  options.rise_share = 1.0f / 3;
  options.start_divisor = 10.0f;
  options.final_divisor = 100.0f;
  // Nine steps: 0 to 2 rise from 1/10 to 1, 2 to 8 fall to 1/1000; the cosine takes 1/2 half way and 3/4, 1/4 at the
  // thirds.
  const double low = 0.001;
  const std::vector<double> expected = {0.1,
                                        0.55,
                                        1,
                                        low + (1 - low) * 0.933012702,
                                        low + (1 - low) * 0.75,
                                        low + (1 - low) * 0.5,
                                        low + (1 - low) * 0.25,
                                        low + (1 - low) * 0.066987298,
                                        low};
  check_close(rates(options, 1.0f, 9), expected, 1e-6, 0, "one cycle");
}

TEST_CASE("every schedule stands few steps and steps outside") {
  for (const ScheduleKind kind : {ScheduleKind::kConstant, ScheduleKind::kCosine, ScheduleKind::kOneCycle}) {
    ScheduleOptions options;
    options.kind = kind;
    for (std::int64_t total = 0; total < 40; ++total) {
      for (std::int64_t step = -1; step <= total + 1; ++step) {
        const float rate = learning_rate(options, 0.5f, step, total);
        const std::string where = "kind " + std::to_string(static_cast<int>(kind)) + ", step " + std::to_string(step) +
                                  " of " + std::to_string(total);
        CHECK_MESSAGE(rate > 0.0f, where);
        CHECK_MESSAGE(rate <= 0.5f, where);
      }
      CHECK(learning_rate(options, 0.5f, total + 5, total) == learning_rate(options, 0.5f, total - 1, total));
    }
  }
}

TEST_CASE("check_schedule names the setting that is out of range") {
  CHECK(check_schedule({}).ok());
  ScheduleOptions options;
  options.warmup_share = 1.5f;
  CHECK(check_schedule(options).subject() == "warmup_share");
  options = {};
  options.final_divisor = 0.0f;
  CHECK(check_schedule(options).code() == StatusCode::kInvalidArgument);
  CHECK(check_schedule(options).subject() == "final_divisor");
}
