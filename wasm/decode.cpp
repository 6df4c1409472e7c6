// The decode module: untrusted bytes to RGB at training size. It runs in workers of its own and holds nothing else.
#include "image/decode.hpp"

#include "base/fnv1a64.hpp"
#include "conversions.hpp"
#include "fit_names.hpp"
#include "image/decode_to_square.hpp"
#include "image/resize.hpp"

namespace sortlab::wasm {
namespace {

DecodeOptions decode_options;

using emscripten::val;
EMSCRIPTEN_DECLARE_VAL_TYPE(Bytes)
EMSCRIPTEN_DECLARE_VAL_TYPE(FitName)
EMSCRIPTEN_DECLARE_VAL_TYPE(FallibleBytes)
EMSCRIPTEN_DECLARE_VAL_TYPE(FallibleInfo)

Result<Preprocessing> to_preprocessing(int size, const val& fit_text) {
  const std::optional<Fit> fit = fit_from_name(fit_text.as<std::string>());
  if (!fit) return Status(StatusCode::kInvalidArgument, "The fit must be crop or squeeze.");
  Preprocessing preprocessing;
  preprocessing.size = size;
  preprocessing.fit = *fit;
  SORTLAB_RETURN_IF_ERROR(check_preprocessing(preprocessing));
  return preprocessing;
}

std::vector<std::uint8_t> square_of(const Preprocessing& preprocessing) {
  const std::size_t size = static_cast<std::size_t>(preprocessing.size);
  return std::vector<std::uint8_t>(size * size * 3);
}

FallibleBytes decode(const Bytes& bytes, int size, const FitName& fit) {
  const Result<Preprocessing> preprocessing = to_preprocessing(size, fit);
  if (!preprocessing.ok()) return FallibleBytes(to_error(preprocessing.status()));
  const std::vector<std::uint8_t> file = from_typed_array<std::uint8_t>(bytes);
  std::vector<std::uint8_t> square = square_of(*preprocessing);
  const Result<ImageInfo> info = decode_to_square(file, decode_options, *preprocessing, square.data());
  return FallibleBytes(info.ok() ? to_bytes(square) : to_error(info.status()));
}

FallibleBytes resize(const Bytes& pixels, int width, int height, int channels, int size, const FitName& fit) {
  const Result<Preprocessing> preprocessing = to_preprocessing(size, fit);
  if (!preprocessing.ok()) return FallibleBytes(to_error(preprocessing.status()));
  const std::vector<std::uint8_t> source = from_typed_array<std::uint8_t>(pixels);
  if (!fits(width, height, channels, source.size())) {
    return FallibleBytes(to_error({StatusCode::kInvalidArgument, "The picture's size does not fit its bytes."}));
  }
  std::vector<std::uint8_t> square = square_of(*preprocessing);
  const Status status = resize_to_square(width, height, channels, source.data(), *preprocessing, square.data());
  return FallibleBytes(status.ok() ? to_bytes(square) : to_error(status));
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
  emscripten::function("decodeToSquare", &decode);
  emscripten::function("resizeToSquare", &resize);
  emscripten::function("inspectImage", &inspect);
  emscripten::function("hash", &hash);
  emscripten::function("setArenaBytes", &set_arena_bytes);
}

}  // namespace sortlab::wasm
