#include "example/drawn_objects.hpp"

#include "kernels/math.hpp"

namespace sortlab {

namespace {

constexpr Colour kMetal = {0.80f, 0.82f, 0.84f}, kPaper = {0.96f, 0.95f, 0.91f};

float between(float low, float high, float share) { return low + (high - low) * share; }

/// Colour of a surface with the unit normal (x, y, z): ambient and diffuse light, and a highlight by gloss.
Colour lit(const ObjectStyle& style, const Colour& colour, float x, float y, float z) {
  const float facing = std::max(0.0f, x * style.light_x + y * style.light_y + z * style.light_z);
  float shine = facing * facing;
  shine *= shine;
  shine *= shine;
  shine *= shine;
  const float highlight = style.gloss * shine * shine;
  return colour * (0.42f + 0.62f * facing) + Colour{highlight, highlight, highlight};
}

/// The side of an upright round body at `across` in [-1, 1] of its half width.
Colour lit_round(const ObjectStyle& style, const Colour& colour, float across) {
  const float x = std::clamp(across, -0.98f, 0.98f);
  return lit(style, colour, x, 0.0f, std::sqrt(1.0f - x * x));
}

Sample over(const Sample& below, const Sample& above) {
  const float coverage = above.coverage + below.coverage * (1.0f - above.coverage);
  if (coverage <= 0.0f) return {};
  const float share = above.coverage / coverage;
  return {coverage, mix(below.colour, above.colour, share)};
}

/// A band of another colour between two heights.
Colour banded(const ObjectStyle& style, const Colour& colour, const Colour& band, float v, float from, float to) {
  return mix(colour, band, std::min(inside(from - v, style.pixels), inside(v - to, style.pixels)));
}

}  // namespace

Sample draw_bottle(const ObjectStyle& style, float u, float v) {
  const float body = between(0.27f, 0.40f, style.proportion), neck = between(0.09f, 0.14f, style.variant);
  const float shoulder = between(-0.35f, 0.0f, style.position), slope = between(0.18f, 0.42f, style.detail);
  // Half width by height: neck, a smooth shoulder, body.
  const float rise = smooth((v - (shoulder - slope)) / slope);
  const float width = between(neck, body, rise);
  const float t = clamp01((v - (shoulder - slope)) / slope);
  const float steepness = (body - neck) * 6.0f * t * (1.0f - t) / slope;
  const float side = (std::fabs(u) - width) / std::sqrt(1.0f + steepness * steepness);
  const float ends = std::max(-0.82f - v, v - 0.95f);
  const float corner = rounded_box_distance(u, v - 0.1f, body, 0.85f, 0.09f);
  Sample glass{inside(std::max({side, ends, v > 0.5f ? corner : -1.0f}), style.pixels), {}};
  Colour colour = style.base;
  const float label = between(0.08f, 0.3f, style.detail);
  if (style.variant > 0.25f) colour = banded(style, colour, mix(style.accent, kPaper, 0.45f), v, label, label + 0.42f);
  glass.colour = lit_round(style, colour, u / width);
  // The cap, a little wider than the neck.
  const float cap_width = neck * 1.22f;
  const Sample cap{inside(rounded_box_distance(u, v + 0.87f, cap_width, 0.10f, 0.02f), style.pixels),
                   lit_round(style, style.accent * 0.85f, u / cap_width)};
  return over(glass, cap);
}

Sample draw_can(const ObjectStyle& style, float u, float v) {
  const float width = between(0.40f, 0.52f, style.proportion), height = between(0.62f, 0.80f, style.detail);
  const float depth = width * between(0.16f, 0.34f, style.position);  // of the lid's ellipse
  const float side = std::max(std::fabs(u) - width, std::fabs(v) - height);
  const float bottom = ellipse_distance(u, v - height, width, depth);
  const float lid = ellipse_distance(u, v + height, width, depth);
  // Bands follow the round of the body.
  const float across = std::clamp(u / width, -1.0f, 1.0f);
  const float bent = v - depth * std::sqrt(1.0f - across * across);
  Colour colour = style.base;
  const float band = between(-0.35f, 0.1f, style.variant);
  colour = banded(style, colour, style.accent, bent, band, band + between(0.15f, 0.55f, style.detail));
  if (style.variant > 0.5f) colour = banded(style, colour, kPaper, bent, band + 0.06f, band + 0.12f);
  colour = banded(style, colour, kMetal * 0.9f, bent, height - 0.08f, height + 0.2f);
  colour = banded(style, colour, kMetal, bent, -height - 0.2f, -height + 0.05f);
  const Sample body{inside(std::min(side, bottom), style.pixels), lit_round(style, colour, across)};
  // The lid: a rim, a sunken plate, a tab.
  Colour plate = kMetal * 0.98f;
  plate = mix(plate, kMetal * 0.72f,
              inside(ellipse_distance(u, v + height - 0.01f, width * 0.86f, depth * 0.82f), style.pixels));
  plate =
      mix(plate, kMetal * 0.95f, inside(ellipse_distance(u, v + height, width * 0.34f, depth * 0.30f), style.pixels));
  return over(body, {inside(lid, style.pixels), lit(style, plate, 0.0f, -0.75f, 0.66f)});
}

Sample draw_cup(const ObjectStyle& style, float u, float v) {
  if (style.mirrored) u = -u;
  const float top = between(0.48f, 0.60f, style.proportion), bottom = top * between(0.62f, 0.98f, style.detail);
  const float height = between(0.48f, 0.66f, style.variant), depth = top * between(0.18f, 0.36f, style.position);
  const float share = clamp01((v + height) / (2.0f * height));
  const float width = between(top, bottom, share);
  const float side = std::max(std::fabs(u) - width, std::fabs(v) - height);
  const float foot = ellipse_distance(u, v - height, bottom, depth * 0.8f * bottom / top);
  const float mouth = ellipse_distance(u, v + height, top, depth);
  // The handle: a flattened ring at the right, its near part hidden by the body.
  const float ring_x = u - (top + bottom) * 0.5f - 0.08f, ring_y = v - 0.02f;
  const float outer = ellipse_distance(ring_x, ring_y, 0.30f, height * 0.62f);
  const float inner = ellipse_distance(ring_x, ring_y, 0.18f, height * 0.38f);
  const Sample handle{inside(std::max(outer, -inner), style.pixels),
                      lit(style, style.base * 0.92f, ring_y > 0 ? 0.25f : -0.1f, ring_y > 0 ? 0.5f : -0.5f, 0.82f)};
  const float across = std::clamp(u / width, -1.0f, 1.0f);
  const float bent = v - depth * std::sqrt(1.0f - across * across);
  Colour colour = style.base;
  if (style.variant > 0.4f)
    colour = banded(style, colour, style.accent, bent, -0.1f, between(0.0f, 0.25f, style.detail));
  const Sample body{inside(std::min({side, foot, mouth}), style.pixels), lit_round(style, colour, across)};
  // The mouth: the wall's edge, the dark inside, and something to drink.
  Colour opening = lit(style, mix(style.base, kPaper, 0.35f), 0.0f, -0.5f, 0.86f);
  const float hollow = ellipse_distance(u, v + height - 0.015f, top * 0.90f, depth * 0.84f);
  opening = mix(opening, lit_round(style, style.base * 0.55f, -across), inside(hollow, style.pixels));
  const float drink = ellipse_distance(u, v + height - depth * 0.45f, top * 0.80f, depth * 0.62f);
  opening = mix(opening, style.accent * 0.45f, inside(std::max(drink, hollow), style.pixels));
  return over(over(handle, body), {inside(mouth, style.pixels), opening});
}

Sample draw_box(const ObjectStyle& style, float u, float v) {
  // A cuboid seen from above: two horizontal half axes and the vertical one, as they appear in the picture.
  const float yaw = between(0.45f, 1.12f, style.position), tilt = between(0.30f, 0.55f, style.variant);
  const float a = between(0.48f, 0.72f, style.proportion), b = between(0.42f, 0.62f, style.detail);
  const float h = between(0.26f, 0.60f, style.variant * 0.5f + style.detail * 0.5f);
  const float c = kernels::cos(yaw), s = kernels::sin(yaw);
  struct Face {
    float cx, cy, e1x, e1y, e2x, e2y;  // centre and half edges
    Colour colour;
    bool is_top;
  };
  const float ax = a * c, ay = a * s * tilt, bx = -b * s, by = b * c * tilt;
  const Colour card = style.base;
  const Face faces[] = {
      {0.0f, -h, ax, ay, bx, by, lit(style, card, 0.0f, -0.8f, 0.6f) * 1.06f, true},
      {ax, ay, bx, by, 0.0f, h, lit(style, card, c * 0.9f, 0.0f, 0.44f), false},
      {bx, by, ax, ay, 0.0f, h, lit(style, card, -s * 0.9f, 0.0f, 0.44f), false},
  };
  // Coverages of neighbouring faces add up along their common edge.
  float sum = 0.0f;
  Colour colour;
  for (const Face& face : faces) {
    const float x = u - face.cx, y = v - face.cy;
    const float area = face.e1x * face.e2y - face.e1y * face.e2x;
    const float p = (x * face.e2y - y * face.e2x) / area, q = (face.e1x * y - face.e1y * x) / area;
    const float across_p = std::fabs(area) / length(face.e2x, face.e2y),
                across_q = std::fabs(area) / length(face.e1x, face.e1y);
    const float distance = std::max((std::fabs(p) - 1.0f) * across_p, (std::fabs(q) - 1.0f) * across_q);
    const float coverage = inside(distance, style.pixels);
    if (coverage <= 0.0f) continue;
    Colour look = face.colour;
    const Colour tape = mix(style.accent, kPaper, 0.3f);
    if (face.is_top) {
      look = mix(look, tape, inside((std::fabs(q) - 0.16f) * across_q, style.pixels));
      look = mix(look, look * 0.6f, inside((std::fabs(q) - 0.012f) * across_q, style.pixels));
    } else if (style.detail > 0.35f) {
      const float mark = std::max((std::fabs(p - 0.35f) - 0.35f) * across_p, (std::fabs(q - 0.3f) - 0.3f) * across_q);
      look = mix(look, style.accent * 0.8f, 0.75f * inside(mark, style.pixels));
    }
    colour = colour + look * coverage;
    sum += coverage;
  }
  if (sum <= 0.0f) return {};
  return {std::min(sum, 1.0f), colour * (1.0f / sum)};
}

Sample draw_leaf(const ObjectStyle& style, float u, float v) {
  if (style.mirrored) v = -v;
  const float bend = between(-0.1f, 0.35f, style.position), half = between(0.38f, 0.58f, style.proportion);
  const float y = v + bend * (u * u - 0.4f);
  constexpr float kLength = 0.92f;
  // Half width along the leaf: round towards the stem, pointed at the tip; with teeth on some.
  const float along = u / kLength, taper = 1.0f - along * along;
  const float lean = between(0.05f, 0.5f, style.detail);
  float width = half * taper * (1.0f - lean * along);
  float steepness = half * (-2.0f * along * (1.0f - lean * along) - lean * taper) / kLength;
  const float teeth = between(9.0f, 15.0f, style.detail) * u;
  if (style.variant > 0.5f) width *= 1.0f - 0.10f * (teeth - std::floor(teeth));
  steepness = std::sqrt(1.0f + steepness * steepness);
  const float blade =
      std::fabs(u) < kLength ? (std::fabs(y) - width) / steepness : std::fabs(u) - kLength + std::fabs(y);
  const float stem = std::max(std::fabs(y) - 0.022f, std::fabs(u + 1.02f) - 0.24f);
  // Veins: one in the middle, others leaving it at a slant.
  const float slant = (u - 0.8f * std::fabs(y)) * between(4.5f, 7.0f, style.variant);
  const float off = std::fabs(slant - std::floor(slant) - 0.5f);
  const float spacing = between(4.5f, 7.0f, style.variant);
  const float side_vein = inside((off - 0.06f) / spacing, style.pixels),
              middle = inside(std::fabs(y) - 0.018f, style.pixels);
  Colour colour = mix(style.base, style.accent, 0.55f * smooth(std::fabs(y) / std::max(half, 0.1f)) * style.gloss);
  colour = colour * (0.88f + 0.12f * off * 2.0f);
  colour = mix(colour, mix(style.base, kPaper, 0.45f), std::max(0.5f * side_vein, middle));
  // Two halves folded along the middle.
  const float fold = y > 0.0f ? 0.35f : -0.35f;
  return over({inside(stem, style.pixels), style.base * 0.55f},
              {inside(blade, style.pixels), lit(style, colour, 0.0f, fold, 0.93f)});
}

Sample draw_ball(const ObjectStyle& style, float u, float v) {
  const float radius = between(0.62f, 0.82f, style.proportion);
  const float distance = length(u, v) - radius;
  const float x = u / radius, y = v / radius;
  const float z = std::sqrt(std::max(0.0f, 1.0f - x * x - y * y));
  // Patterns lie on the sphere, turned about the vertical.
  const float turn = between(-1.2f, 1.2f, style.position), c = kernels::cos(turn), s = kernels::sin(turn);
  const float px = c * x + s * z, pz = c * z - s * x;
  const float pixels = style.pixels * radius;
  Colour colour = style.base;
  if (style.variant < 0.35f) {  // one broad band
    colour = mix(colour, style.accent, inside(std::fabs(px) - between(0.15f, 0.35f, style.detail), pixels));
  } else if (style.variant < 0.7f) {  // beach ball: three planes cut it into patches
    const float d1 = px, d2 = 0.5f * px + 0.866f * pz, d3 = 0.5f * px - 0.866f * pz;
    const float sign = (d1 > 0 ? 1.0f : -1.0f) * (d2 > 0 ? 1.0f : -1.0f) * (d3 > 0 ? 1.0f : -1.0f);
    const float nearest = std::min({std::fabs(d1), std::fabs(d2), std::fabs(d3)});
    colour = mix(colour, mix(style.accent, kPaper, 0.3f), inside(sign * nearest, pixels));
  } else {  // a seam, as on a tennis ball
    const float seam = std::fabs(y - 0.55f * px * (1.0f - 0.6f * px * px) * (pz > 0 ? 1.0f : -1.0f)) - 0.05f;
    colour = mix(colour, kPaper, inside(seam, pixels));
  }
  return {inside(distance, style.pixels), lit(style, colour, x, y, z)};
}

}  // namespace sortlab
