#include "json/json.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <limits>

namespace sortlab {

TEST_CASE("a tree keeps kinds, values and the order of keys") {
  const std::optional<Json> json =
      parse_json(R"( {"b": [1, -2, 1.0, 1e3, "x\u00e9\n"], "a": null, "c": true, "d": false, "e": {}} )", 2);
  REQUIRE(json.has_value());
  REQUIRE(json->is_object());
  REQUIRE(json->items.size() == 5);
  CHECK(json->items[0].key == "b");
  CHECK(json->items[1].key == "a");
  const std::vector<Json>& list = json->items[0].items;
  REQUIRE(list.size() == 5);
  CHECK(list[0].is_whole());
  CHECK(list[0].number == 1);
  CHECK(list[1].is_whole());
  CHECK(list[1].number == -2);
  CHECK(list[2].kind == Json::Kind::kNumber);
  CHECK(list[3].kind == Json::Kind::kNumber);
  CHECK(list[3].number == 1000);
  CHECK(list[4].is_string("x\xC3\xA9\n"));
  CHECK(list[4].key.empty());
  CHECK(json->find("a")->kind == Json::Kind::kNull);
  CHECK(json->find("c")->kind == Json::Kind::kBoolean);
  CHECK(json->find("c")->number == 1);
  CHECK(json->find("d")->number == 0);
  CHECK(json->find("e")->is_object());
  CHECK(json->find("f") == nullptr);
  CHECK(list[0].find("a") == nullptr);
}

TEST_CASE("what is no whole number within 64 bits is a plain number") {
  CHECK(parse_json("18446744073709551615", 1)->is_whole());
  CHECK(parse_json("18446744073709551616", 1)->kind == Json::Kind::kNumber);
  CHECK(parse_json("-9223372036854775809", 1)->kind == Json::Kind::kNumber);
}

TEST_CASE("broken texts give nothing") {
  for (const char* text : {"",
                           " ",
                           "{",
                           "[1,]",
                           "{\"a\":}",
                           "{'a':1}",
                           "{}{}",
                           "{} x",
                           "01",
                           "1e999",
                           "nul",
                           "\"a",
                           "\"\x01\"",
                           "\"\xFF\"",
                           "\"\\ud800\"",
                           "[1 2]",
                           "{\"a\" 1}",
                           "{\"a\":1,\"a\":2}",
                           "[{\"a\":1,\"b\":2,\"a\":[]}]",
                           "\xEF\xBB\xBF{} x"}) {
    CHECK_MESSAGE(!parse_json(text, 8).has_value(), text);
  }
}

TEST_CASE("depth and number of values are bounded") {
  CHECK(parse_json("[[[]]]", 3).has_value());
  CHECK(parse_json("[[],[[]]]", 3).has_value());
  CHECK_FALSE(parse_json("[[[]]]", 2).has_value());
  CHECK_FALSE(parse_json(R"([{"a":[]}])", 2).has_value());
  CHECK_FALSE(parse_json(std::string(1000000, '['), 8).has_value());
  const auto list = [](int count) {
    std::string text = "[0";
    for (int i = 1; i < count; ++i) text += ",0";
    return text + "]";
  };
  CHECK(parse_json(list((1 << 18) - 1), 1).has_value());
  CHECK_FALSE(parse_json(list(1 << 18), 1).has_value());
}

TEST_CASE("values are written as JSON and come back") {
  CHECK(json_text("plain") == "\"plain\"");
  CHECK(json_text("a\"b\\c\n\x01\xC3\xA9") == "\"a\\\"b\\\\c\\n\\u0001\xC3\xA9\"");
  CHECK(json_text("\xFF") == "\"\xEF\xBF\xBD\"");
  CHECK(json_text(1.0) == "1.0");
  CHECK(json_text(1e-8) == "1e-08");
  for (const double number :
       {0.0, 0.1, -2.5, 1.0 / 3, static_cast<double>(1e-5f), 1e300, 5e-324, std::numeric_limits<double>::max()}) {
    CAPTURE(number);
    const std::optional<Json> read = parse_json(json_text(number), 1);
    REQUIRE(read.has_value());
    CHECK(read->number == number);
  }
  const std::vector<std::string> none, two = {"a", "\""};
  CHECK(json_text(none) == "[]");
  CHECK(json_text(two) == "[\"a\",\"\\\"\"]");
}

TEST_CASE("an object's members are written in the order they were added") {
  JsonObjectWriter empty, object;
  CHECK(empty.finish() == "{}");
  object.add("b", "1");
  object.add("a\"", json_text("x"));
  CHECK(object.finish() == R"({"b":1,"a\"":"x"})");
}

}  // namespace sortlab
