// The six objects of the drawn example, each a function from a point of its own frame to coverage and colour.
#pragma once

#include "example/drawing.hpp"

namespace sortlab {

/// One individual of a class: proportions and looks, all uniform in [0, 1) unless said otherwise.
struct ObjectStyle {
  Colour base, accent;
  float proportion = 0, detail = 0, variant = 0, position = 0;
  bool mirrored = false;
  float light_x = 0, light_y = 0, light_z = 1;  // unit vector towards the light, in the object's frame
  float gloss = 0;
  float pixels = 1;  // pixels per unit of the object's frame
};

struct Sample {
  float coverage = 0;
  Colour colour;
};

/// The frame: u to the right, v down, the object within about [-1, 1].
using DrawObject = Sample (*)(const ObjectStyle& style, float u, float v);

Sample draw_bottle(const ObjectStyle& style, float u, float v);
Sample draw_can(const ObjectStyle& style, float u, float v);
Sample draw_box(const ObjectStyle& style, float u, float v);
Sample draw_cup(const ObjectStyle& style, float u, float v);
Sample draw_leaf(const ObjectStyle& style, float u, float v);
Sample draw_ball(const ObjectStyle& style, float u, float v);

}  // namespace sortlab
