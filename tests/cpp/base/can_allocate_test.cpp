#include "base/can_allocate.hpp"

#include <doctest/doctest.h>

#include <cstdint>

namespace sortlab {

TEST_CASE("what cannot be allocated is said to be so, whatever the compiler leaves out") {
  CHECK(can_allocate(1000));
  // A sanitizer of a 64-bit build ends the program instead; one of 32 bits has no such address.
  if (sizeof(std::size_t) == 4) CHECK_FALSE(can_allocate(SIZE_MAX - (std::size_t{1} << 20)));
}

}  // namespace sortlab
