// Timing of one kernel at a time, and the table or JSON of the results.
#pragma once

#include <cstddef>
#include <functional>
#include <new>
#include <string>
#include <utility>
#include <vector>

#include "transform_error.hpp"

namespace sortlab::bench {

/// Allocates on cache lines, as the engine's arena does: malloc's 8 bytes let a quarter of all vectors lie on two
/// lines.
template <typename T>
struct OnCacheLines {
  using value_type = T;
  static constexpr std::align_val_t kLine{64};

  OnCacheLines() = default;
  template <typename Other>
  explicit OnCacheLines(const OnCacheLines<Other>&) {}

  T* allocate(std::size_t count) { return static_cast<T*>(::operator new(count * sizeof(T), kLine)); }
  void deallocate(T* block, std::size_t) { ::operator delete(block, kLine); }
  bool operator==(const OnCacheLines&) const = default;
};
using Floats = std::vector<float, OnCacheLines<float>>;

struct Measured {
  std::string name;
  double flop = 0;     // of the direct computation, zeros and all: 2 a multiply-add; 0 where `bytes` says more
  double bytes = 0;    // read and written, of kernels that memory limits
  double best_ms = 0;  // the fastest call
  double median_ms = 0;
};

/// Calls `work` until it has been compiled by the engine's best tier and measured often enough.
Measured measure(std::string name, double flop, double bytes, const std::function<void()>& work);

/// Measures what has the filter in its name, in the order of the calls.
class Bench {
 public:
  explicit Bench(std::string filter) : filter_(std::move(filter)) {}
  void run(const std::string& name, double flop, const std::function<void()>& work);
  void run_stream(const std::string& name, double bytes, const std::function<void()>& work);
  const std::vector<Measured>& results() const { return results_; }

 private:
  std::string filter_;
  std::vector<Measured> results_;
};

/// Floats of an image, or of a matrix with channels 1.
inline std::size_t area(int height, int width, int channels) {
  return static_cast<std::size_t>(height) * static_cast<std::size_t>(width) * static_cast<std::size_t>(channels);
}

/// Uniform in [low, 1), always the same.
Floats random_floats(std::size_t size, float low = -1.0f);

/// GFLOP/s of multiply-adds between registers: nothing a kernel does can be faster, save by multiplying less.
double measure_peak();

void print_table(const std::vector<Measured>& results, const std::vector<TransformError>& errors, double peak);
void print_json(const std::vector<Measured>& results, const std::vector<TransformError>& errors, double peak);

}  // namespace sortlab::bench
