// The learning rate of every step, as a pure function: nothing to store but the step.
#pragma once

#include <cstdint>

#include "base/status.hpp"

namespace sortlab {

enum class ScheduleKind { kConstant, kCosine, kOneCycle };

struct ScheduleOptions {
  ScheduleKind kind = ScheduleKind::kCosine;
  // Cosine: up in a straight line over this share of all steps, then half a cosine down to this share of the peak.
  // Loshchilov and Hutter, "SGDR", ICLR 2017; warm-up: Goyal et al., 2017.
  float warmup_share = 0.05f;
  float final_share = 0.0f;
  // One cycle: from peak / start_divisor up over this share of all steps, then down to peak / (start_divisor *
  // final_divisor), both along half a cosine. Smith and Topin, "Super-convergence", 2017, in the form and with the
  // defaults of PyTorch's OneCycleLR.
  float rise_share = 0.3f;
  float start_divisor = 25.0f;
  float final_divisor = 1e4f;
};

/// kInvalidArgument with the setting that is out of range: shares lie in [0, 1], divisors at 1 or more.
Status check_schedule(const ScheduleOptions& options);

/// The rate of step `step` (0-based) of `total_steps`. Steps outside are taken as the first or last.
float learning_rate(const ScheduleOptions& options, float peak, std::int64_t step, std::int64_t total_steps);

}  // namespace sortlab
