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
  CHECK(list[2].is_whole());
  CHECK(list[3].is_whole());
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

TEST_CASE("a whole number has no fraction and is at most 2^53, however it is written") {
  for (const char* text : {"0", "-0", "-0.0", "7", "7.0", "70e-1", "0.7e1", "9007199254740992", "-9007199254740992",
                           "9007199254740993" /* rounds to even */, "1e-400"}) {
    CAPTURE(text);
    const std::optional<Json> json = parse_json(text, 1);
    REQUIRE(json.has_value());
    CHECK(json->is_number());
    CHECK(json->is_whole());
    CHECK_FALSE(std::signbit(json->number) != (json->number < 0));
  }
  for (const char* text :
       {"0.5", "1.0000000000000002", "-7.25", "5e-324", "9007199254740994", "-9007199254740994", "9223372036854775807",
        "18446744073709551615", "18446744073709551616", "1e300", "true", "\"1\"", "null", "[1]"}) {
    CAPTURE(text);
    const std::optional<Json> json = parse_json(text, 1);
    REQUIRE(json.has_value());
    CHECK_FALSE(json->is_whole());
  }
}

TEST_CASE("numbers are read to the nearest double") {
  const std::pair<const char*, double> numbers[] = {
      {"0.1", 0.1},
      {"-0.30000000000000004", -0.30000000000000004},
      {"9007199254740993", 9007199254740992.0},
      {"9007199254740995", 9007199254740996.0},
      {"9223372036854775807", 9223372036854775808.0},
      {"18446744073709551615", 18446744073709551616.0},
      {"123456789012345678901234567890", 123456789012345678901234567890.0},
      {"1.7976931348623157e308", std::numeric_limits<double>::max()},
      {"1.7976931348623158e308", std::numeric_limits<double>::max()},
      {"2.2250738585072011e-308", 2.2250738585072011e-308},
      {"5e-324", 5e-324},
      {"2e-324", 0.0},
      {"3E-324", 5e-324},
      {"1E+2", 100.0}};
  for (const auto& [text, number] : numbers) {
    CAPTURE(text);
    const std::optional<Json> json = parse_json(text, 1);
    REQUIRE(json.has_value());
    CHECK(json->number == number);
  }
}

TEST_CASE("keys keep their order and mean nothing") {
  const std::optional<Json> json = parse_json(
      R"({"z": 1, "10": 2, "2": 3, "__proto__": {"a": 4, "__proto__": []}, "constructor": 5, "": 6, "_": 7, "__": 8,
          "toString": 9, "-1": 10, "length": 11, "a\":{\"b": 12, "\\": 13, "\u0061" : 14, "hasOwnProperty":15})",
      3);
  REQUIRE(json.has_value());
  const char* const keys[] = {"z",      "10",       "2",  "__proto__", "constructor",   "", "_", "__", "toString", "-1",
                              "length", "a\":{\"b", "\\", "a",         "hasOwnProperty"};
  REQUIRE(json->items.size() == std::size(keys));
  for (std::size_t i = 0; i < std::size(keys); ++i) {
    CHECK(json->items[i].key == keys[i]);
    if (i != 3) CHECK(json->items[i].number == static_cast<double>(i + 1));
  }
  const Json* const inner = json->find("__proto__");
  REQUIRE(inner->items.size() == 2);
  CHECK(inner->items[0].number == 4);
  CHECK(inner->items[1].is_array());
  CHECK(json->find("valueOf") == nullptr);
}

TEST_CASE("what looks like structure within a string is text") {
  const std::optional<Json> json = parse_json(
      R"([":", "{\"a\":[", "\\", "\\\"", "\\\\", "]}", "\u0022:\u005c", "\/\b\f\t\r\u0000", {"\":\"" : ":"}])", 2);
  REQUIRE(json.has_value());
  const std::string_view texts[] = {":",    "{\"a\":[", "\\",    "\\\"",
                                    "\\\\", "]}",       "\":\\", std::string_view("/\b\f\t\r\0", 6)};
  REQUIRE(json->items.size() == std::size(texts) + 1);
  for (std::size_t i = 0; i < std::size(texts); ++i) CHECK(json->items[i].is_string(texts[i]));
  CHECK(json->items.back().items[0].key == "\":\"");
}

