// The decode module: untrusted bytes to RGB at training size. It runs in workers of its own and holds nothing else.
#include "image/decode.hpp"

#include "conversions.hpp"
#include "data/dataset.hpp"
#include "image/resize.hpp"

namespace sortlab::wasm {
namespace {

DecodeOptions decode_options;

using emscripten::val;
EMSCRIPTEN_DECLARE_VAL_TYPE(Bytes)
EMSCRIPTEN_DECLARE_VAL_TYPE(FitName)
EMSCRIPTEN_DECLARE_VAL_TYPE(FallibleBytes)
EMSCRIPTEN_DECLARE_VAL_TYPE(FallibleInfo)

val square(int width, int height, int channels, const std::uint8_t* pixels, int size, const val& fit_text) {
  const std::optional<Fit> fit = fit_from_name(fit_text.as<std::string>());
  if (!fit) return to_error({StatusCode::kInvalidArgument, "The fit must be crop or squeeze."});
  if (size < 8 || size > 1024)
    return to_error({StatusCode::kInvalidArgument, "The picture size must be 8 to 1024 pixels."});
  Preprocessing preprocessing;
  preprocessing.size = size;
  preprocessing.fit = *fit;
  std::vector<std::uint8_t> output(static_cast<std::size_t>(size) * static_cast<std::size_t>(size) * 3);
  const Status status = resize_to_square(width, height, channels, pixels, preprocessing, output.data());
  return status.ok() ? to_bytes(output) : to_error(status);
}

FallibleBytes decode_to_square(const Bytes& bytes, int size, const FitName& fit) {
  const std::vector<std::uint8_t> file = from_typed_array<std::uint8_t>(bytes);
  const Result<Image> image = decode_image(file, decode_options);
  if (!image.ok()) return FallibleBytes(to_error(image.status()));
  return FallibleBytes(square(image->width, image->height, 3, image->pixels.data(), size, fit));
}

FallibleBytes resize(const Bytes& pixels, int width, int height, int channels, int size, const FitName& fit) {
  const std::vector<std::uint8_t> source = from_typed_array<std::uint8_t>(pixels);
  if (width < 1 || height < 1 || (channels != 3 && channels != 4) ||
      source.size() !=
          static_cast<std::size_t>(width) * static_cast<std::size_t>(height) * static_cast<std::size_t>(channels)) {
    return FallibleBytes(to_error({StatusCode::kInvalidArgument, "The picture's size does not fit its bytes."}));
  }
  return FallibleBytes(square(width, height, channels, source.data(), size, fit));
}

FallibleInfo inspect(const Bytes& bytes) {
  const std::vector<std::uint8_t> file = from_typed_array<std::uint8_t>(bytes);
  const Result<ImageInfo> info = inspect_image(file, decode_options);
  if (!info.ok()) return FallibleInfo(to_error(info.status()));
  val object = val::object();
  object.set("format", std::string(info->format == ImageInfo::Format::kJpeg ? "jpeg" : "png"));
  object.set("width", info->width);
  object.set("height", info->height);
  object.set("orientation", info->orientation);
  return FallibleInfo(object);
}

std::string hash(const Bytes& bytes) { return hash_to_text(fnv1a64(from_typed_array<std::uint8_t>(bytes))); }
void set_arena_bytes(double bytes) { decode_options.arena_bytes = static_cast<std::size_t>(bytes); }

}  // namespace

EMSCRIPTEN_BINDINGS(sortlab_decode) {
  emscripten::register_type<Bytes>("Uint8Array");
  emscripten::register_type<FitName>("'crop' | 'squeeze'");
  emscripten::register_type<FallibleBytes>("Uint8Array | (Error & { code: string; subject: string })");
  emscripten::register_type<FallibleInfo>(
      "{ format: string; width: number; height: number; orientation: number } | (Error & { code: string; subject: "
      "string })");
  emscripten::function("decodeToSquare", &decode_to_square);
  emscripten::function("resizeToSquare", &resize);
  emscripten::function("inspectImage", &inspect);
  emscripten::function("hash", &hash);
  emscripten::function("setArenaBytes", &set_arena_bytes);
}

}  // namespace sortlab::wasm
