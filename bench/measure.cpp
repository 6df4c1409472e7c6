#include "measure.hpp"

#include <algorithm>
#include <chrono>
#include <cstdio>

#include "base/random.hpp"
#include "simd/f32x4.hpp"

namespace sortlab::bench {
namespace {

double now_ms() {
  return std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

// V8 compiles with a quick tier first and replaces a function only between calls.
constexpr double kWarmMs = 150, kMeasureMs = 400;
constexpr int kFewestCalls = 7;

#if defined(SORTLAB_RELAXED)
constexpr const char* kVariant = "relaxed";
#else
constexpr const char* kVariant = "simd";
#endif

constexpr int kPeakSums = 12, kPeakSteps = 20000;

[[gnu::noinline]] float multiply_add_between_registers(float factor, float term) {
  simd::f32x4 sums[kPeakSums];
  for (int i = 0; i < kPeakSums; ++i) sums[i] = simd::splat(static_cast<float>(i));
  const simd::f32x4 a = simd::splat(factor), b = simd::splat(term);
  for (int step = 0; step < kPeakSteps; ++step) {
    for (simd::f32x4& sum : sums) sum = simd::madd(sum, a, b);
  }
  simd::f32x4 total = sums[0];
  for (int i = 1; i < kPeakSums; ++i) total = total + sums[i];
  return simd::sum(total);
}

}  // namespace

Measured measure(std::string name, double flop, double bytes, const std::function<void()>& work) {
  for (const double start = now_ms(); now_ms() - start < kWarmMs;) work();
  std::vector<double> times;
  const double start = now_ms();
  while (now_ms() - start < kMeasureMs || static_cast<int>(times.size()) < kFewestCalls) {
    const double before = now_ms();
    work();
    times.push_back(now_ms() - before);
  }
  std::sort(times.begin(), times.end());
  return {std::move(name), flop, bytes, times.front(), times[times.size() / 2]};
}

void Bench::run(const std::string& name, double flop, const std::function<void()>& work) {
  if (name.find(filter_) != std::string::npos) results_.push_back(measure(name, flop, 0, work));
}

void Bench::run_stream(const std::string& name, double bytes, const std::function<void()>& work) {
  if (name.find(filter_) != std::string::npos) results_.push_back(measure(name, 0, bytes, work));
}

Floats random_floats(std::size_t size, float low) {
  Random random(1, RandomPurpose::kDrawing);
  Floats values(size);
  for (float& value : values) value = random.uniform(low, 1.0f);
  return values;
}

double measure_peak() {
  volatile float factor = 0.5f, sink = 0.0f;
  const Measured result = measure("peak", 8.0 * kPeakSums * kPeakSteps, 0, [&] {
    const float x = factor;
    sink = multiply_add_between_registers(x, x);
  });
  return result.flop / result.best_ms * 1e-6;
}

void print_table(const std::vector<Measured>& results, const std::vector<TransformError>& errors, double peak) {
  std::printf("variant %s, peak of multiply-add %.1f GFLOP/s\n", kVariant, peak);
  std::printf("%-44s %9s %9s %9s %7s\n", "kernel", "MFLOP", "best ms", "GFLOP/s", "peak");
  for (const Measured& r : results) {
    if (r.bytes > 0) continue;
    const double gflops = r.flop / r.best_ms * 1e-6;
    std::printf("%-44s %9.1f %9.3f %9.1f %6.0f%%\n", r.name.c_str(), r.flop * 1e-6, r.best_ms, gflops,
                100 * gflops / peak);
  }
  std::printf("\n%-44s %9s %9s %9s\n", "kernel that memory limits", "MB", "best ms", "GB/s");
  for (const Measured& r : results) {
    if (r.bytes == 0) continue;
    std::printf("%-44s %9.2f %9.3f %9.1f\n", r.name.c_str(), r.bytes * 1e-6, r.best_ms, r.bytes / r.best_ms * 1e-6);
  }
  std::printf("\n%-44s max |error| / max |reference|\n", "convolution");
  for (const TransformError& e : errors) std::printf("%-44s %.1e\n", e.name.c_str(), e.relative_error);
}

void print_json(const std::vector<Measured>& results, const std::vector<TransformError>& errors, double peak) {
  std::printf("{\"variant\": \"%s\", \"peak_gflops\": %.2f, \"kernels\": [", kVariant, peak);
  const char* separator = "";
  for (const Measured& r : results) {
    std::printf("%s\n  {\"name\": \"%s\", \"flop\": %.0f, \"bytes\": %.0f, \"best_ms\": %.4f, \"median_ms\": %.4f}",
                separator, r.name.c_str(), r.flop, r.bytes, r.best_ms, r.median_ms);
    separator = ",";
  }
  std::printf("\n], \"errors\": [");
  separator = "";
  for (const TransformError& e : errors) {
    std::printf("%s\n  {\"name\": \"%s\", \"relative_error\": %.3e}", separator, e.name.c_str(), e.relative_error);
    separator = ",";
  }
  std::printf("\n]}\n");
}

}  // namespace sortlab::bench
