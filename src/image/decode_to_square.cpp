#include "image/decode_to_square.hpp"

#include <vector>

#include "image/decode_stored.hpp"
#include "image/orientation.hpp"
#include "image/resize_region.hpp"

namespace sortlab {

Result<ImageInfo> decode_to_square(std::span<const std::uint8_t> bytes, const DecodeOptions& options,
                                   const Preprocessing& preprocessing, std::uint8_t* output) {
  SORTLAB_RETURN_IF_ERROR(check_preprocessing(preprocessing));
  Result<StoredImage> stored = decode_stored(bytes, options);
  if (!stored.ok()) return stored.status();
  const Image& image = stored->image;
  const int orientation = stored->orientation;
  // The crop is defined in the upright picture; these are its sides as stored.
  const bool transposes = orientation_transposes(orientation);
  const bool mirror_x = transposes ? orientation_mirrors_y(orientation) : orientation_mirrors_x(orientation);
  const bool mirror_y = transposes ? orientation_mirrors_x(orientation) : orientation_mirrors_y(orientation);
  const Region region = region_for(image.width, image.height, preprocessing.fit == Fit::kCrop, mirror_x, mirror_y);
  const int size = preprocessing.size;
  ImageInfo info;
  info.width = image.width;
  info.height = image.height;
  info.orientation = orientation;
  info.format = bytes[0] == 0xFF ? ImageInfo::Format::kJpeg : ImageInfo::Format::kPng;
  if (orientation == 1) {
    resize_region(image.width, 3, image.pixels.data(), region, size, output);
    return info;
  }
  std::vector<std::uint8_t> square(std::size_t{3} * static_cast<std::size_t>(size) * static_cast<std::size_t>(size));
  resize_region(image.width, 3, image.pixels.data(), region, size, square.data());
  turn_upright(size, size, square.data(), orientation, output);
  return info;
}

}  // namespace sortlab
