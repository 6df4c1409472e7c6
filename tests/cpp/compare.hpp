// How the tests compare floating-point values: |actual - expected| <= absolute + relative * |expected|. NaN never
// passes, and neither do spans of different lengths or with nothing in them.
#pragma once

#include <doctest/doctest.h>

#include <cmath>
#include <cstddef>
#include <span>
#include <sstream>
#include <string>
#include <string_view>

namespace sortlab::test {

inline bool close(double actual, double expected, double absolute, double relative) {
  if (actual == expected) return true;  // also infinities of one sign
  if (!std::isfinite(actual) || !std::isfinite(expected)) return false;
  return std::fabs(actual - expected) <= absolute + relative * std::fabs(expected);
}

/// Empty where all values are close; otherwise which differ first and worst, and in what configuration.
template <typename A, typename E>
std::string difference(std::span<const A> actual, std::span<const E> expected, double absolute, double relative,
                       std::string_view description) {
  std::ostringstream message;
  message.precision(9);
  if (actual.size() != expected.size()) {
    message << description << ": " << actual.size() << " values instead of " << expected.size();
    return message.str();
  }
  if (actual.empty()) {
    message << description << ": nothing to compare";
    return message.str();
  }
  std::size_t wrong = 0, first = 0, worst = 0;
  double largest = -1;
  for (std::size_t i = 0; i < actual.size(); ++i) {
    const double a = static_cast<double>(actual[i]), e = static_cast<double>(expected[i]);
    if (close(a, e, absolute, relative)) continue;
    if (wrong++ == 0) first = worst = i;
    const double distance = std::fabs(a - e) / (absolute + relative * std::fabs(e));
    if (distance > largest) {
      largest = distance;
      worst = i;
    }
  }
  if (wrong == 0) return {};
  message << description << ": " << wrong << " of " << actual.size() << " differ by more than " << absolute << " + "
          << relative << " * |expected|; first [" << first << "] " << actual[first] << " instead of " << expected[first]
          << ", worst [" << worst << "] " << actual[worst] << " instead of " << expected[worst];
  return message.str();
}

template <typename A, typename E>
void check_spans(std::span<const A> actual, std::span<const E> expected, double absolute, double relative,
                 std::string_view description) {
  const std::string message = difference(actual, expected, absolute, relative, description);
  CHECK_MESSAGE(message.empty(), message);
}

inline void check_close(std::span<const float> actual, std::span<const float> expected, double absolute,
                        double relative, std::string_view description) {
  check_spans(actual, expected, absolute, relative, description);
}
inline void check_close(std::span<const float> actual, std::span<const double> expected, double absolute,
                        double relative, std::string_view description) {
  check_spans(actual, expected, absolute, relative, description);
}
inline void check_close(std::span<const double> actual, std::span<const double> expected, double absolute,
                        double relative, std::string_view description) {
  check_spans(actual, expected, absolute, relative, description);
}

}  // namespace sortlab::test
