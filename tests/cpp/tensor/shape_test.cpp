#include "tensor/shape.hpp"

#include <doctest/doctest.h>

namespace sortlab {

TEST_CASE("shapes count, compare and print") {
  const Shape picture{96, 64, 3};
  CHECK(picture.rank() == 3);
  CHECK(picture[1] == 64);
  CHECK(picture.count() == 96u * 64u * 3u);
  CHECK(picture == Shape{96, 64, 3});
  CHECK_FALSE(picture == Shape{96, 64, 3, 1});
  CHECK_FALSE(picture == Shape{64, 96, 3});
  CHECK(to_string(picture) == "(96, 64, 3)");
  CHECK(Shape{}.count() == 1);
  CHECK(to_string(Shape{}) == "()");
  CHECK(Shape{5, 0}.count() == 0);
  CHECK(Shape{1, 2, 3, 4, 5}.rank() == Shape::kMaxRank);
}

}  // namespace sortlab