TEST_CASE("text of every length of UTF-8, raw or escaped, and a byte order mark before it") {
  const std::optional<Json> json = parse_json(
      "\xEF\xBB\xBF[\"A\xC2\x80\xDF\xBF\xE0\xA0\x80\xED\x9F\xBF\xEE\x80\x80\xEF\xBB\xBF"
      "\xEF\xBF\xBF\xF0\x90\x80\x80\xF4\x8F\xBF\xBF\x7F\", "
      R"("A\u0080\u07FF\u0800\ud7ff\ue000\uFEFF\uffff\ud800\udc00\uDBFF\uDFFF\u007F"])",
      1);
  REQUIRE(json.has_value());
  CHECK(json->items[0].text == json->items[1].text);
  CHECK(json->items[0].text.size() == 1 + 2 + 2 + 3 * 5 + 4 + 4 + 1);
}

TEST_CASE("broken texts give nothing") {
  for (const char* text : {"",
                           "\xEF\xBB\xBF",
                           "\xEF\xBB\xBF\xEF\xBB\xBF{}",
                           "{}\xEF\xBB\xBF",
                           "\xEF\xBB{}",
                           "\xC2\xA0{}",
                           "\v1",
                           " ",
                           "{",
                           "[1,]",
                           "{\"a\":}",
                           "{'a':1}",
                           "{}{}",
                           "{} x",
                           "01",
                           "-",
                           "+1",
                           "1.",
                           ".5",
                           "1e",
                           "0x1",
                           "1e999",
                           "-1e309",
                           "1.7976931348623159e308",
                           "NaN",
                           "Infinity",
                           "/**/1",
                           "nul",
                           "\"a",
                           "\"\x01\"",
                           "\"\xFF\"",
                           "\"\xC0\x80\"",
                           "\"\xED\xA0\x80\"",
                           "\"\xED\xA0\x80\xED\xB0\x80\"",
                           "\"\xF4\x90\x80\x80\"",
                           "\"\xE2\x82\"",
                           "\"\\ud800\"",
                           "\"\\udc00\"",
                           "\"\\udc00\\ud800\"",
                           "\"\\ud800\\u0041\"",
                           "\"\\ud800\", \"\\udc00\"",
                           "[\"\\ud800\", \"\\udc00\"]",
                           "{\"\\ud800\":1}",
                           "\"\\u12g4\"",
                           "\"\\x41\"",
                           "\"\\",
                           "\"\\\"",
                           "\\\"a\"",
                           "\"\t\"",
                           "\"\n\"",
                           "\"\\\n\"",
                           "[1 2]",
                           "{\"a\" 1}",
                           "{\"a\":1,\"a\":2}",
                           "[{\"a\":1,\"b\":2,\"a\":[]}]",
                           "{\"a\":1,\"\\u0061\":2}",
                           "{\"__proto__\":1,\"__proto__\":1}",
                           "{\"\":1,\"\":1}",
                           "{\"a\":{\"b\":{\"c\":1,\"c\":1}}}",
                           "{\"a\":{\"b\":1,\"c\":{}},\"b\":[{\"7\":1,\"7\":1}]}",
                           "{\"a\":1,}",
                           "{a:1}",
                           "{1:1}",
                           "\xEF\xBB\xBF{} x"}) {
    CHECK_MESSAGE(!parse_json(text, 8).has_value(), text);
  }
  using namespace std::string_view_literals;
  for (const std::string_view text : {"\0"sv, "1\0"sv, "\0{}"sv, "{}\0"sv, "{}\0x"sv, "\"\0\""sv, "[1,\0]"sv}) {
    CHECK_FALSE(parse_json(text, 8).has_value());
  }
}

