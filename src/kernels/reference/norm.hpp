// Plain-loop oracles of the normalisations, in double; shapes as in kernels/norm.hpp.
#pragma once

#include <cmath>
#include <cstddef>

#include "kernels/norm.hpp"
#include "kernels/reference/activation.hpp"

namespace sortlab::kernels::reference {

inline void group_norm_forward(const GroupNormShape& shape, const double* input, const double* gamma,
                               const double* beta, double* output, double* statistics) {
  const int group_size = shape.channels / shape.groups;
  const double count = static_cast<double>(shape.pixels) * group_size;
  for (int group = 0; group < shape.groups; ++group) {
    double sum = 0, squares = 0;
    for (int pixel = 0; pixel < shape.pixels; ++pixel) {
      for (int i = 0; i < group_size; ++i) sum += input[pixel * shape.channels + group * group_size + i];
    }
    const double mean = sum / count;
    for (int pixel = 0; pixel < shape.pixels; ++pixel) {
      for (int i = 0; i < group_size; ++i) {
        const double distance = input[pixel * shape.channels + group * group_size + i] - mean;
        squares += distance * distance;
      }
    }
    const double inverse_deviation = 1 / std::sqrt(squares / count + static_cast<double>(shape.epsilon));
    statistics[2 * group] = mean;
    statistics[2 * group + 1] = inverse_deviation;
    for (int pixel = 0; pixel < shape.pixels; ++pixel) {
      for (int i = 0; i < group_size; ++i) {
        const int c = group * group_size + i, at = pixel * shape.channels + c;
        output[at] = activated(shape.activation, (input[at] - mean) * inverse_deviation * gamma[c] + beta[c]);
      }
    }
  }
}

inline void channel_affine_forward(int pixels, int channels, const double* input, const double* scale,
                                   const double* shift, Activation activation, double* output) {
  for (int pixel = 0; pixel < pixels; ++pixel) {
    for (int c = 0; c < channels; ++c) {
      const int at = pixel * channels + c;
      output[at] = activated(activation, input[at] * scale[c] + shift[c]);
    }
  }
}

}  // namespace sortlab::kernels::reference
