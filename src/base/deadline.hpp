// When work should pause. It decides where work is cut into slices, never what comes out of it.
#pragma once

#include <chrono>
#include <optional>

namespace sortlab {

class Deadline {
 public:
  /// Never passes.
  Deadline() = default;
  /// 0 has passed at once: whoever works towards it does the least that it may.
  static Deadline after(double milliseconds) {
    Deadline deadline;
    deadline.end_ = Clock::now() + std::chrono::duration_cast<Clock::duration>(Milliseconds(milliseconds));
    return deadline;
  }

  bool passed() const { return end_ && Clock::now() >= *end_; }

 private:
  using Clock = std::chrono::steady_clock;
  using Milliseconds = std::chrono::duration<double, std::milli>;
  std::optional<Clock::time_point> end_;
};

}  // namespace sortlab
