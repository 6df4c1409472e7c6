// The names that JavaScript has for how a picture is fitted to a square.
#pragma once

#include <optional>
#include <string>

#include "image/resize.hpp"

namespace sortlab::wasm {

inline std::optional<Fit> fit_from_name(const std::string& name) {
  if (name == "crop") return Fit::kCrop;
  if (name == "squeeze") return Fit::kSqueeze;
  return std::nullopt;
}
inline const char* fit_name(Fit fit) { return fit == Fit::kCrop ? "crop" : "squeeze"; }

}  // namespace sortlab::wasm
