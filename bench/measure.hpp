// Timing of one kernel at a time, and the table or JSON of the results.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "transform_error.hpp"

namespace sortlab::bench {

struct Measured {
  std::string name;
  double flop = 0;     // of the direct computation, zeros and all: 2 a multiply-add
  double best_ms = 0;  // the fastest call
  double median_ms = 0;
};

/// Calls `work` until it has been compiled by the engine's best tier and measured often enough.
Measured measure(std::string name, double flop, const std::function<void()>& work);

/// GFLOP/s of multiply-adds between registers: nothing a kernel does can be faster, save by multiplying less.
double measure_peak();

void print_table(const std::vector<Measured>& results, const std::vector<TransformError>& errors, double peak);
void print_json(const std::vector<Measured>& results, const std::vector<TransformError>& errors, double peak);

}  // namespace sortlab::bench
