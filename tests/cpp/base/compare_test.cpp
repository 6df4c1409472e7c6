// The comparer that every other test leans on.
#include "compare.hpp"

#include <limits>
#include <vector>

#include "test_data.hpp"

using namespace sortlab::test;

namespace {
constexpr double kNan = std::numeric_limits<double>::quiet_NaN();
constexpr double kInfinity = std::numeric_limits<double>::infinity();

std::string compare(const std::vector<float>& actual, const std::vector<float>& expected) {
  return difference<float, float>(actual, expected, 1e-3, 1e-2, "case");
}
}  // namespace

TEST_CASE("close adds the absolute and the relative part") {
  CHECK(close(1.0, 1.0, 0, 0));
  CHECK(close(0.0, -0.0, 0, 0));
  CHECK(close(100.9, 100.0, 0, 1e-2));
  CHECK_FALSE(close(101.1, 100.0, 0, 1e-2));
  CHECK_FALSE(close(-100.0, 100.0, 0, 1e-2));
  CHECK(close(0.0009, 0.0, 1e-3, 1e-2));
  CHECK_FALSE(close(0.0011, 0.0, 1e-3, 1e-2));
  CHECK_FALSE(close(0.0, 1.0, 1e-3, 1e-2));  // a result that stayed zero
}

TEST_CASE("close never takes a NaN, and an infinity only for itself") {
  CHECK_FALSE(close(kNan, kNan, 1, 1));
  CHECK_FALSE(close(kNan, 0, kInfinity, 1));
  CHECK_FALSE(close(0, kNan, kInfinity, 1));
  CHECK(close(kInfinity, kInfinity, 0, 0));
  CHECK_FALSE(close(kInfinity, -kInfinity, 1, 1));
  CHECK_FALSE(close(1, kInfinity, 1, 1));
  CHECK_FALSE(close(kInfinity, 1, 1, 1));
}

TEST_CASE("difference says where, what and in which configuration") {
  CHECK(compare({1, 2, 3}, {1, 2, 3}).empty());
  const std::string message = compare({1, 2.5f, 9, 4}, {1, 2, 3, 4});
  CHECK(message.find("case: 2 of 4") != std::string::npos);
  CHECK(message.find("first [1] 2.5 instead of 2") != std::string::npos);
  CHECK(message.find("worst [2] 9 instead of 3") != std::string::npos);
  CHECK(compare({1, static_cast<float>(kNan)}, {1, 2}).find("[1] nan") != std::string::npos);
}

TEST_CASE("difference refuses other lengths and empty spans") {
  CHECK(compare({1, 2}, {1, 2, 3}).find("2 values instead of 3") != std::string::npos);
  CHECK_FALSE(compare({}, {}).empty());
}

TEST_CASE("test data is repeatable, in range and apart by seed") {
  CHECK(uniform_values(50, 1) == uniform_values(50, 1));
  CHECK(uniform_values(50, 1) != uniform_values(50, 2));
  CHECK(normal_values(50, 1) != uniform_values(50, 1));
  for (const float value : uniform_values(1000, 3, 2, 5)) {
    CHECK(value >= 2);
    CHECK(value <= 5);
  }
}
