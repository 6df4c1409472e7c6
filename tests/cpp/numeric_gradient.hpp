// Gradients by central differences in double, the judge of every backward pass.
#pragma once

#include <cstddef>
#include <functional>
#include <span>
#include <vector>

namespace sortlab::test {

/// d loss / d at[i] for every i. The error is of the order of step^2 where the loss is smooth.
inline std::vector<double> numeric_gradient(const std::function<double(std::span<const double>)>& loss,
                                            std::vector<double> at, double step = 1e-5) {
  std::vector<double> gradient(at.size());
  for (std::size_t i = 0; i < at.size(); ++i) {
    const double middle = at[i];
    at[i] = middle + step;
    const double above = loss(at);
    at[i] = middle - step;
    const double below = loss(at);
    at[i] = middle;
    gradient[i] = (above - below) / (2 * step);
  }
  return gradient;
}

inline std::vector<double> to_double(std::span<const float> values) { return {values.begin(), values.end()}; }

/// The loss sum_i weights[i] * values[i]: its gradient by `values` is `weights`, which plays the part of doutput.
inline double dot(std::span<const double> values, std::span<const float> weights) {
  double sum = 0;
  for (std::size_t i = 0; i < values.size(); ++i) sum += values[i] * static_cast<double>(weights[i]);
  return sum;
}

}  // namespace sortlab::test
