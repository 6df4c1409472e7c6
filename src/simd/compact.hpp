// Moving the lanes that a mask names to the front: how sparse lists are built without branches.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "simd/f32x4.hpp"

namespace sortlab::simd {
namespace detail {

/// For each of the 16 bit masks of four lanes: the bytes of the named lanes in order, then of the last lane.
constexpr std::array<std::uint8_t, 256> compact_bytes() {
  std::array<std::uint8_t, 256> bytes{};
  for (std::size_t mask = 0; mask < 16; ++mask) {
    std::size_t place = 0;
    for (std::size_t lane = 0; lane < 4; ++lane) {
      if ((mask >> lane & 1) == 0) continue;
      for (std::size_t byte = 0; byte < 4; ++byte)
        bytes[mask * 16 + place++] = static_cast<std::uint8_t>(lane * 4 + byte);
    }
    for (; place < 16; ++place) bytes[mask * 16 + place] = static_cast<std::uint8_t>(12 + place % 4);
  }
  return bytes;
}
alignas(16) inline constexpr std::array<std::uint8_t, 256> kCompactBytes = compact_bytes();

inline v128_t compact(v128_t a, unsigned bits) {
  const v128_t order = wasm_v128_load(kCompactBytes.data() + 16 * static_cast<std::size_t>(bits));
#if defined(SORTLAB_RELAXED) && defined(__wasm_relaxed_simd__)
  return wasm_i8x16_relaxed_swizzle(a, order);  // every index is in range, where both agree
#else
  return wasm_i8x16_swizzle(a, order);
#endif
}

}  // namespace detail

/// The lanes whose bit is set, in order, then anything.
inline f32x4 compact(f32x4 a, unsigned bits) { return {detail::compact(a.v, bits)}; }
inline i32x4 compact(i32x4 a, unsigned bits) { return {detail::compact(a.v, bits)}; }

/// Bit i is set where byte i of the sixteen at p equals value.
inline unsigned equal_bytes(const std::uint8_t* p, std::uint8_t value) {
  return static_cast<unsigned>(wasm_i8x16_bitmask(wasm_i8x16_eq(wasm_v128_load(p), wasm_u8x16_splat(value))));
}

/// Bits set in a mask of four lanes.
inline std::int32_t count_bits(unsigned bits) { return __builtin_popcount(bits); }

}  // namespace sortlab::simd
