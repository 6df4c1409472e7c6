#include "image/augment.hpp"

#include <algorithm>

#include "base/random.hpp"
#include "kernels/math.hpp"

namespace sortlab {

namespace {

constexpr float kPi = 3.14159265f;
constexpr std::int32_t kOne = 1 << 16;  // source coordinates are fixed point, 16 bits behind the point

/// Where the output pixel (x, y) reads: (start + x * step_x + y * step_y), the centre of the picture fixed but for the
/// shift.
struct AffineMap {
  std::int32_t xx = kOne, xy = 0, yx = 0, yy = kOne;  // source x by output x, source x by output y, ...
  std::int32_t shift_x = 0, shift_y = 0;

  bool is_identity() const { return xx == kOne && yy == kOne && xy == 0 && yx == 0 && shift_x == 0 && shift_y == 0; }
};

/// byte value * scale + offset, clipped.
struct ColourMap {
  float scale = 1, offset = 0, low = 0, high = 0;
};

struct Draw {
  bool mirror_x, mirror_y;
  float rotation, shift_x, shift_y, zoom, brightness, contrast;
};

/// Every number is drawn whatever the options say, so that switching one off does not change the others.
Draw draw(const AugmentOptions& options, const AugmentKey& key) {
  Random random(key.seed, RandomPurpose::kAugmentation, key.epoch, key.sample);
  const auto symmetric = [&random](float range) { return range * random.uniform(-1.0f, 1.0f); };
  Draw drawn{};
  drawn.mirror_x = (random.next_u32() >> 31) != 0 && options.flip_horizontal;
  drawn.mirror_y = (random.next_u32() >> 31) != 0 && options.flip_vertical;
  drawn.rotation = symmetric(options.rotation);
  drawn.shift_x = symmetric(options.shift);
  drawn.shift_y = symmetric(options.shift);
  drawn.zoom = 1.0f + symmetric(options.zoom);
  drawn.brightness = symmetric(options.brightness);
  drawn.contrast = 1.0f + symmetric(options.contrast);
  return drawn;
}

std::int32_t to_fixed(float value) {
  const float scaled = value * static_cast<float>(kOne);
  return static_cast<std::int32_t>(scaled < 0.0f ? scaled - 0.5f : scaled + 0.5f);
}

AffineMap affine_map(const Draw& drawn, int size) {
  constexpr float kMinZoom = 0.1f;
  const float angle = drawn.rotation * (kPi / 180.0f);
  const float inverse_zoom = 1.0f / std::max(drawn.zoom, kMinZoom);  // the map goes from output to source
  const float c = kernels::cos(angle) * inverse_zoom, s = kernels::sin(angle) * inverse_zoom;
  const float flip_x = drawn.mirror_x ? -1.0f : 1.0f, flip_y = drawn.mirror_y ? -1.0f : 1.0f;
  AffineMap map;
  map.xx = to_fixed(c * flip_x);
  map.xy = to_fixed(s * flip_x);
  map.yx = to_fixed(-s * flip_y);
  map.yy = to_fixed(c * flip_y);
  map.shift_x = to_fixed(drawn.shift_x * static_cast<float>(size));
  map.shift_y = to_fixed(drawn.shift_y * static_cast<float>(size));
  return map;
}

/// normalise's scale and offset with contrast (about the mean grey) and brightness folded in.
ColourMap colour_map(const Draw& drawn, float grey, float mean, float deviation) {
  const float scale = 1.0f / (255.0f * deviation), offset = -mean / deviation;
  ColourMap map;
  map.scale = scale * drawn.contrast;
  map.offset = offset + scale * (grey * (1.0f - drawn.contrast) + 255.0f * drawn.brightness);
  map.low = offset;
  map.high = 255.0f * scale + offset;
  return map;
}

float mean_value(std::size_t count, const std::uint8_t* input) {
  std::uint64_t sum = 0;
  constexpr std::size_t kRun = 65536;
  for (std::size_t i = 0; i < count; i += kRun) {
    const std::size_t end = std::min(count, i + kRun);
    std::uint32_t part = 0;
    for (std::size_t k = i; k < end; ++k) part += input[k];
    sum += part;
  }
  return static_cast<float>(sum) / static_cast<float>(count);
}

/// One output row. x and y: where its first pixel reads, fixed point.
void map_row(const AffineMap& map, const ColourMap& colour, int size, const std::uint8_t* input, std::int32_t x,
             std::int32_t y, float* output) {
  const std::int32_t last = size - 1, limit = last * kOne;
  const std::ptrdiff_t row = std::ptrdiff_t{3} * size;
  const float scale = colour.scale * 0x1p-16f;  // the two weights of bilinear reading have 8 bits each
  for (int i = 0; i < size; ++i, x += map.xx, y += map.yx, output += 3) {
    const std::int32_t cx = std::clamp(x, 0, limit), cy = std::clamp(y, 0, limit);
    const std::int32_t x0 = cx >> 16, y0 = cy >> 16;
    const std::int32_t fx = (cx >> 8) & 255, fy = (cy >> 8) & 255;
    const std::uint8_t* top = input + y0 * row + std::ptrdiff_t{3} * x0;
    const std::uint8_t* bottom = y0 < last ? top + row : top;
    const std::ptrdiff_t right = x0 < last ? 3 : 0;
    const std::int32_t w00 = (256 - fx) * (256 - fy), w01 = fx * (256 - fy), w10 = (256 - fx) * fy, w11 = fx * fy;
    for (int c = 0; c < 3; ++c) {
      const std::int32_t value = w00 * top[c] + w01 * top[right + c] + w10 * bottom[c] + w11 * bottom[right + c];
      output[c] = std::clamp(static_cast<float>(value) * scale + colour.offset, colour.low, colour.high);
    }
  }
}

}  // namespace

void normalise(std::size_t count, const std::uint8_t* input, float mean, float deviation, float* output) {
  const float scale = 1.0f / (255.0f * deviation), offset = -mean / deviation;
  for (std::size_t i = 0; i < count; ++i) output[i] = static_cast<float>(input[i]) * scale + offset;
}

void augment(const AugmentOptions& options, const AugmentKey& key, int size, const std::uint8_t* input, float mean,
             float deviation, float* output) {
  const std::size_t count = std::size_t{3} * static_cast<std::size_t>(size) * static_cast<std::size_t>(size);
  if (!options.enabled) return normalise(count, input, mean, deviation, output);
  const Draw drawn = draw(options, key);
  const AffineMap map = affine_map(drawn, size);
  if (map.is_identity() && drawn.contrast == 1.0f && drawn.brightness == 0.0f) {
    return normalise(count, input, mean, deviation, output);
  }
  const ColourMap colour = colour_map(drawn, mean_value(count, input), mean, deviation);
  // The centre of the picture is at (size - 1) / 2: positions from it are counted in half pixels.
  const std::int64_t edge = size - 1;
  for (int y = 0; y < size; ++y, output += std::ptrdiff_t{3} * size) {
    const std::int64_t from_centre = 2 * y - edge;
    const std::int64_t start_x = (-edge * map.xx + from_centre * map.xy + edge * kOne) / 2 + map.shift_x;
    const std::int64_t start_y = (-edge * map.yx + from_centre * map.yy + edge * kOne) / 2 + map.shift_y;
    map_row(map, colour, size, input, static_cast<std::int32_t>(start_x), static_cast<std::int32_t>(start_y), output);
  }
}

}  // namespace sortlab
