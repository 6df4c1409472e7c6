// The two parsers against each other: what one makes of many texts is one number, and it is the same natively and in
// WebAssembly: the one that a native build printed.
#include <doctest/doctest.h>

#include <algorithm>
#include <bit>
#include <string>

#include "base/random.hpp"
#include "json/json.hpp"

namespace sortlab {

namespace {

/// FNV-1a over all that a tree holds, or that there is none.
class Digest {
 public:
  void add(const std::optional<Json>& json) {
    add(json ? "tree" : "none");
    if (json) add(*json);
  }
  void add(std::string_view text) {
    for (const char c : text) add(static_cast<unsigned char>(c));
    add(text.size());
  }
  std::uint64_t value() const { return hash_; }

 private:
  void add(std::uint64_t number) { hash_ = (hash_ ^ number) * 0x100000001b3; }
  void add(const Json& json) {
    add(static_cast<std::uint64_t>(json.kind));
    add(std::bit_cast<std::uint64_t>(json.number));
    add(std::uint64_t{json.is_whole()});
    add(json.text);
    add(json.key);
    add(json.items.size());
    for (const Json& item : json.items) add(item);
  }

  std::uint64_t hash_ = 0xcbf29ce484222325;
};

class TextMaker {
 public:
  explicit TextMaker(std::uint32_t number) : random_(1, RandomPurpose::kDrawing, number) {}

  std::string make() {
    std::string text = value(3);
    for (std::uint32_t changes = random_.below(4); changes > 0; --changes) change(text);
    return text;
  }

 private:
  template <std::size_t kCount>
  std::string_view pick(const std::string_view (&choices)[kCount]) {
    return choices[random_.below(kCount)];
  }

  std::string value(int depth) {
    const std::uint32_t kind = random_.below(depth > 0 ? 6 : 3);
    if (kind == 0) return std::string(pick({"null", "true", "false", "0", "-0", "1", "1.0"}));
    if (kind == 1) return number();
    if (kind == 2) return string();
    const bool list = kind == 3;
    std::string text = list ? "[" : "{";
    for (std::uint32_t items = random_.below(5); items > 0; --items) {
      text += space();
      if (!list) {
        text += string();
        text += space();
        text += ':';
      }
      text += space();
      text += value(depth - 1);
      text += space();
      if (items > 1) text += ',';
    }
    return text + (list ? "]" : "}");
  }

  std::string number() {
    std::string text(random_.below(2) == 0 ? "" : "-");
    text += std::to_string(random_.next_u32() >> random_.below(32));
    if (random_.below(4) == 0) text += std::to_string(1000000000 + random_.below(1000000000));
    if (random_.below(2) == 0) text += "." + std::to_string(random_.next_u32());
    if (random_.below(2) == 0) {
      text += pick({"e", "E+", "e-"});
      text += std::to_string(random_.below(random_.below(2) == 0 ? 20 : 330));
    }
    return text;
  }

  std::string string() {
    std::string text = "\"";
    for (std::uint32_t pieces = random_.below(4); pieces > 0; --pieces) {
      text += pick({"a",
                    "b",
                    "7",
                    "10",
                    "__proto__",
                    ":",
                    "{",
                    "}",
                    "[",
                    "]",
                    ",",
                    " ",
                    "\\\"",
                    "\\\\",
                    "\\/",
                    "\\n",
                    "\\u0061",
                    "\\u0000",
                    "\\ud83d\\ude00",
                    "\\ud83d",
                    "\\ude00",
                    "\\u00E9",
                    "\xC3\xA9",
                    "\xE2\x82\xAC",
                    "\xF0\x9F\x98\x80",
                    "\xEF\xBB\xBF",
                    "\x7F",
                    "'",
                    "e1",
                    "-"});
    }
    return text + "\"";
  }

  std::string_view space() { return pick({"", "", "", " ", "\n", "\t\r"}); }

  void change(std::string& text) {
    const std::size_t at = random_.below(static_cast<std::uint32_t>(text.size() + 1));
    const std::size_t count = std::min<std::size_t>(random_.below(3), text.size() - at);
    if (random_.below(2) == 0) {
      text.erase(at, count);
    } else {
      text.replace(at, count,
                   pick({"\"",
                         "\\",
                         ":",
                         ",",
                         "{",
                         "}",
                         "[",
                         "]",
                         " ",
                         "\n",
                         "\v",
                         "\xC2\xA0",
                         "\xEF\xBB\xBF",
                         "0",
                         "1",
                         ".",
                         "e",
                         "-",
                         "u",
                         "\\u",
                         "d8",
                         "\x01",
                         "\x80",
                         "\xC3",
                         "\xED\xA0\x80",
                         "\xF0\x9F",
                         "\xFF",
                         "_",
                         std::string_view("\0", 1),
                         "//",
                         "\"a\":1,",
                         "null"}));
    }
  }

  Random random_;
};

}  // namespace

TEST_CASE("every build makes the same of the same texts") {
  Digest digest;
  int accepted = 0;
  for (std::uint32_t number = 0; number < 100000; ++number) {
    const std::string text = TextMaker(number).make();
    const std::optional<Json> json = parse_json(text, 3);
    accepted += json ? 1 : 0;
    digest.add(json);
    digest.add(json_text(text));
    if (json) digest.add(json_text(json->number));
  }
  CHECK(accepted == 31949);
  CHECK(digest.value() == 15503945856943845003U);
}

}  // namespace sortlab
