// The example module: the pictures of "Try an example". Apart from the engine, since only who asks for them needs it.
#include "base/fnv1a64.hpp"
#include "conversions.hpp"
#include "example/drawn_example.hpp"

namespace sortlab::wasm {
namespace {

EMSCRIPTEN_DECLARE_VAL_TYPE(Bytes)
EMSCRIPTEN_DECLARE_VAL_TYPE(Strings)
EMSCRIPTEN_DECLARE_VAL_TYPE(FallibleText)

Strings classes() { return Strings(to_array(drawn_example_classes())); }

/// Fills `into`, (size, size, 3), and gives the picture's hash. One buffer for all leaves nothing to a collector.
FallibleText draw(std::uint32_t seed, int label, std::uint32_t index, int size, const Bytes& into) {
  const std::size_t bytes = into["length"].as<std::size_t>();
  if (!fits(size, size, 3, bytes)) {
    return FallibleText(to_error({StatusCode::kInvalidArgument, "The picture's size does not fit its bytes."}));
  }
  std::vector<std::uint8_t> picture(bytes);
  const Status status = draw_example(seed, label, index, size, picture.data());
  if (!status.ok()) return FallibleText(to_error(status));
  into.call<void>("set", emscripten::val(emscripten::typed_memory_view(bytes, picture.data())));
  return FallibleText(emscripten::val(hash_to_text(fnv1a64(picture))));
}

}  // namespace

EMSCRIPTEN_BINDINGS(sortlab_example) {
  emscripten::register_type<Bytes>("Uint8Array");
  emscripten::register_type<Strings>("string[]");
  emscripten::register_type<FallibleText>("string | (Error & { code: string; subject: string })");
  emscripten::function("classes", &classes);
  emscripten::function("draw", &draw);
}

}  // namespace sortlab::wasm
