// What the engine_*.cpp files say where something is missing, and the room they ask for before they copy.
#pragma once

#include <emscripten/val.h>

#include <cstddef>

#include "base/status.hpp"

namespace sortlab::wasm {

/// For what a question takes besides its data: texts, lists, answers.
inline constexpr std::size_t kReserve = std::size_t{1} << 18, kBytesPerPhoto = 32;

inline Status no_dataset() { return {StatusCode::kInvalidArgument, "There are no photos yet; open a data set first."}; }
inline Status no_model() {
  return {StatusCode::kInvalidArgument, "There is no model yet; train one or open one first."};
}
inline Status no_room() {
  return {StatusCode::kOutOfMemory, "There is not enough memory for this; use smaller pictures or a smaller model."};
}

inline std::size_t length_of(const emscripten::val& typed_array) { return typed_array["length"].as<std::size_t>(); }

}  // namespace sortlab::wasm
