// Sums, scalings and random masks over flat buffers of `count` floats. Buffers may be the same unless said otherwise.
#pragma once

#include <cstddef>
#include <cstdint>

#include "kernels/activation.hpp"

namespace sortlab::kernels {

/// output = activation(a + b): the end of a residual block.
void add_forward(std::size_t count, const float* a, const float* b, Activation activation, float* output);
/// target += source.
void accumulate(std::size_t count, const float* source, float* target);
void scale(std::size_t count, float factor, float* values);
/// Sum of squares in double over a fixed tree, for the gradient norm. NaN and infinity come through.
double sum_of_squares(std::size_t count, const float* values);
/// output (rows) and (columns): sum over rows of a (rows, columns) matrix, accumulated: the gradient of a bias.
void accumulate_column_sums(int rows, int columns, const float* values, float* sums);
/// output = input * scale + shift with input bytes: pixels to floats.
void bytes_to_floats(std::size_t count, const std::uint8_t* input, float scale, float shift, float* output);

/// Inverted dropout: keeps an element with probability 1 - rate and scales it by 1 / (1 - rate). The mask is a pure
/// function of (seed, step, sample, layer, index) through Philox, so backward recomputes it instead of storing it.
struct DropoutKey {
  std::uint64_t seed = 0;
  std::uint32_t step = 0, sample = 0, layer = 0;
};
void dropout(std::size_t count, float rate, const DropoutKey& key, const float* input, float* output);

}  // namespace sortlab::kernels
