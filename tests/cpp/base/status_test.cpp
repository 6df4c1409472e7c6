#include "base/status.hpp"

#include <doctest/doctest.h>

#include <string>

using namespace sortlab;

namespace {
Result<int> half(int value) {
  if (value % 2) return Status(StatusCode::kInvalidArgument, "The number must be even.", std::to_string(value));
  return value / 2;
}
Status check(int value) {
  SORTLAB_RETURN_IF_ERROR(half(value).status());
  return {};
}
}  // namespace

TEST_CASE("a result holds a value or a reason") {
  CHECK(half(4).value() == 2);
  const Result<int> odd = half(3);
  CHECK_FALSE(odd.ok());
  CHECK(odd.status().code() == StatusCode::kInvalidArgument);
  CHECK(odd.status().subject() == "3");
  CHECK(std::string(status_code_name(odd.status().code())) == "invalid-argument");
}

TEST_CASE("an error is passed on") {
  CHECK(check(2).ok());
  CHECK_FALSE(check(5).ok());
}
