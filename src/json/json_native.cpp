// JSON by nlohmann/json, for native builds: this is the only file that includes it.
#include <charconv>
#include <cmath>
#include <nlohmann/json.hpp>
#include <set>
#include <utility>

#include "json/json.hpp"
#include "json/json_limits.hpp"

namespace sortlab {

namespace {

/// What the parser meets, put into the tree; false stops it. Depth is bounded here: the parser itself does not recurse,
/// but destroying the tree does.
class TreeBuilder final : public nlohmann::json_sax<nlohmann::json> {
 public:
  explicit TreeBuilder(int max_depth) : max_depth_(max_depth) {}
  Json take() { return std::move(root_); }

  bool null() override { return add(Json::Kind::kNull); }
  bool boolean(bool value) override { return add(Json::Kind::kBoolean, value ? 1 : 0); }
  bool number_integer(std::int64_t value) override { return add(Json::Kind::kNumber, static_cast<double>(value)); }
  bool number_unsigned(std::uint64_t value) override { return add(Json::Kind::kNumber, static_cast<double>(value)); }
  bool number_float(double value, const std::string&) override {
    return add(Json::Kind::kNumber, value + 0.0);  // makes 0 of -0
  }
  bool string(std::string& value) override { return add(Json::Kind::kString, 0, std::move(value)); }
  bool binary(nlohmann::json::binary_t&) override { return false; }
  bool start_object(std::size_t) override { return open(Json::Kind::kObject); }
  bool start_array(std::size_t) override { return open(Json::Kind::kArray); }
  bool end_array() override { return close(); }
  bool end_object() override {
    std::set<std::string_view> keys;
    for (const Json& item : open_.back().items) {
      if (!keys.insert(item.key).second) return false;
    }
    return close();
  }
  bool key(std::string& name) override {
    key_ = std::move(name);
    return true;
  }
  bool parse_error(std::size_t, const std::string&, const nlohmann::detail::exception&) override { return false; }

 private:
  bool add(Json::Kind kind, double number = 0, std::string text = {}) {
    return place({kind, number, std::move(text), std::exchange(key_, {}), {}});
  }
  bool place(Json value) {
    if (open_.empty()) {
      root_ = std::move(value);
    } else {
      open_.back().items.push_back(std::move(value));
    }
    return ++values_ <= kMaxJsonValues;
  }
  bool open(Json::Kind kind) {
    open_.push_back({kind, 0, {}, std::exchange(key_, {}), {}});
    return static_cast<int>(open_.size()) <= max_depth_;
  }
  bool close() {
    Json value = std::move(open_.back());
    open_.pop_back();
    return place(std::move(value));
  }

  int max_depth_;
  int values_ = 0;
  Json root_;
  std::vector<Json> open_;
  std::string key_;
};

/// Number::toString of ECMA-262 from shortest digits and the place of the point among them.
std::string lay_out(std::string digits, int point) {
  const int count = static_cast<int>(digits.size());
  if (point > 21 || point <= -6) {
    if (count > 1) digits.insert(1, ".");
    return digits + (point > 0 ? "e+" : "e-") + std::to_string(std::abs(point - 1));
  }
  if (point <= 0) return "0." + std::string(static_cast<std::size_t>(-point), '0') + digits;
  if (point >= count) return digits + std::string(static_cast<std::size_t>(point - count), '0');
  return digits.insert(static_cast<std::size_t>(point), ".");
}

}  // namespace

std::optional<Json> parse_json(std::string_view text, int max_depth) {
  if (text.find('\0') != std::string_view::npos) return std::nullopt;  // the parser would take it for the end
  TreeBuilder builder(max_depth);
  if (!nlohmann::json::sax_parse(text.data(), text.data() + text.size(), &builder)) return std::nullopt;
  return builder.take();
}

std::string json_text(std::string_view text) {
  return nlohmann::json(text).dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

std::string json_text(double number) {
  if (!std::isfinite(number)) return "null";
  if (number == 0) return "0";
  char buffer[32];
  const char* const end =
      std::to_chars(buffer, buffer + sizeof(buffer), std::abs(number), std::chars_format::scientific).ptr;
  const std::string_view written(buffer, static_cast<std::size_t>(end - buffer));  // d.ddde+xx
  const std::size_t exponent_at = written.find('e') + 1;
  std::string digits(written.substr(0, exponent_at - 1));
  if (digits.size() > 1) digits.erase(1, 1);
  int exponent = 0;
  std::from_chars(buffer + exponent_at + 1, end, exponent);
  if (written[exponent_at] == '-') exponent = -exponent;
  return (number < 0 ? "-" : "") + lay_out(std::move(digits), exponent + 1);
}

}  // namespace sortlab
