// Plain-loop oracles of softmax and cross-entropy, in double with libm.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>

#include "kernels/softmax.hpp"

namespace sortlab::kernels::reference {

inline void softmax(int rows, int classes, const double* logits, double* probs) {
  for (int row = 0; row < rows; ++row, logits += classes, probs += classes) {
    const double highest = *std::max_element(logits, logits + classes);
    double sum = 0;
    for (int c = 0; c < classes; ++c) sum += std::exp(logits[c] - highest);
    for (int c = 0; c < classes; ++c) probs[c] = std::exp(logits[c] - highest) / sum;
  }
}

inline void cross_entropy(int rows, int classes, const double* logits, const std::int32_t* labels,
                          double label_smoothing, double* losses) {
  for (int row = 0; row < rows; ++row, logits += classes) {
    const double highest = *std::max_element(logits, logits + classes);
    double sum = 0;
    for (int c = 0; c < classes; ++c) sum += std::exp(logits[c] - highest);
    losses[row] = 0;
    for (int c = 0; c < classes; ++c) {
      const double target = (c == labels[row] ? 1 - label_smoothing : 0) + label_smoothing / classes;
      losses[row] -= target * (logits[c] - highest - std::log(sum));
    }
  }
}

}  // namespace sortlab::kernels::reference
