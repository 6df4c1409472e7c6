#include "optim/schedule.hpp"

#include <algorithm>

#include "kernels/math.hpp"

namespace sortlab {

namespace {

/// Half a cosine from `from` at position 0 to `to` at position 1.
double cosine_between(double from, double to, double position) {
  constexpr double kPi = 3.14159265358979323846;
  const double angle = std::clamp(position, 0.0, 1.0) * kPi;
  return to + (from - to) / 2 * (1 + static_cast<double>(kernels::cos(static_cast<float>(angle))));
}

double cosine_with_warmup(const ScheduleOptions& options, double peak, double step, double total) {
  const double warmup = static_cast<double>(options.warmup_share) * total;
  // The first step is not lost to a rate of zero, and the peak is reached.
  if (step + 1 < warmup) return peak * (step + 1) / warmup;
  const double begin = std::max(warmup - 1, 0.0);
  return cosine_between(peak, peak * static_cast<double>(options.final_share), (step - begin) / (total - begin));
}

double one_cycle(const ScheduleOptions& options, double peak, double step, double total) {
  const double first = peak / static_cast<double>(options.start_divisor);
  const double last = first / static_cast<double>(options.final_divisor);
  const double top = std::max(static_cast<double>(options.rise_share) * total - 1, 0.0);
  if (step < top) return cosine_between(first, peak, step / top);
  return cosine_between(peak, last, total - 1 > top ? (step - top) / (total - 1 - top) : 0.0);
}

}  // namespace

Status check_schedule(const ScheduleOptions& o) {
  const auto share = [](float value) { return value >= 0.0f && value <= 1.0f; };
  const auto divisor = [](float value) { return value >= 1.0f && value <= 1e12f; };
  const auto invalid = [](const char* message, const char* setting) {
    return Status(StatusCode::kInvalidArgument, message, setting);
  };
  if (!share(o.warmup_share)) return invalid("The share of warm-up steps must lie between 0 and 1.", "warmup_share");
  if (!share(o.final_share)) return invalid("The final share of the rate must lie between 0 and 1.", "final_share");
  if (!share(o.rise_share)) return invalid("The share of rising steps must lie between 0 and 1.", "rise_share");
  if (!divisor(o.start_divisor)) return invalid("The start divisor must be 1 or more.", "start_divisor");
  if (!divisor(o.final_divisor)) return invalid("The final divisor must be 1 or more.", "final_divisor");
  return {};
}

float learning_rate(const ScheduleOptions& options, float peak, std::int64_t step, std::int64_t total_steps) {
  const double total = static_cast<double>(std::max<std::int64_t>(total_steps, 1));
  const double at = std::clamp(static_cast<double>(step), 0.0, total - 1);
  switch (options.kind) {
    case ScheduleKind::kConstant:
      return peak;
    case ScheduleKind::kCosine:
      return static_cast<float>(cosine_with_warmup(options, static_cast<double>(peak), at, total));
    case ScheduleKind::kOneCycle:
      return static_cast<float>(one_cycle(options, static_cast<double>(peak), at, total));
  }
  return peak;
}

}  // namespace sortlab
