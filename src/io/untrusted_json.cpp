#include "io/untrusted_json.hpp"

#include <set>
#include <string>
#include <vector>

namespace sortlab {

namespace {

/// A first pass that builds nothing but the set of keys of each open object; false stops the parser.
class Check : public nlohmann::json_sax<Json> {
 public:
  explicit Check(int max_depth) : max_depth_(max_depth) {}

  bool null() override { return true; }
  bool boolean(bool) override { return true; }
  bool number_integer(number_integer_t) override { return true; }
  bool number_unsigned(number_unsigned_t) override { return true; }
  bool number_float(number_float_t, const string_t&) override { return true; }
  bool string(string_t&) override { return true; }
  bool binary(binary_t&) override { return false; }
  bool start_object(std::size_t) override { return open(); }
  bool end_object() override { return close(); }
  bool start_array(std::size_t) override { return open(); }
  bool end_array() override { return close(); }
  bool key(string_t& name) override { return keys_.back().insert(name).second; }
  bool parse_error(std::size_t, const std::string&, const nlohmann::detail::exception&) override { return false; }

 private:
  bool open() {
    if (static_cast<int>(keys_.size()) >= max_depth_) return false;
    keys_.emplace_back();
    return true;
  }
  bool close() {
    keys_.pop_back();
    return true;
  }

  int max_depth_;
  std::vector<std::set<std::string>> keys_;
};

}  // namespace

Result<Json> parse_untrusted_json(std::string_view text, int max_depth) {
  Check check(max_depth);
  if (Json::sax_parse(text, &check)) {
    Json value = Json::parse(text, nullptr, /*allow_exceptions=*/false);
    if (!value.is_discarded()) return value;
  }
  return Status(StatusCode::kInvalidData, "The file is damaged: its description cannot be read; copy it again.");
}

}  // namespace sortlab
