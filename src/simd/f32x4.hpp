// The vector vocabulary: four floats (f32x4), four 32-bit integers (i32x4) and masks, spelt once for wasm and, through
// SIMDe, for native builds. Everything else in src/ uses only these names. Specification of each operation: the
// WebAssembly SIMD proposal, https://github.com/WebAssembly/simd, and relaxed SIMD,
// https://github.com/WebAssembly/relaxed-simd.
#pragma once

#if defined(__wasm_simd128__)
#include <wasm_simd128.h>
#else
#define SIMDE_ENABLE_NATIVE_ALIASES
#include <simde/wasm/simd128.h>
#endif

#include <cstdint>

namespace sortlab::simd {

inline constexpr int kLanes = 4;

/// Four floats.
struct f32x4 {
  v128_t v;
};
/// Four 32-bit integers.
struct i32x4 {
  v128_t v;
};
/// Four lanes of all ones or all zeros, the result of a comparison.
struct mask32x4 {
  v128_t v;
};

// ---- load and store (any alignment) ----
inline f32x4 zero() { return {wasm_f32x4_splat(0.0f)}; }
inline f32x4 splat(float x) { return {wasm_f32x4_splat(x)}; }
inline f32x4 set(float a, float b, float c, float d) { return {wasm_f32x4_make(a, b, c, d)}; }
inline f32x4 load(const float* p) { return {wasm_v128_load(p)}; }
inline f32x4 load_splat(const float* p) { return {wasm_v128_load32_splat(p)}; }
inline void store(float* p, f32x4 a) { wasm_v128_store(p, a.v); }

/// splat(constant) for long straight kernels, to be called once outside the loop: V8 builds a constant anew at every
/// use (three instructions), but keeps what it has loaded. The constant must live in memory (static constexpr).
inline f32x4 resident(const float& constant) {
  const float* place = &constant;
  asm("" : "+r"(place));  // hides from the compiler that the value is known
  return load_splat(place);
}

/// Lanes [0, count) from p, zeros above; count 1, 2 or 3. Reads nothing past p + count. Not inlined, as store_tail: who
/// comes here comes once a row, and all places together would be kilobytes of a download.
[[gnu::noinline]] inline f32x4 load_tail(const float* p, int count) {
  if (count == 1) return {wasm_v128_load32_zero(p)};
  v128_t v = wasm_v128_load64_zero(p);
  if (count == 3) v = wasm_v128_load32_lane(p + 2, v, 2);
  return {v};
}
/// Lanes [0, count) to p; count 1, 2 or 3. Writes nothing past p + count.
[[gnu::noinline]] inline void store_tail(float* p, f32x4 a, int count) {
  if (count == 1) {
    wasm_v128_store32_lane(p, a.v, 0);
    return;
  }
  wasm_v128_store64_lane(p, a.v, 0);
  if (count == 3) wasm_v128_store32_lane(p + 2, a.v, 2);
}

inline i32x4 resident(const std::int32_t& constant) {
  const std::int32_t* place = &constant;
  asm("" : "+r"(place));
  return {wasm_v128_load32_splat(place)};
}

// ---- arithmetic ----
inline f32x4 operator+(f32x4 a, f32x4 b) { return {wasm_f32x4_add(a.v, b.v)}; }
inline f32x4 operator-(f32x4 a, f32x4 b) { return {wasm_f32x4_sub(a.v, b.v)}; }
inline f32x4 operator*(f32x4 a, f32x4 b) { return {wasm_f32x4_mul(a.v, b.v)}; }
inline f32x4 operator/(f32x4 a, f32x4 b) { return {wasm_f32x4_div(a.v, b.v)}; }
inline f32x4 operator-(f32x4 a) { return {wasm_f32x4_neg(a.v)}; }
inline f32x4 add(f32x4 a, f32x4 b) { return a + b; }
inline f32x4 sub(f32x4 a, f32x4 b) { return a - b; }
inline f32x4 mul(f32x4 a, f32x4 b) { return a * b; }
inline f32x4 div(f32x4 a, f32x4 b) { return a / b; }
inline f32x4 abs(f32x4 a) { return {wasm_f32x4_abs(a.v)}; }
/// Correctly rounded, as the IEEE square root is.
inline f32x4 sqrt(f32x4 a) { return {wasm_f32x4_sqrt(a.v)}; }
inline f32x4 floor(f32x4 a) { return {wasm_f32x4_floor(a.v)}; }
/// To the nearest integer, halves to even.
inline f32x4 nearest(f32x4 a) { return {wasm_f32x4_nearest(a.v)}; }

/// a * b + c. In the relaxed variant fused where the processor can (one rounding); otherwise two roundings, natively
/// too.
inline f32x4 madd(f32x4 a, f32x4 b, f32x4 c) {
#if defined(SORTLAB_RELAXED) && defined(__wasm_relaxed_simd__)
  return {wasm_f32x4_relaxed_madd(a.v, b.v, c.v)};
#else
  return a * b + c;
#endif
}
/// c - a * b, rounded as madd.
inline f32x4 nmadd(f32x4 a, f32x4 b, f32x4 c) {
#if defined(SORTLAB_RELAXED) && defined(__wasm_relaxed_simd__)
  return {wasm_f32x4_relaxed_nmadd(a.v, b.v, c.v)};
#else
  return c - a * b;
#endif
}

/// a > b ? b : a, in every lane: one instruction (pmin). Where a or b is NaN the result is a, so min(x, limit) keeps a
/// NaN in x. Of two zeros, a.
inline f32x4 min(f32x4 a, f32x4 b) { return {wasm_f32x4_pmin(a.v, b.v)}; }
/// a < b ? b : a, in every lane: one instruction (pmax). Where a or b is NaN the result is a, so ReLU as max(x, zero())
/// keeps a NaN in x. Of two zeros, a.
inline f32x4 max(f32x4 a, f32x4 b) { return {wasm_f32x4_pmax(a.v, b.v)}; }

// ---- comparison and choice (a comparison with NaN is false; != is true) ----
inline mask32x4 operator<(f32x4 a, f32x4 b) { return {wasm_f32x4_lt(a.v, b.v)}; }
inline mask32x4 operator<=(f32x4 a, f32x4 b) { return {wasm_f32x4_le(a.v, b.v)}; }
inline mask32x4 operator>(f32x4 a, f32x4 b) { return {wasm_f32x4_gt(a.v, b.v)}; }
inline mask32x4 operator>=(f32x4 a, f32x4 b) { return {wasm_f32x4_ge(a.v, b.v)}; }
inline mask32x4 operator==(f32x4 a, f32x4 b) { return {wasm_f32x4_eq(a.v, b.v)}; }
inline mask32x4 operator!=(f32x4 a, f32x4 b) { return {wasm_f32x4_ne(a.v, b.v)}; }
inline mask32x4 operator&(mask32x4 a, mask32x4 b) { return {wasm_v128_and(a.v, b.v)}; }
inline mask32x4 operator|(mask32x4 a, mask32x4 b) { return {wasm_v128_or(a.v, b.v)}; }
inline mask32x4 operator~(mask32x4 a) { return {wasm_v128_not(a.v)}; }
/// Lane by lane: mask ? a : b.
inline f32x4 select(mask32x4 mask, f32x4 a, f32x4 b) { return {wasm_v128_bitselect(a.v, b.v, mask.v)}; }
inline i32x4 select(mask32x4 mask, i32x4 a, i32x4 b) { return {wasm_v128_bitselect(a.v, b.v, mask.v)}; }
/// mask ? 0 : a.
inline i32x4 drop(mask32x4 mask, i32x4 a) { return {wasm_v128_andnot(a.v, mask.v)}; }
/// Lane by lane: mask ? a : b.
inline mask32x4 select(mask32x4 mask, mask32x4 a, mask32x4 b) { return {wasm_v128_bitselect(a.v, b.v, mask.v)}; }
/// 0 where false, -1 where true.
inline i32x4 as_i32(mask32x4 mask) { return {mask.v}; }
/// mask ? a : 0.
inline f32x4 keep(mask32x4 mask, f32x4 a) { return {wasm_v128_and(mask.v, a.v)}; }
inline i32x4 keep(mask32x4 mask, i32x4 a) { return {wasm_v128_and(mask.v, a.v)}; }
/// Bit i is lane i.
inline unsigned bitmask(mask32x4 mask) { return static_cast<unsigned>(wasm_i32x4_bitmask(mask.v)); }
inline bool any(mask32x4 mask) { return wasm_v128_any_true(mask.v); }
inline bool all(mask32x4 mask) { return wasm_i32x4_all_true(mask.v); }

// ---- integers ----
inline i32x4 splat(std::int32_t x) { return {wasm_i32x4_splat(x)}; }
inline i32x4 load(const std::int32_t* p) { return {wasm_v128_load(p)}; }
inline void store(std::int32_t* p, i32x4 a) { wasm_v128_store(p, a.v); }
inline i32x4 operator+(i32x4 a, i32x4 b) { return {wasm_i32x4_add(a.v, b.v)}; }
inline i32x4 operator-(i32x4 a, i32x4 b) { return {wasm_i32x4_sub(a.v, b.v)}; }
inline i32x4 operator*(i32x4 a, i32x4 b) { return {wasm_i32x4_mul(a.v, b.v)}; }
inline i32x4 operator&(i32x4 a, i32x4 b) { return {wasm_v128_and(a.v, b.v)}; }
inline i32x4 operator|(i32x4 a, i32x4 b) { return {wasm_v128_or(a.v, b.v)}; }
inline i32x4 operator^(i32x4 a, i32x4 b) { return {wasm_v128_xor(a.v, b.v)}; }
inline i32x4 operator<<(i32x4 a, int bits) { return {wasm_i32x4_shl(a.v, static_cast<std::uint32_t>(bits))}; }
/// Arithmetic shift: the sign fills in.
inline i32x4 operator>>(i32x4 a, int bits) { return {wasm_i32x4_shr(a.v, static_cast<std::uint32_t>(bits))}; }
/// Logical shift: zeros fill in.
inline i32x4 shift_right_logical(i32x4 a, int bits) { return {wasm_u32x4_shr(a.v, static_cast<std::uint32_t>(bits))}; }
inline mask32x4 operator==(i32x4 a, i32x4 b) { return {wasm_i32x4_eq(a.v, b.v)}; }
inline mask32x4 operator<(i32x4 a, i32x4 b) { return {wasm_i32x4_lt(a.v, b.v)}; }
inline mask32x4 operator>(i32x4 a, i32x4 b) { return {wasm_i32x4_gt(a.v, b.v)}; }
/// Four bytes, widened without sign; reads four bytes.
inline i32x4 load_u8(const std::uint8_t* p) {
  return {wasm_u32x4_extend_low_u16x8(wasm_u16x8_extend_low_u8x16(wasm_v128_load32_zero(p)))};
}
/// The low byte of every lane; lanes must lie in 0..255. Writes four bytes.
inline void store_u8(std::uint8_t* p, i32x4 a) {
  const v128_t words = wasm_u16x8_narrow_i32x4(a.v, a.v);
  wasm_v128_store32_lane(p, wasm_u8x16_narrow_i16x8(words, words), 0);
}

// ---- conversion ----
inline f32x4 to_f32(i32x4 a) { return {wasm_f32x4_convert_i32x4(a.v)}; }
/// Toward zero; NaN gives 0; out of range saturates.
inline i32x4 to_i32(f32x4 a) { return {wasm_i32x4_trunc_sat_f32x4(a.v)}; }
inline f32x4 bits_as_f32(i32x4 a) { return {a.v}; }
inline i32x4 bits_as_i32(f32x4 a) { return {a.v}; }

// ---- lanes ----
template <int kLane>
inline float extract(f32x4 a) {
  return wasm_f32x4_extract_lane(a.v, kLane);
}
template <int kLane>
inline std::int32_t extract(i32x4 a) {
  return wasm_i32x4_extract_lane(a.v, kLane);
}
/// Every lane becomes lane kLane.
template <int kLane>
inline f32x4 broadcast(f32x4 a) {
  return {wasm_i32x4_shuffle(a.v, a.v, kLane, kLane, kLane, kLane)};
}
/// (a0 + a2) + (a1 + a3), always in this order.
inline float sum(f32x4 a) {
  const v128_t pairs = wasm_f32x4_add(a.v, wasm_i32x4_shuffle(a.v, a.v, 2, 3, 2, 3));
  return wasm_f32x4_extract_lane(pairs, 0) + wasm_f32x4_extract_lane(pairs, 1);
}
/// The largest lane; NaN as in max, pairs taken as in sum.
inline float max_lane(f32x4 a) {
  const f32x4 pairs = max(a, {wasm_i32x4_shuffle(a.v, a.v, 2, 3, 2, 3)});
  return extract<0>(max(pairs, {wasm_i32x4_shuffle(pairs.v, pairs.v, 1, 1, 1, 1)}));
}
/// Rows become columns.
inline void transpose(f32x4& a, f32x4& b, f32x4& c, f32x4& d) {
  const v128_t ab_low = wasm_i32x4_shuffle(a.v, b.v, 0, 4, 1, 5);
  const v128_t ab_high = wasm_i32x4_shuffle(a.v, b.v, 2, 6, 3, 7);
  const v128_t cd_low = wasm_i32x4_shuffle(c.v, d.v, 0, 4, 1, 5);
  const v128_t cd_high = wasm_i32x4_shuffle(c.v, d.v, 2, 6, 3, 7);
  a.v = wasm_i32x4_shuffle(ab_low, cd_low, 0, 1, 4, 5);
  b.v = wasm_i32x4_shuffle(ab_low, cd_low, 2, 3, 6, 7);
  c.v = wasm_i32x4_shuffle(ab_high, cd_high, 0, 1, 4, 5);
  d.v = wasm_i32x4_shuffle(ab_high, cd_high, 2, 3, 6, 7);
}

}  // namespace sortlab::simd
