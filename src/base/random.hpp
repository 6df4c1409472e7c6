// Counter-based random numbers: every draw is a pure function of (seed, stream, index), so that neither threads nor the
// order of work can change a result. Philox4x32-10: Salmon et al., "Parallel random numbers: as easy as 1, 2, 3", SC
// 2011.
#pragma once

#include <array>
#include <cstdint>
#include <span>

namespace sortlab {

/// Ten rounds of Philox over a 128-bit counter with a 64-bit key.
std::array<std::uint32_t, 4> philox4x32(std::array<std::uint32_t, 4> counter, std::array<std::uint32_t, 2> key);

/// What a stream of numbers is for; keeps the streams of one seed apart.
enum class RandomPurpose : std::uint32_t { kInitialiser = 1, kSplit, kBatchOrder, kAugmentation, kDropout, kDrawing };

/// A cheap value: one independent stream per (seed, purpose, a, b), for instance (seed, kDropout, step, sample).
class Random {
 public:
  Random(std::uint64_t seed, RandomPurpose purpose, std::uint32_t a = 0, std::uint32_t b = 0);

  std::uint32_t next_u32();
  /// Uniform in [0, 1), 24 bits.
  float uniform();
  float uniform(float low, float high) { return low + (high - low) * uniform(); }
  /// Uniform in [0, bound), without bias worth mentioning (64-bit multiply); bound > 0.
  std::uint32_t below(std::uint32_t bound);
  /// Standard normal, as a sum of twelve uniforms less six: no libm, so the same bits everywhere. Range [-6, 6).
  float normal();

 private:
  std::array<std::uint32_t, 2> key_;
  std::array<std::uint32_t, 4> counter_;
  std::array<std::uint32_t, 4> block_{};
  unsigned used_ = 4;
};

/// Fisher-Yates.
void shuffle(std::span<std::uint32_t> values, Random& random);

}  // namespace sortlab
