#include "io/safetensors.hpp"

#include <doctest/doctest.h>

#include "model_bytes.hpp"

namespace sortlab {
namespace {

using test::Bytes;
using test::container;

StatusCode code_of(std::string_view header, std::size_t data_bytes) {
  return read_safetensors(container(header, data_bytes)).status().code();
}

TEST_CASE("tensors and metadata come back as written, the data at a multiple of 64") {
  const std::pair<std::string, std::string> metadata[] = {{"b", "2"}, {"a", "with \"quotes\" and \xC3\xA9"}};
  const SafetensorsEntry tensors[] = {{"z/weight", {2, 3}, 0, 0}, {"a", {1}, 0, 0}, {"scalar", {}, 0, 0}};
  const std::vector<float> data = {1, -2, 3.5f, 0, 1e-30f, 1e30f, 7, 8};
  const Bytes bytes = write_safetensors(metadata, tensors, data);
  CHECK((bytes.size() - data.size() * 4) % 64 == 0);
  const Result<Safetensors> file = read_safetensors(bytes);
  REQUIRE(file.ok());
  REQUIRE(file->metadata.size() == 2);
  CHECK(file->metadata[1].second == metadata[1].second);
  REQUIRE(file->tensors.size() == 3);
  CHECK(file->tensors[0].name == "z/weight");
  CHECK(file->tensors[0].shape == std::vector<int>{2, 3});
  CHECK(file->tensors[1].begin == 24);
  CHECK(file->tensors[2].end == 32);
  CHECK(std::memcmp(file->data.data(), data.data(), 32) == 0);
}

TEST_CASE("a file without tensors, or without metadata, is well formed") {
  CHECK(code_of("{}", 0) == StatusCode::kOk);
  CHECK(code_of(R"({"a":{"dtype":"F32","shape":[0],"data_offsets":[0,0]}})", 0) == StatusCode::kOk);
  CHECK(code_of(R"({"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}   )", 4) == StatusCode::kOk);
  CHECK(code_of(R"({"a":{"dtype":"F32","shape":[1.0],"data_offsets":[-0,0.4e1]}})", 4) == StatusCode::kOk);
}

TEST_CASE("tensors may lie in any order, without gap or overlap") {
  const auto two = [](const char* first, const char* second) {
    return R"({"a":{"dtype":"F32","shape":[2],"data_offsets":)" + std::string(first) +
           R"(},"b":{"dtype":"F32","shape":[1],"data_offsets":)" + second + "}}";
  };
  CHECK(code_of(two("[0,8]", "[8,12]"), 12) == StatusCode::kOk);
  CHECK(code_of(two("[4,12]", "[0,4]"), 12) == StatusCode::kOk);
  CHECK(code_of(two("[0,8]", "[4,8]"), 12) == StatusCode::kInvalidData);
  CHECK(code_of(two("[0,8]", "[12,16]"), 16) == StatusCode::kInvalidData);
  CHECK(code_of(two("[4,12]", "[12,16]"), 16) == StatusCode::kInvalidData);
  CHECK(code_of(two("[0,8]", "[8,12]"), 13) == StatusCode::kInvalidData);
  CHECK(code_of(two("[0,8]", "[8,12]"), 11) == StatusCode::kTruncated);
  CHECK(code_of(two("[0,8]", "[0,4]"), 8) == StatusCode::kInvalidData);
  CHECK(code_of(two("[8,0]", "[8,12]"), 12) == StatusCode::kInvalidData);
  CHECK(code_of(two("[0,4]", "[4,8]"), 8) == StatusCode::kInvalidData);
}

TEST_CASE("every lie about a tensor is refused") {
  const char* const wrong[] = {
      R"({"a":{"dtype":"F16","shape":[1],"data_offsets":[0,4]}})",
      R"({"a":{"dtype":7,"shape":[1],"data_offsets":[0,4]}})",
      R"({"a":{"shape":[1],"data_offsets":[0,4]}})",
      R"({"a":{"dtype":"F32","data_offsets":[0,4]}})",
      R"({"a":{"dtype":"F32","shape":[1]}})",
      R"({"a":{"dtype":"F32","shape":1,"data_offsets":[0,4]}})",
      R"({"a":{"dtype":"F32","shape":[-1],"data_offsets":[0,4]}})",
      R"({"a":{"dtype":"F32","shape":[1.5],"data_offsets":[0,4]}})",
      R"({"a":{"dtype":"F32","shape":[-0.5],"data_offsets":[0,4]}})",
      R"({"a":{"dtype":"F32","shape":[1e300],"data_offsets":[0,4]}})",
      R"({"a":{"dtype":"F32","shape":[1],"data_offsets":[0.5,4.5]}})",
      R"({"a":{"dtype":"F32","shape":[9007199254740992],"data_offsets":[0,4]}})",
      R"({"a":{"dtype":"F32","shape":["1"],"data_offsets":[0,4]}})",
      R"({"a":{"dtype":"F32","shape":[1],"data_offsets":[0]}})",
      R"({"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4,8]}})",
      R"({"a":{"dtype":"F32","shape":[1],"data_offsets":[0,-4]}})",
      R"({"a":{"dtype":"F32","shape":[1],"data_offsets":{"0":4}}})",
      R"({"a":{"dtype":"F32","shape":[1],"data_offsets":[0,18446744073709551615]}})",
      R"({"a":{"dtype":"F32","shape":[1],"data_offsets":[0,18446744073709551616]}})",
      R"({"a":{"dtype":"F32","shape":[4294967296,4294967296],"data_offsets":[0,0]}})",
      R"({"a":{"dtype":"F32","shape":[65536,65536,65536,65536],"data_offsets":[0,0]}})",
      R"({"a":{"dtype":"F32","shape":[1,1,1,1,1,1,1,1,1],"data_offsets":[0,4]}})",
      R"({"a":[]})",
      R"({"a":1})",
      R"({"a":null})",
      R"({"__metadata__":[]})",
      R"({"__metadata__":{"a":1}})",
      R"({"__metadata__":{"a":{"b":"c"}}})",
  };
  for (const char* header : wrong) {
    const Result<Safetensors> file = read_safetensors(container(header, 4));
    CHECK_MESSAGE(!file.ok(), std::string(header));
    CHECK(!file.status().message().empty());
  }
}

