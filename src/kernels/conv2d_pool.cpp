// One pooled row from two conv rows, four channels at a time:
//
//     top    | v0 v1 | .. | .. |        v0..v3: the window, each a vector of channels
//     below  | v2 v3 | .. | .. |        code = 2 * row + column of the first maximum, or kPoolDead
//
// Only methods that do not pool their own tiles come here, two rows after each other, while these are in the
// first-level cache: a dozen instructions for four windows' channels, beside the hundreds that made them. Measured in
// V8, relaxed: 40 GB/s.
#include "kernels/conv2d_pool.hpp"

#include <cstddef>

namespace sortlab::kernels {
namespace {

/// The channels past the last whole vector, with the same comparisons as PoolWindow.
void pool_channel(const float* top, const float* below, int channels, float* pooled, std::uint8_t* code) {
  const float values[4] = {top[0], top[channels], below[0], below[channels]};
  const int first = values[0] < values[1] ? 1 : 0, second = values[2] < values[3] ? 3 : 2;
  const int position = values[first] < values[second] ? second : first;
  const float best = values[position];
  *pooled = best < 0.0f ? 0.0f : best;
  if (code != nullptr) *code = best <= 0.0f ? kPoolDead : static_cast<std::uint8_t>(position);
}

}  // namespace

void pool_rows(int pooled_width, int channels, const float* top, const float* below, float* pooled,
               std::uint8_t* code) {
  const PoolWindow pool;
  for (int x = 0; x < pooled_width; ++x) {
    int channel = 0;
    for (; channel + 4 <= channels; channel += 4) {
      const PooledVector window =
          pool(simd::load(top + channel), simd::load(top + channels + channel), simd::load(below + channel),
               simd::load(below + channels + channel), simd::zero());
      simd::store(pooled + channel, window.value);
      if (code != nullptr) simd::store_u8(code + channel, window.code);
    }
    for (; channel < channels; ++channel) {
      pool_channel(top + channel, below + channel, channels, pooled + channel,
                   code != nullptr ? code + channel : nullptr);
    }
    top += 2 * channels, below += 2 * channels, pooled += channels;
    if (code != nullptr) code += channels;
  }
}

}  // namespace sortlab::kernels
