// Loops over flat buffers, four floats at a time, whose body is written once and also serves the last one to three.
#pragma once

#include <cstddef>
#include <cstdint>

#include "simd/f32x4.hpp"

namespace sortlab::kernels {

/// Four lanes, all in use.
struct FullLanes {
  simd::f32x4 load(const float* p) const { return simd::load(p); }
  simd::f32x4 load(const float* p, simd::f32x4) const { return simd::load(p); }
  simd::f32x4 clear(simd::f32x4 a) const { return a; }
  void store(float* p, simd::f32x4 a) const { simd::store(p, a); }
  simd::i32x4 load_u8(const std::uint8_t* p) const { return simd::load_u8(p); }
  void store_u8(std::uint8_t* p, simd::i32x4 a) const { simd::store_u8(p, a); }
};

/// The first `count` of four lanes, 1 to 3: nothing past them is read or written.
struct TailLanes {
  int count;

  /// Zeros, or `fill`, in the unused lanes.
  simd::f32x4 load(const float* p) const { return simd::load_tail(p, count); }
  simd::f32x4 load(const float* p, simd::f32x4 fill) const {
    return simd::select(used(), simd::load_tail(p, count), fill);
  }
  /// Zeros in the unused lanes of a computed value, so that it may be summed.
  simd::f32x4 clear(simd::f32x4 a) const { return simd::keep(used(), a); }
  void store(float* p, simd::f32x4 a) const { simd::store_tail(p, a, count); }
  simd::i32x4 load_u8(const std::uint8_t* p) const {
    std::uint8_t bytes[simd::kLanes] = {};
    for (int i = 0; i < count; ++i) bytes[i] = p[i];
    return simd::load_u8(bytes);
  }
  void store_u8(std::uint8_t* p, simd::i32x4 a) const {
    std::uint8_t bytes[simd::kLanes];
    simd::store_u8(bytes, a);
    for (int i = 0; i < count; ++i) p[i] = bytes[i];
  }

 private:
  simd::mask32x4 used() const {
    constexpr std::int32_t kIndex[simd::kLanes] = {0, 1, 2, 3};
    return simd::load(kIndex) < simd::splat(count);
  }
};

/// f(index, lanes) for index 0, 4, 8, ...
template <typename F>
inline void for_lanes(std::size_t count, F&& f) {
  std::size_t i = 0;
  for (; i + simd::kLanes <= count; i += simd::kLanes) f(i, FullLanes{});
  if (i < count) f(i, TailLanes{static_cast<int>(count - i)});
}

}  // namespace sortlab::kernels
