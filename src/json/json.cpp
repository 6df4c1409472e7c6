#include "json/json.hpp"

#include <nlohmann/json.hpp>
#include <set>
#include <utility>

namespace sortlab {

namespace {

constexpr int kMaxValues = 1 << 18;

/// What the parser meets, put into the tree; false stops it. Depth is bounded here: the parser itself does not recurse,
/// but destroying the tree does.
class TreeBuilder final : public nlohmann::json_sax<nlohmann::json> {
 public:
  explicit TreeBuilder(int max_depth) : max_depth_(max_depth) {}
  Json take() { return std::move(root_); }

  bool null() override { return add(Json::Kind::kNull); }
  bool boolean(bool value) override { return add(Json::Kind::kBoolean, value ? 1 : 0); }
  bool number_integer(std::int64_t value) override { return add(Json::Kind::kWhole, static_cast<double>(value)); }
  bool number_unsigned(std::uint64_t value) override { return add(Json::Kind::kWhole, static_cast<double>(value)); }
  bool number_float(double value, const std::string&) override { return add(Json::Kind::kNumber, value); }
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
    return ++values_ <= kMaxValues;
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

std::string dump(const nlohmann::json& value) {
  return value.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

}  // namespace

const Json* Json::find(std::string_view name) const {
  if (!is_object()) return nullptr;
  for (const Json& item : items) {
    if (item.key == name) return &item;
  }
  return nullptr;
}

std::optional<Json> parse_json(std::string_view text, int max_depth) {
  TreeBuilder builder(max_depth);
  if (!nlohmann::json::sax_parse(text.data(), text.data() + text.size(), &builder)) return std::nullopt;
  return builder.take();
}

std::string json_text(std::string_view text) { return dump(std::string(text)); }
std::string json_text(double number) { return dump(number); }
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
