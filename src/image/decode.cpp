#include "image/decode.hpp"

#include <algorithm>
#include <limits>
#include <string>
#include <utility>

#include "base/can_allocate.hpp"
#include "image/decode_arena.hpp"
#include "image/decode_stored.hpp"
#include "image/file_kind.hpp"
#include "image/jpeg_structure.hpp"
#include "image/orientation.hpp"
#include "image/png_structure.hpp"
#include "image/stb_decoder.hpp"

namespace sortlab {

namespace {

constexpr std::size_t kSlack = std::size_t{64} << 10;  // tables and line buffers of the decoder

/// 20000 -> "20,000".
std::string grouped(int value) {
  std::string digits = std::to_string(value);
  for (std::size_t i = digits.size(); i > 3; i -= 3) digits.insert(i - 3, ",");
  return digits;
}

Status too_large(const ImageInfo& info) {
  return {StatusCode::kTooLarge, "A picture of " + grouped(info.width) + " x " + grouped(info.height) +
                                     " pixels is too large for this device; make it smaller first."};
}
Status ends_early() {
  return {StatusCode::kTruncated, "The photo ends too early, as after an interrupted copy; copy it again."};
}
Status damaged() { return {StatusCode::kInvalidData, "The picture is damaged and cannot be decoded; copy it again."}; }

struct Inspection {
  ImageInfo info;
  std::size_t decode_bytes = 0;  // beside the finished picture
  std::size_t max_growth = 0;
  std::size_t blocks = 0;  // JPEG
};

std::size_t picture_bytes(const ImageInfo& info) {
  return std::size_t{3} * static_cast<std::size_t>(info.width) * static_cast<std::size_t>(info.height);
}

Result<Inspection> inspect(std::span<const std::uint8_t> bytes, const DecodeOptions& options) {
  Inspection found;
  ImageInfo& info = found.info;
  if (bytes.size() > static_cast<std::size_t>(std::numeric_limits<int>::max())) {
    return Status(StatusCode::kTooLarge, "The file is larger than any photo; it cannot be read here.");
  }
  const FileKind kind = file_kind(bytes);
  if (kind == FileKind::kJpeg) {
    Result<JpegStructure> jpeg = walk_jpeg(bytes, options.max_scans);
    if (!jpeg.ok()) return jpeg.status();
    info = {ImageInfo::Format::kJpeg, jpeg->width, jpeg->height, jpeg->orientation};
    found.decode_bytes = jpeg->plane_bytes + kSlack;
    found.blocks = jpeg->blocks;
  } else if (kind == FileKind::kPng) {
    Result<PngStructure> png = walk_png(bytes);
    if (!png.ok()) return png.status();
    info = {ImageInfo::Format::kPng, static_cast<int>(png->width), static_cast<int>(png->height), png->orientation};
    found.decode_bytes = png->decode_bytes;
    found.max_growth = std::max(2 * bytes.size(), 2 * png->inflated_bytes) + kSlack;
  } else {
    return Status(kind == FileKind::kEmpty ? StatusCode::kTruncated : StatusCode::kUnsupported,
                  unsupported_message(kind));
  }
  // Sides first: their product must not overflow before it is compared.
  constexpr int kMaxSide = 1 << 17;  // as resize_to_square
  if (info.width > kMaxSide || info.height > kMaxSide) return too_large(info);
  const std::uint64_t needed =
      std::uint64_t{3} * static_cast<std::uint64_t>(info.width) * static_cast<std::uint64_t>(info.height);
  if (needed > options.arena_bytes || found.decode_bytes > options.arena_bytes) return too_large(info);
  if (info.format == ImageInfo::Format::kJpeg && needed + found.decode_bytes > options.arena_bytes)
    return too_large(info);
  return found;
}

/// 1, 2 or 4 channels to RGB; alpha is laid over white.
void to_rgb(const StbImage& source, std::uint8_t* output) {
  const std::size_t pixels = static_cast<std::size_t>(source.width) * static_cast<std::size_t>(source.height);
  const auto over_white = [](unsigned value, unsigned alpha) {
    return static_cast<std::uint8_t>((value * alpha + 255 * (255 - alpha) + 127) / 255);
  };
  const std::uint8_t* from = source.pixels;
  const int channels = source.channels;
  const bool alpha = channels == 2 || channels == 4, grey = channels < 3;
  for (std::size_t i = 0; i < pixels; ++i, from += channels, output += 3) {
    const unsigned opacity = alpha ? from[channels - 1] : 255u;
    for (int c = 0; c < 3; ++c) output[c] = over_white(from[grey ? 0 : c], opacity);
  }
}

}  // namespace

Result<ImageInfo> inspect_image(std::span<const std::uint8_t> bytes, const DecodeOptions& options) {
  Result<Inspection> found = inspect(bytes, options);
  if (!found.ok()) return found.status();
  return found->info;
}

Result<StoredImage> decode_stored(std::span<const std::uint8_t> bytes, const DecodeOptions& options) {
  Result<Inspection> found = inspect(bytes, options);
  if (!found.ok()) return found.status();
  const ImageInfo& info = found->info;
  const std::size_t rgb_bytes = picture_bytes(info);
  if (!can_allocate(rgb_bytes + 1)) return too_large(info);
  StoredImage stored{{info.width, info.height, std::vector<std::uint8_t>(rgb_bytes + 1)}, info.orientation};
  std::vector<std::uint8_t>& pixels = stored.image.pixels;

  DecodeArena arena(options.arena_bytes - rgb_bytes, found->max_growth);
  const bool jpeg = info.format == ImageInfo::Format::kJpeg;
  if (jpeg) arena.lend(pixels);
  const StbImage decoded = jpeg ? stb_decode_jpeg(bytes) : stb_decode_png(bytes);
  if (arena.outgrown()) {
    return Status(StatusCode::kInvalidData,
                  "The picture is damaged: it unpacks to far more than its size allows; copy it again.");
  }
  if (arena.exhausted()) return too_large(info);
  if (decoded.pixels == nullptr || decoded.width != info.width || decoded.height != info.height) return damaged();
  if (jpeg && (decoded.ended_early || decoded.blocks < found->blocks)) return ends_early();
  if (decoded.pixels != pixels.data()) {
    if (decoded.channels == 3) {
      std::copy_n(decoded.pixels, rgb_bytes, pixels.begin());
    } else {
      to_rgb(decoded, pixels.data());
    }
  }
  pixels.resize(rgb_bytes);
  return stored;
}

Result<Image> decode_image(std::span<const std::uint8_t> bytes, const DecodeOptions& options) {
  Result<StoredImage> stored = decode_stored(bytes, options);
  if (!stored.ok()) return stored.status();
  Image& image = stored->image;
  if (stored->orientation == 1) return std::move(image);
  if (2 * image.pixels.size() > options.arena_bytes || !can_allocate(image.pixels.size())) {
    return too_large({ImageInfo::Format::kJpeg, image.width, image.height, 1});
  }
  Image upright{image.width, image.height, std::vector<std::uint8_t>(image.pixels.size())};
  if (orientation_transposes(stored->orientation)) std::swap(upright.width, upright.height);
  turn_upright(image.width, image.height, image.pixels.data(), stored->orientation, upright.pixels.data());
  return upright;
}

}  // namespace sortlab
