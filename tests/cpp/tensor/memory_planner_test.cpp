#include "tensor/memory_planner.hpp"

#include <doctest/doctest.h>

#include <vector>

#include "base/random.hpp"

namespace sortlab {

TEST_CASE("the bump planner hands out aligned, disjoint offsets") {
  BumpPlanner planner;
  CHECK(planner.add(1) == 0);
  CHECK(planner.add_floats(16) == 64);
  CHECK(planner.add(65) == 128);
  CHECK(planner.total() == 256);
  CHECK(planner.add(0) == 256);
  CHECK(planner.total() == 256);
}

TEST_CASE("buffers whose lives do not meet share memory") {
  LifetimePlanner planner;
  CHECK(planner.add(128, 0, 1) == 0);
  CHECK(planner.add(64, 1, 2) == 128);
  CHECK(planner.add(128, 2, 3) == 0);    // the first is dead by then
  CHECK(planner.add(192, 3, 4) == 128);  // beside the third
  CHECK(planner.total() == 320);
}

TEST_CASE("a gap between two living buffers is used where it fits") {
  LifetimePlanner planner;
  planner.add(64, 0, 9);
  planner.add(128, 0, 1);
  planner.add(64, 0, 9);
  CHECK(planner.add(128, 2, 9) == 64);
  CHECK(planner.add(128, 1, 2) == 256);
}

TEST_CASE("buffers that live together never overlap") {
  struct Buffer {
    std::size_t begin, end;
    int first, last;
  };
  Random random(5, RandomPurpose::kDrawing);
  LifetimePlanner planner;
  std::vector<Buffer> buffers;
  for (int i = 0; i < 200; ++i) {
    const std::size_t bytes = 1 + random.below(5000);
    const int first = static_cast<int>(random.below(40));
    const int last = first + static_cast<int>(random.below(8));
    const std::size_t begin = planner.add(bytes, first, last);
    CHECK(begin % kAlignment == 0);
    CHECK(begin + bytes <= planner.total());
    for (const Buffer& other : buffers) {
      const bool together = first <= other.last && other.first <= last;
      const bool overlap = begin < other.end && other.begin < begin + bytes;
      CHECK_FALSE((together && overlap));
    }
    buffers.push_back({begin, begin + bytes, first, last});
  }
}

}  // namespace sortlab
