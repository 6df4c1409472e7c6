// Short copies and fills of floats. The C library's memcpy in wasm goes word by word below some hundred bytes; kernels
// move many runs of 9 to 300 floats.
#pragma once

#include <cstddef>

#include "simd/f32x4.hpp"

namespace sortlab::simd {

inline void copy(std::ptrdiff_t count, const float* source, float* target) {
  std::ptrdiff_t i = 0;
  for (; i + kLanes <= count; i += kLanes) store(target + i, load(source + i));
  if (i < count)
    store_tail(target + i, load_tail(source + i, static_cast<int>(count - i)), static_cast<int>(count - i));
}

inline void fill(std::ptrdiff_t count, float value, float* target) {
  std::ptrdiff_t i = 0;
  const f32x4 values = splat(value);
  for (; i + kLanes <= count; i += kLanes) store(target + i, values);
  if (i < count) store_tail(target + i, values, static_cast<int>(count - i));
}

/// target += source.
inline void accumulate(std::ptrdiff_t count, const float* source, float* target) {
  std::ptrdiff_t i = 0;
  for (; i + kLanes <= count; i += kLanes) store(target + i, load(target + i) + load(source + i));
  if (i < count) {
    const int tail = static_cast<int>(count - i);
    store_tail(target + i, load_tail(target + i, tail) + load_tail(source + i, tail), tail);
  }
}

}  // namespace sortlab::simd
