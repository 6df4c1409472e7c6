// The small vocabulary of the drawn example: colours, soft edges and distances. Only + - * / and square root, whose
// results are the same on every machine, besides the sine and cosine of kernels/math.hpp.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>

namespace sortlab {

struct Colour {
  float r = 0, g = 0, b = 0;  // 0 to 1
};
inline Colour operator*(const Colour& c, float factor) { return {c.r * factor, c.g * factor, c.b * factor}; }
inline Colour operator+(const Colour& a, const Colour& b) { return {a.r + b.r, a.g + b.g, a.b + b.b}; }
inline Colour mix(const Colour& a, const Colour& b, float share) { return a * (1.0f - share) + b * share; }

inline float clamp01(float value) { return std::clamp(value, 0.0f, 1.0f); }

/// Anti-aliased inside of an edge: 1 deep inside (distance negative), 0 outside; `pixels`: pixels per unit of distance.
inline float inside(float distance, float pixels) { return clamp01(0.5f - distance * pixels); }

inline float smooth(float t) {
  t = clamp01(t);
  return t * t * (3.0f - 2.0f * t);
}

inline float length(float x, float y) { return std::sqrt(x * x + y * y); }

/// Distance to an ellipse with half axes a and b, negative inside: first order, exact at the edge.
inline float ellipse_distance(float x, float y, float a, float b) {
  const float k = length(x / a, y / b), gradient = length(x / (a * a), y / (b * b));
  return gradient < 1e-6f ? -std::min(a, b) : k * (k - 1.0f) / gradient;
}

/// Distance to a rectangle with half sides a and b and corners of radius r.
inline float rounded_box_distance(float x, float y, float a, float b, float r) {
  const float dx = std::fabs(x) - a + r, dy = std::fabs(y) - b + r;
  return length(std::max(dx, 0.0f), std::max(dy, 0.0f)) + std::min(std::max(dx, dy), 0.0f) - r;
}

/// Smooth noise in [0, 1] with one random value per whole-numbered point.
inline float value_noise(float x, float y, std::uint32_t seed) {
  const float fx = std::floor(x), fy = std::floor(y);
  const auto ix = static_cast<std::uint32_t>(static_cast<std::int32_t>(fx)),
             iy = static_cast<std::uint32_t>(static_cast<std::int32_t>(fy));
  const auto corner = [seed](std::uint32_t i, std::uint32_t k) {
    std::uint32_t h = i * 0x9E3779B1u ^ k * 0x85EBCA77u ^ seed;
    h = (h ^ (h >> 15)) * 0x2C1B3C6Du;
    h = (h ^ (h >> 12)) * 0x297A2D39u;
    return static_cast<float>((h ^ (h >> 15)) >> 8) * 0x1p-24f;
  };
  const float sx = smooth(x - fx), sy = smooth(y - fy);
  const float top = corner(ix, iy) * (1.0f - sx) + corner(ix + 1, iy) * sx;
  const float bottom = corner(ix, iy + 1) * (1.0f - sx) + corner(ix + 1, iy + 1) * sx;
  return top * (1.0f - sy) + bottom * sy;
}

}  // namespace sortlab
