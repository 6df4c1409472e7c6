// Between C++ values and JavaScript's: copies only, so that no view of the heap outlives a call.
#pragma once

#include <emscripten/bind.h>
#include <emscripten/val.h>

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "base/status.hpp"

namespace sortlab::wasm {

// One kind of value for all: Embind makes a caller and a table of types for every other one.
inline void push(const emscripten::val& array, const emscripten::val& item) { array.call<void>("push", item); }
inline void set(emscripten::val& object, const char* key, const emscripten::val& value) { object.set(key, value); }

inline emscripten::val construct(const char* type, const emscripten::val& argument) {
  return emscripten::val::global(type).new_(argument);
}

/// An Error with `code` and `subject`. Given back rather than thrown: an exception must not cross C++ frames.
inline emscripten::val to_error(const Status& status) {
  emscripten::val error = construct("Error", emscripten::val(status.message()));
  set(error, "code", emscripten::val(status_code_name(status.code())));
  set(error, "subject", emscripten::val(status.subject()));
  return error;
}
inline emscripten::val to_result(const Status& status) {
  return status.ok() ? emscripten::val::undefined() : to_error(status);
}

template <typename T>
std::vector<T> from_typed_array(const emscripten::val& array) {
  std::vector<T> values(array["length"].as<std::size_t>());
  if (!values.empty())
    emscripten::val(emscripten::typed_memory_view(values.size(), values.data())).call<void>("set", array);
  return values;
}

template <typename T>
emscripten::val to_typed_array(const char* type, std::span<const T> values) {
  return construct(type, emscripten::val(emscripten::typed_memory_view(values.size(), values.data())));
}
inline emscripten::val to_bytes(std::span<const std::uint8_t> values) { return to_typed_array("Uint8Array", values); }
inline emscripten::val to_floats(std::span<const float> values) { return to_typed_array("Float32Array", values); }

inline emscripten::val parse_json(const std::string& text) {
  return emscripten::val::global("JSON").call<emscripten::val>("parse", text);
}

inline emscripten::val to_array(const std::vector<std::string>& values) {
  emscripten::val array = emscripten::val::array();
  for (const std::string& value : values) push(array, emscripten::val(value));
  return array;
}
inline std::vector<std::string> to_strings(const emscripten::val& array) {
  return emscripten::vecFromJSArray<std::string>(array);
}

/// Whether a picture of that shape, RGB or RGBA, has that many bytes.
inline bool fits(int width, int height, int channels, std::size_t bytes) {
  return width >= 1 && height >= 1 && (channels == 3 || channels == 4) &&
         static_cast<std::uint64_t>(width) * static_cast<std::uint64_t>(height) *
                 static_cast<std::uint64_t>(channels) ==
             bytes;
}

/// 16 hexadecimal digits; '' is 0, "unknown".
inline std::string hash_to_text(std::uint64_t hash) {
  std::string text(16, '0');
  for (std::size_t i = text.size(); i-- > 0; hash >>= 4) text[i] = "0123456789abcdef"[hash & 15];
  return text;
}
inline std::uint64_t hash_from_text(const std::string& text) {
  std::uint64_t hash = 0;
  for (char c : text) {
    const int digit = c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
    if (digit < 0) return 0;
    hash = hash << 4 | static_cast<std::uint64_t>(digit);
  }
  return hash;
}

}  // namespace sortlab::wasm
