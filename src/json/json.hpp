// JSON text of any origin to a tree, and single values back to text. Libraries do both: in WebAssembly the JavaScript
// engine (json_browser), natively nlohmann/json (json_native). They accept the same texts, make the same trees and
// write the same bytes.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace sortlab {

/// One value. The members of an object keep the order of the text and carry their keys.
struct Json {
  enum class Kind : std::uint8_t { kNull, kBoolean, kNumber, kString, kArray, kObject };
  Kind kind = Kind::kNull;
  double number = 0;        // kNumber, finite and never -0; kBoolean: 0 or 1
  std::string text;         // kString
  std::string key;          // of a member of an object
  std::vector<Json> items;  // kArray, kObject

  bool is_string() const { return kind == Kind::kString; }
  bool is_string(std::string_view value) const { return is_string() && text == value; }
  bool is_number() const { return kind == Kind::kNumber; }
  /// A number without fraction, however it is written (1, 1.0 and 1e0, as JSON Schema's "integer"), of a magnitude up
  /// to 2^53: it fits a 64-bit integer.
  bool is_whole() const;
  bool is_array() const { return kind == Kind::kArray; }
  bool is_object() const { return kind == Kind::kObject; }
  /// The member of that key; nullptr where there is none, or no object.
  const Json* find(std::string_view key) const;
};

/// Nothing unless `text` is one JSON value (RFC 8259), valid UTF-8 with or without a byte order mark, of at most
/// `max_depth` nested objects and arrays and 2^18 values, with no key twice in one object, no number beyond a double,
/// and no surrogate without its other half.
std::optional<Json> parse_json(std::string_view text, int max_depth);

/// In quotes; what is not UTF-8 becomes U+FFFD.
std::string json_text(std::string_view text);
/// The shortest digits that are read back as `number`, laid out as ECMAScript does; "null" where it is not finite.
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
