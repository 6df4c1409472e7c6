#include "base/fnv1a64.hpp"

#include <doctest/doctest.h>

#include <string_view>

using namespace sortlab;

TEST_CASE("fnv1a64 gives the published values") {
  // Test vectors of the hash's authors (draft-eastlake-fnv).
  const auto hash = [](std::string_view text) {
    return fnv1a64({reinterpret_cast<const std::uint8_t*>(text.data()), text.size()});
  };
  CHECK(hash("") == 0xcbf29ce484222325u);
  CHECK(hash("a") == 0xaf63dc4c8601ec8cu);
  CHECK(hash("foobar") == 0x85944171f73967e8u);
}
