#include "example/drawn_example.hpp"

#include <array>

#include "base/random.hpp"
#include "example/drawn_objects.hpp"
#include "kernels/math.hpp"

namespace sortlab {

namespace {

constexpr int kMaxSize = 1024;
constexpr float kPi = 3.14159265f;

struct DrawnClass {
  const char* name;
  DrawObject draw;
  float max_rotation;  // radians
};
constexpr std::array<DrawnClass, 6> kClasses = {{{"ball", draw_ball, 3.1f},
                                                 {"bottle", draw_bottle, 0.4f},
                                                 {"box", draw_box, 0.22f},
                                                 {"can", draw_can, 0.35f},
                                                 {"cup", draw_cup, 0.3f},
                                                 {"leaf", draw_leaf, 1.0f}}};

// One set of colours for all objects and backgrounds, so that colour alone tells nothing.
constexpr std::array<Colour, 12> kPalette = {{{0.84f, 0.26f, 0.22f},
                                              {0.93f, 0.52f, 0.18f},
                                              {0.95f, 0.78f, 0.26f},
                                              {0.44f, 0.66f, 0.27f},
                                              {0.16f, 0.54f, 0.42f},
                                              {0.20f, 0.62f, 0.74f},
                                              {0.22f, 0.40f, 0.74f},
                                              {0.47f, 0.34f, 0.68f},
                                              {0.82f, 0.40f, 0.58f},
                                              {0.62f, 0.45f, 0.30f},
                                              {0.88f, 0.84f, 0.76f},
                                              {0.34f, 0.37f, 0.42f}}};

Colour pick_colour(Random& random) {
  const Colour colour = kPalette[random.below(static_cast<std::uint32_t>(kPalette.size()))];
  const auto vary = [&random](float value) { return clamp01(value + random.uniform(-0.06f, 0.06f)); };
  return {vary(colour.r), vary(colour.g), vary(colour.b)};
}

struct Blob {
  float x, y, radius, softness;
  Colour colour;
};

/// Everything random about one picture but its noise; coordinates run from 0 to 1 over the picture.
struct Scene {
  Colour wall, table;
  float horizon = 2.0f;  // below 1: a table's edge is seen
  int texture = 0;
  float texture_scale = 1, texture_strength = 0, texture_c = 1, texture_s = 0;
  std::uint32_t texture_seed = 0;
  std::array<Blob, 2> blobs{};
  int blob_count = 0;
  float x = 0.5f, y = 0.5f, scale = 0.3f, c = 1, s = 0;  // place, half size and turn of the object
  float shadow = 0.3f, shadow_x = 0, shadow_y = 0;
  float light_x = 0, light_y = 0;  // how the brightness changes over the picture
  float exposure = 1, warmth = 0, vignette = 0, noise = 0;
  ObjectStyle style;
};

void draw_background(Random& random, Scene& scene) {
  // Paler or darker than objects are, so that the object stands out most of the time.
  const bool pale = random.uniform() < 0.6f;
  const Colour toward = pale ? Colour{0.93f, 0.91f, 0.87f} : Colour{0.16f, 0.17f, 0.20f};
  const float strength = random.uniform(0.55f, 0.9f);
  scene.wall = mix(pick_colour(random), toward, strength);
  scene.table = mix(pick_colour(random), toward, strength * 0.8f);
  scene.horizon = random.uniform() < 0.55f ? random.uniform(0.35f, 0.75f) : 2.0f;
  scene.texture = static_cast<int>(random.below(5));
  scene.texture_scale = random.uniform(5.0f, 13.0f);
  scene.texture_strength = random.uniform(0.03f, 0.10f);
  const float angle = random.uniform(-0.5f, 0.5f);
  scene.texture_c = kernels::cos(angle);
  scene.texture_s = kernels::sin(angle);
  scene.texture_seed = random.next_u32();
  scene.blob_count = static_cast<int>(random.below(3));
  for (Blob& blob : scene.blobs) {
    blob.x = random.uniform(0.0f, 1.0f);
    blob.y = random.uniform(0.0f, 1.0f);
    blob.radius = random.uniform(0.04f, 0.13f);
    blob.softness = random.uniform(0.01f, 0.12f);
    blob.colour = mix(pick_colour(random), scene.wall, random.uniform(0.35f, 0.75f));
  }
}

void place_object(Random& random, const DrawnClass& drawn_class, Scene& scene) {
  scene.x = random.uniform(0.42f, 0.58f);
  scene.y = random.uniform(0.42f, 0.58f);
  scene.scale = random.uniform(0.33f, 0.45f);
  const float rotation = random.uniform(-1.0f, 1.0f) * drawn_class.max_rotation;
  scene.c = kernels::cos(rotation);
  scene.s = kernels::sin(rotation);
  const float light = random.uniform(-1.0f, 1.0f);  // from the left or the right, always from above
  const float light_y = random.uniform(-0.75f, -0.35f);
  const float length_inverse = 1.0f / std::sqrt(light * light * 0.5f + light_y * light_y + 0.55f);
  const float lx = 0.7071f * light * length_inverse, ly = light_y * length_inverse;
  ObjectStyle& style = scene.style;
  style.light_x = scene.c * lx + scene.s * ly;
  style.light_y = scene.c * ly - scene.s * lx;
  style.light_z = 0.7416f * length_inverse;
  scene.shadow = random.uniform(0.15f, 0.5f);
  scene.shadow_x = -0.25f * light;
  scene.shadow_y = random.uniform(0.05f, 0.2f);
  scene.light_x = 0.25f * light;
  scene.light_y = random.uniform(-0.2f, 0.1f);
}

void style_object(Random& random, ObjectStyle& style) {
  style.base = pick_colour(random);
  style.accent = pick_colour(random);
  style.proportion = random.uniform();
  style.detail = random.uniform();
  style.variant = random.uniform();
  style.position = random.uniform();
  style.mirrored = random.uniform() < 0.5f;
  style.gloss = random.uniform(0.0f, 0.7f);
}

Scene draw_scene(Random& random, const DrawnClass& drawn_class, int size) {
  Scene scene;
  draw_background(random, scene);
  place_object(random, drawn_class, scene);
  style_object(random, scene.style);
  scene.exposure = random.uniform(0.8f, 1.15f);
  scene.warmth = random.uniform(-0.06f, 0.08f);
  scene.vignette = random.uniform(0.0f, 0.35f);
  scene.noise = random.uniform(0.004f, 0.028f);
  scene.style.pixels = scene.scale * static_cast<float>(size);
  return scene;
}

/// Brightness of the background's texture around 0.
float texture(const Scene& scene, float x, float y) {
  const float u = (scene.texture_c * x + scene.texture_s * y) * scene.texture_scale;
  const float v = (scene.texture_c * y - scene.texture_s * x) * scene.texture_scale;
  const std::uint32_t seed = scene.texture_seed;
  switch (scene.texture) {
    case 0:
      return value_noise(u * 0.4f, v * 0.4f, seed) - 0.5f;  // cloudy
    case 1: {                                               // wood: long streaks
      const float grain = value_noise(u * 0.5f, v * 3.0f, seed) + 0.5f * value_noise(u * 0.9f, v * 9.0f, seed + 1);
      return 0.9f * (grain - 0.75f);
    }
    case 2: {  // tiles with joints
      const float joint = std::min(std::fabs(u * 0.5f - std::floor(u * 0.5f) - 0.5f),
                                   std::fabs(v * 0.5f - std::floor(v * 0.5f) - 0.5f));
      return smooth(joint * 16.0f) * 0.6f - 0.55f +
             0.4f * value_noise(std::floor(u * 0.5f + 0.5f), std::floor(v * 0.5f + 0.5f), seed);
    }
    case 3:
      return 0.5f * kernels::sin(u * kPi) * smooth(0.5f + 0.5f * value_noise(u, v, seed));  // stripes
    default:
      return 0.8f * (value_noise(u * 4.0f, v * 4.0f, seed) * 0.6f + value_noise(u, v, seed + 1) * 0.4f - 0.5f);
  }
}

Colour background(const Scene& scene, float x, float y, float pixels) {
  Colour colour = scene.wall;
  if (scene.horizon < 1.0f) {
    const float edge = scene.horizon + 0.15f * scene.texture_s * (x - 0.5f);
    colour = mix(colour, scene.table, inside(edge - y, pixels * 0.5f));
  }
  colour = colour * (1.0f + 2.0f * scene.texture_strength * texture(scene, x, y));
  for (int i = 0; i < scene.blob_count; ++i) {
    const Blob& blob = scene.blobs[static_cast<std::size_t>(i)];
    const float distance = length(x - blob.x, y - blob.y) - blob.radius;
    colour = mix(colour, blob.colour, 0.8f * smooth(0.5f - distance / (2.0f * blob.softness + 1.0f / pixels)));
  }
  return colour;
}

Colour scene_colour(const Scene& scene, DrawObject draw, float x, float y, float pixels) {
  Colour colour = background(scene, x, y, pixels);
  const float dx = (x - scene.x) / scene.scale, dy = (y - scene.y) / scene.scale;
  const float shade = ellipse_distance(dx - scene.shadow_x, dy - scene.shadow_y - 0.3f, 0.75f, 0.75f);
  colour = colour * (1.0f - scene.shadow * smooth(0.5f - shade * 0.9f));
  const Sample object = draw(scene.style, scene.c * dx + scene.s * dy, scene.c * dy - scene.s * dx);
  colour = mix(colour, object.colour, object.coverage);
  const float cx = x - 0.5f, cy = y - 0.5f;
  const float light = scene.exposure * (1.0f + scene.light_x * cx + scene.light_y * cy) *
                      (1.0f - scene.vignette * (cx * cx + cy * cy) * 1.6f);
  return {colour.r * light * (1.0f + scene.warmth), colour.g * light, colour.b * light * (1.0f - scene.warmth)};
}

std::uint8_t to_byte(float value) {
  const float level = clamp01(value) * 255.0f;
  const int whole = static_cast<int>(level);
  return static_cast<std::uint8_t>(level - static_cast<float>(whole) >= 0.5f ? whole + 1 : whole);
}

}  // namespace

const std::vector<std::string>& drawn_example_classes() {
  static const std::vector<std::string> names = [] {
    std::vector<std::string> list;
    list.reserve(kClasses.size());
    for (const DrawnClass& drawn_class : kClasses) list.emplace_back(drawn_class.name);
    return list;
  }();
  return names;
}

Status draw_example(std::uint64_t seed, int label, std::uint32_t index, int size, std::uint8_t* output) {
  if (label < 0 || static_cast<std::size_t>(label) >= kClasses.size()) {
    return {StatusCode::kInvalidArgument, "The label must be one of the drawn classes."};
  }
  if (size < 1 || size > kMaxSize) {
    return {StatusCode::kInvalidArgument, "The image size must lie between 1 and 1,024 pixels."};
  }
  const DrawnClass& drawn_class = kClasses[static_cast<std::size_t>(label)];
  Random random(seed, RandomPurpose::kDrawing, static_cast<std::uint32_t>(label), index);
  const Scene scene = draw_scene(random, drawn_class, size);
  const float pixels = static_cast<float>(size);
  for (int row = 0; row < size; ++row) {
    for (int column = 0; column < size; ++column, output += 3) {
      const float x = (static_cast<float>(column) + 0.5f) / pixels, y = (static_cast<float>(row) + 0.5f) / pixels;
      const Colour colour = scene_colour(scene, drawn_class.draw, x, y, pixels);
      // Three bytes of one random number: brightness noise common to the channels, and a little of each.
      const std::uint32_t bits = random.next_u32();
      const auto noise = [&](int shift) {
        return scene.noise * (static_cast<float>((bits >> shift) & 255) - 127.5f) * (1.0f / 127.5f);
      };
      const float common = noise(24);
      output[0] = to_byte(colour.r + common + 0.5f * noise(0));
      output[1] = to_byte(colour.g + common + 0.5f * noise(8));
      output[2] = to_byte(colour.b + common + 0.5f * noise(16));
    }
  }
  return {};
}

}  // namespace sortlab
