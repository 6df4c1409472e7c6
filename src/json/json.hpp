// JSON text of any origin to a tree, and single values back to text. nlohmann/json does both, in this one file: each of
// its templates that a file uses costs kilobytes of the download again.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace sortlab {

/// One value. The members of an object keep their order and carry their keys.
struct Json {
  enum class Kind : std::uint8_t { kNull, kBoolean, kWhole, kNumber, kString, kArray, kObject };
  Kind kind = Kind::kNull;
  double number = 0;        // kWhole (written without fraction or exponent, within 64 bits), kNumber; kBoolean: 0 or 1
  std::string text;         // kString
  std::string key;          // of a member of an object
  std::vector<Json> items;  // kArray, kObject

  bool is_string() const { return kind == Kind::kString; }
  bool is_string(std::string_view value) const { return is_string() && text == value; }
  bool is_whole() const { return kind == Kind::kWhole; }
  bool is_number() const { return kind == Kind::kWhole || kind == Kind::kNumber; }
  bool is_array() const { return kind == Kind::kArray; }
  bool is_object() const { return kind == Kind::kObject; }
  /// The member of that key; nullptr where there is none, or no object.
  const Json* find(std::string_view key) const;
};

/// Nothing unless `text` is one JSON value, valid UTF-8, of at most `max_depth` nested objects and arrays and 2^18
/// values, with no key twice in one object.
std::optional<Json> parse_json(std::string_view text, int max_depth);

/// In quotes; what is not UTF-8 becomes U+FFFD.
std::string json_text(std::string_view text);
/// The shortest digits that are read back as `number`.
std::string json_text(double number);
std::string json_text(std::span<const std::string> list);

/// Writes one object, a member after the other; `value` is JSON text.
class JsonObjectWriter {
 public:
  void add(std::string_view key, std::string_view value);
  std::string finish() { return text_ + "}"; }

 private:
  std::string text_ = "{";
};

}  // namespace sortlab
