// What does not depend on who parses.
#include "json/json.hpp"

#include <cmath>

namespace sortlab {

bool Json::is_whole() const {
  constexpr double kLargest = 9007199254740992;  // 2^53
  return is_number() && std::abs(number) <= kLargest && std::trunc(number) == number;
}

const Json* Json::find(std::string_view name) const {
  if (!is_object()) return nullptr;
  for (const Json& item : items) {
    if (item.key == name) return &item;
  }
  return nullptr;
}

std::string json_text(std::span<const std::string> list) {
  std::string text;
  for (const std::string& item : list) {
    text += text.empty() ? "[" : ",";
    text += json_text(item);
  }
  return list.empty() ? "[]" : text + "]";
}

void JsonObjectWriter::add(std::string_view key, std::string_view value) {
  if (text_.size() > 1) text_ += ',';
  text_ += json_text(key);
  text_ += ':';
  text_ += value;
}

}  // namespace sortlab
