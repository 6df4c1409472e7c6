#include "base/deadline.hpp"

#include <doctest/doctest.h>

namespace sortlab {

TEST_CASE("a deadline passes when its time has come, and one without a time never") {
  CHECK(Deadline::after(0).passed());
  CHECK(Deadline::after(-5).passed());
  CHECK_FALSE(Deadline::after(1e9).passed());
  CHECK_FALSE(Deadline().passed());
  const Deadline soon = Deadline::after(2);
  while (!soon.passed()) continue;
  CHECK(soon.passed());
}

}  // namespace sortlab
