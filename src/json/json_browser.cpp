// JSON by the JavaScript engine, for WebAssembly: this is the C++ side of json_browser.js.
#include <cstdlib>
#include <memory>

#include "json/json.hpp"
#include "json/json_limits.hpp"

// Each gives a block of malloc's.
extern "C" {
double* sortlab_parse_json(const char* text, std::size_t size, int max_depth, int max_values);
char* sortlab_json_string(const char* text, std::size_t size);
char* sortlab_json_number(double number);
}

namespace sortlab {

namespace {

struct Free {
  void operator()(void* block) const { std::free(block); }
};

/// The block that sortlab_parse_json describes.
class TapeReader {
 public:
  explicit TapeReader(const double* tape)
      : at_(tape + 1), text_(reinterpret_cast<const char*>(at_ + 3 * static_cast<std::size_t>(tape[0]))) {}

  /// As deep as the text, which has been bounded.
  Json read() {
    Json value;
    value.kind = static_cast<Json::Kind>(static_cast<int>(at_[0]));
    const double number = at_[1];
    value.key = take(at_[2]);
    at_ += 3;
    if (value.is_string()) {
      value.text = take(number);
    } else if (value.is_array() || value.is_object()) {
      value.items.reserve(static_cast<std::size_t>(number));
      for (double i = 0; i < number; ++i) value.items.push_back(read());
    } else {
      value.number = number;
    }
    return value;
  }

 private:
  std::string take(double size) {
    const char* const begin = text_;
    text_ += static_cast<std::size_t>(size);
    return {begin, text_};
  }

  const double* at_;
  const char* text_;
};

std::string take_text(char* block) {
  const std::unique_ptr<char, Free> owned(block);
  if (!owned) std::abort();  // out of memory, as in operator new
  return owned.get();
}

}  // namespace

std::optional<Json> parse_json(std::string_view text, int max_depth) {
  const std::unique_ptr<double, Free> tape(sortlab_parse_json(text.data(), text.size(), max_depth, kMaxJsonValues));
  if (!tape) return std::nullopt;
  return TapeReader(tape.get()).read();
}

std::string json_text(std::string_view text) { return take_text(sortlab_json_string(text.data(), text.size())); }
std::string json_text(double number) { return take_text(sortlab_json_number(number)); }

}  // namespace sortlab