TEST_CASE("headers that are not one sound JSON object are refused") {
  const std::string deep = "{\"a\":" + std::string(100000, '[') + std::string(100000, ']') + "}";
  const std::string control = "{\"__metadata__\":{\"a\":\"\x01\"}}",
                    broken_utf8 = "{\"__metadata__\":{\"a\":\"\xFF\"}}";
  const std::string wrong[] = {"",
                               "{",
                               "[]",
                               "\"a\"",
                               "{}{}",
                               "{} x",
                               "{\"a\":}",
                               "{'a':1}",
                               " {}",
                               "nul",
                               deep,
                               control,
                               broken_utf8,
                               R"({"__metadata__":{"a":"1","a":"2"}})",
                               R"({"__metadata__":{},"__metadata__":{}})",
                               R"({"a":{"dtype":"F32","dtype":"F32","shape":[1],"data_offsets":[0,4]}})"};
  for (const std::string& header : wrong)
    CHECK_MESSAGE(!read_safetensors(container(header, 4)).ok(), header.substr(0, 40));
}

TEST_CASE("lengths are checked before anything is read") {
  for (std::size_t size = 0; size < 8; ++size)
    CHECK(read_safetensors(Bytes(size)).status().code() == StatusCode::kTruncated);
  Bytes bytes = container("{}", 0);
  const auto with_length = [&bytes](std::uint64_t length) {
    std::memcpy(bytes.data(), &length, 8);
    return read_safetensors(bytes).status().code();
  };
  CHECK(with_length(2) == StatusCode::kOk);
  CHECK(with_length(3) == StatusCode::kTruncated);
  CHECK(with_length(std::size_t{8} << 20) == StatusCode::kTruncated);
  for (const std::uint64_t length :
       {std::uint64_t{0}, std::uint64_t{1}, (std::uint64_t{8} << 20) + 1, ~std::uint64_t{0}, ~std::uint64_t{7}}) {
    CHECK(with_length(length) == StatusCode::kInvalidData);
  }
}

TEST_CASE("more than a thousand tensors are refused") {
  const auto header = [](int count) {
    std::string text = "{";
    for (int i = 0; i < count; ++i) {
      text += (i == 0 ? "\"" : ",\"") + std::to_string(i) + R"(":{"dtype":"F32","shape":[0],"data_offsets":[0,0]})";
    }
    return text + "}";
  };
  CHECK(code_of(header(1000), 0) == StatusCode::kOk);
  CHECK(code_of(header(1002), 0) == StatusCode::kTooLarge);
}

}  // namespace
}  // namespace sortlab
