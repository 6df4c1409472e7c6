#include "image/resize.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <limits>
#include <vector>

#include "image/resize_region.hpp"

namespace sortlab {

namespace {

constexpr int kMaxSize = 1024;
constexpr int kMaxSourceSide = 1 << 17;

/// How one axis maps `source` pixels to `size` pixels, as whole numbers: output i is the sum of weight * pixel over
/// [first, first + count), divided by `total`. Shrinking counts in units of 1/size of a pixel (so each output covers
/// exactly `source` units); growing weighs two neighbours in units of 1/(2 size). Nothing is rounded before the end.
struct Axis {
  struct Span {
    int first, count;
    std::size_t weights;  // index of the first weight
  };
  std::vector<Span> spans;  // one for each output
  std::vector<std::uint32_t> weights;
  std::uint64_t total = 0;
};

[[clang::minsize]] Axis area_axis(int source, int size) {
  Axis axis;
  axis.total = static_cast<std::uint64_t>(source);
  for (std::int64_t i = 0; i < size; ++i) {
    const std::int64_t begin = i * source, end = begin + source;  // units of 1/size pixel
    const std::int64_t first = begin / size, last = (end - 1) / size;
    axis.spans.push_back({static_cast<int>(first), static_cast<int>(last - first + 1), axis.weights.size()});
    for (std::int64_t pixel = first; pixel <= last; ++pixel) {
      const std::int64_t overlap = std::min(end, (pixel + 1) * size) - std::max(begin, pixel * size);
      axis.weights.push_back(static_cast<std::uint32_t>(overlap));
    }
  }
  return axis;
}

[[clang::minsize]] Axis bilinear_axis(int source, int size) {
  Axis axis;
  const std::int64_t unit = 2 * static_cast<std::int64_t>(size);
  axis.total = static_cast<std::uint64_t>(unit);
  for (std::int64_t i = 0; i < size; ++i) {
    // Half-pixel centres: (i + 1/2) * source / size - 1/2, times `unit`; clamped to the outermost centres.
    const std::int64_t centre = std::clamp<std::int64_t>((2 * i + 1) * source - size, 0, (source - 1) * unit);
    const std::int64_t first = centre / unit, right = centre % unit;
    axis.spans.push_back({static_cast<int>(first), right == 0 ? 1 : 2, axis.weights.size()});
    axis.weights.push_back(static_cast<std::uint32_t>(unit - right));
    if (right != 0) axis.weights.push_back(static_cast<std::uint32_t>(right));
  }
  return axis;
}

// Once a picture and axis: small, not fast.
[[clang::minsize]] Axis make_axis(int source, int size) {
  return source >= size ? area_axis(source, size) : bilinear_axis(source, size);
}

void add_row(std::size_t count, std::uint32_t weight, const std::uint8_t* row, std::uint32_t* sums) {
  for (std::size_t i = 0; i < count; ++i) sums[i] += weight * row[i];
}

/// RGBA over white, where the row has anything transparent; gives the row to use.
const std::uint8_t* opaque_row(int width, const std::uint8_t* row, std::vector<std::uint8_t>& scratch) {
  const std::size_t bytes = std::size_t{4} * static_cast<std::size_t>(width);
  unsigned all = 255;
  for (std::size_t i = 3; i < bytes; i += 4) all &= row[i];
  if (all == 255) return row;
  scratch.resize(bytes);
  for (std::size_t i = 0; i < bytes; i += 4) {
    const unsigned alpha = row[i + 3];
    for (std::size_t c = 0; c < 3; ++c) {
      scratch[i + c] = static_cast<std::uint8_t>((row[i + c] * alpha + 255 * (255 - alpha) + 127) / 255);
    }
  }
  return scratch.data();
}

/// sums: (width, channels), each the weighted sum of a column; output: one row of size x 3.
void finish_row(const Axis& across, int channels, std::uint64_t total, const std::uint32_t* sums,
                std::uint8_t* output) {
  for (const Axis::Span& span : across.spans) {
    const std::uint32_t* column = sums + static_cast<std::ptrdiff_t>(span.first) * channels;
    const std::uint32_t* weight = across.weights.data() + span.weights;
    std::uint64_t red = 0, green = 0, blue = 0;
    for (int k = 0; k < span.count; ++k, column += channels) {
      red += std::uint64_t{weight[k]} * column[0];
      green += std::uint64_t{weight[k]} * column[1];
      blue += std::uint64_t{weight[k]} * column[2];
    }
    output[0] = static_cast<std::uint8_t>((red + total / 2) / total);
    output[1] = static_cast<std::uint8_t>((green + total / 2) / total);
    output[2] = static_cast<std::uint8_t>((blue + total / 2) / total);
    output += 3;
  }
}

}  // namespace

Region region_for(int width, int height, bool crop, bool mirror_x, bool mirror_y) {
  if (!crop) return {0, 0, width, height};
  const int side = std::min(width, height);
  const int rest_x = width - side, rest_y = height - side;
  return {mirror_x ? rest_x - rest_x / 2 : rest_x / 2, mirror_y ? rest_y - rest_y / 2 : rest_y / 2, side, side};
}

// Rows first: whole source rows are added into one row of sums, which stays in cache and is read in order; then each
// row of sums is reduced to `size` pixels. Sums: 255 * (2 * size or source height) < 2^32.
void resize_region(int width, int channels, const std::uint8_t* pixels, const Region& region, int size,
                   std::uint8_t* output) {
  const Axis across = make_axis(region.width, size), down = make_axis(region.height, size);
  const std::uint64_t total = across.total * down.total;
  const std::size_t row_values = static_cast<std::size_t>(region.width) * static_cast<std::size_t>(channels);
  const std::ptrdiff_t stride = static_cast<std::ptrdiff_t>(width) * channels;
  const std::uint8_t* corner = pixels + region.y * stride + static_cast<std::ptrdiff_t>(region.x) * channels;
  std::vector<std::uint32_t> sums(row_values);
  std::vector<std::uint8_t> scratch;
  for (const Axis::Span& span : down.spans) {
    std::fill(sums.begin(), sums.end(), 0u);
    for (int k = 0; k < span.count; ++k) {
      const std::uint8_t* row = corner + (span.first + k) * stride;
      if (channels == 4) row = opaque_row(region.width, row, scratch);
      add_row(row_values, down.weights[span.weights + static_cast<std::size_t>(k)], row, sums.data());
    }
    finish_row(across, channels, total, sums.data(), output);
    output += std::ptrdiff_t{3} * size;
  }
}

Status check_preprocessing(const Preprocessing& preprocessing) {
  if (preprocessing.size < 1 || preprocessing.size > kMaxSize) {
    return {StatusCode::kInvalidArgument, "The image size must lie between 1 and 1,024 pixels."};
  }
  if (preprocessing.fit != Fit::kCrop && preprocessing.fit != Fit::kSqueeze) {
    return {StatusCode::kInvalidArgument, "The fit must be crop or squeeze."};
  }
  if (!std::isfinite(preprocessing.mean) || !std::isfinite(preprocessing.deviation) ||
      preprocessing.deviation <= 0.0f) {
    return {StatusCode::kInvalidArgument, "The mean must be a number and the deviation a number above 0."};
  }
  return {};
}

Status resize_to_square(int width, int height, int channels, const std::uint8_t* pixels,
                        const Preprocessing& preprocessing, std::uint8_t* output) {
  SORTLAB_RETURN_IF_ERROR(check_preprocessing(preprocessing));
  if (width < 1 || height < 1 || width > kMaxSourceSide || height > kMaxSourceSide) {
    return {StatusCode::kInvalidArgument, "The sides of a picture must lie between 1 and 131,072 pixels."};
  }
  if (channels != 3 && channels != 4) return {StatusCode::kInvalidArgument, "A picture must have 3 or 4 channels."};
  if (pixels == nullptr || output == nullptr) return {StatusCode::kInvalidArgument, "The picture has no pixels."};
  resize_region(width, channels, pixels, region_for(width, height, preprocessing.fit == Fit::kCrop), preprocessing.size,
                output);
  return {};
}

}  // namespace sortlab