TEST_CASE("depth and number of values are bounded") {
  CHECK(parse_json("[[[]]]", 3).has_value());
  CHECK(parse_json("[[],[[]]]", 3).has_value());
  CHECK_FALSE(parse_json("[[[]]]", 2).has_value());
  CHECK_FALSE(parse_json(R"([{"a":[]}])", 2).has_value());
  CHECK_FALSE(parse_json("[]", 0).has_value());
  CHECK(parse_json("1", 0).has_value());
  CHECK(parse_json(R"(["[[[[{{{{"])", 1).has_value());
  CHECK_FALSE(parse_json(std::string(1000000, '['), 8).has_value());
  CHECK_FALSE(parse_json(std::string(100000, '[') + std::string(100000, ']'), 8).has_value());
  std::string objects;
  for (int i = 0; i < 100000; ++i) objects += "{\"a\":";
  CHECK_FALSE(parse_json(objects + "1" + std::string(100000, '}'), 8).has_value());
  const auto list = [](int count) {
    std::string text = "[0";
    for (int i = 1; i < count; ++i) text += ",0";
    return text + "]";
  };
  CHECK(parse_json(list((1 << 18) - 1), 1).has_value());
  CHECK_FALSE(parse_json(list(1 << 18), 1).has_value());
  const auto object = [](int count) {
    std::string text = "{\"\":{}";
    for (int i = 1; i < count; ++i) text += ",\"" + std::to_string(i) + "\":{}";
    return text + "}";
  };
  CHECK(parse_json(object((1 << 18) - 1), 2).has_value());
  CHECK_FALSE(parse_json(object(1 << 18), 2).has_value());
  const auto string = [](const char* unit) {
    std::string text = "\"";
    for (int i = 0; i < 1 << 20; ++i) text += unit;
    return text + "\"";
  };
  CHECK(parse_json(string("a"), 0)->text == std::string(1 << 20, 'a'));
  CHECK(parse_json(string("\\\""), 0)->text == std::string(1 << 20, '"'));
}

TEST_CASE("values are written as JSON and come back") {
  CHECK(json_text("plain") == "\"plain\"");
  CHECK(json_text("a\"b\\c\n\x01\xC3\xA9") == "\"a\\\"b\\\\c\\n\\u0001\xC3\xA9\"");
  CHECK(json_text("") == "\"\"");
  CHECK(json_text(std::string_view("\0\x1F\x7F/\b\f\r\t", 8)) == "\"\\u0000\\u001f\x7F/\\b\\f\\r\\t\"");
  CHECK(json_text("\xE2\x80\xA8\xF0\x9F\x98\x80") == "\"\xE2\x80\xA8\xF0\x9F\x98\x80\"");
  CHECK(json_text("\xEF\xBB\xBFx") == "\"\xEF\xBB\xBFx\"");
  const std::string instead = "\xEF\xBF\xBD";
  CHECK(json_text("\xFF") == "\"" + instead + "\"");
  CHECK(json_text("a\xE2\x82z\xF0\x9F\x98") == "\"a" + instead + "z" + instead + "\"");
  CHECK(json_text("\xC0\x80\xED\xA0\x80") == "\"" + instead + instead + instead + instead + instead + "\"");
  const std::pair<double, const char*> numbers[] = {{0.0, "0"},
                                                    {-0.0, "0"},
                                                    {1.0, "1"},
                                                    {-25.5, "-25.5"},
                                                    {0.1f, "0.10000000149011612"},
                                                    {1e-5, "0.00001"},
                                                    {1.5e-6, "0.0000015"},
                                                    {1e-6, "0.000001"},
                                                    {1e-7, "1e-7"},
                                                    {-1.25e-8, "-1.25e-8"},
                                                    {1e5, "100000"},
                                                    {123456789012345680000.0, "123456789012345680000"},
                                                    {1e20, "100000000000000000000"},
                                                    {1e21, "1e+21"},
                                                    {1.5e300, "1.5e+300"},
                                                    {5e-324, "5e-324"},
                                                    {std::numeric_limits<double>::max(), "1.7976931348623157e+308"},
                                                    {std::numeric_limits<double>::infinity(), "null"},
                                                    {std::numeric_limits<double>::quiet_NaN(), "null"}};
  for (const auto& [number, text] : numbers) CHECK(json_text(number) == text);
  for (const double number : {0.0, 0.1, -2.5, 1.0 / 3, static_cast<double>(1e-5f), 1e300, 5e-324, 4.35, 1e23,
                              std::numeric_limits<double>::max()}) {
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
