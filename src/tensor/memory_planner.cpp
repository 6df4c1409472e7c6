#include "tensor/memory_planner.hpp"

#include <algorithm>

namespace sortlab {

std::size_t LifetimePlanner::add(std::uint64_t bytes, int first, int last) {
  const std::uint64_t size = (bytes + kAlignment - 1) / kAlignment * kAlignment;
  std::uint64_t begin = 0;
  for (const Block& block : blocks_) {
    if (block.last < first || last < block.first) continue;  // never in use together
    if (begin + size <= block.begin) break;                  // fits in the gap before it
    begin = std::max(begin, block.end);
  }
  const Block added{begin, begin + size, first, last};
  const auto place = std::upper_bound(blocks_.begin(), blocks_.end(), added,
                                      [](const Block& a, const Block& b) { return a.begin < b.begin; });
  blocks_.insert(place, added);
  total_ = std::max(total_, added.end);
  return static_cast<std::size_t>(begin);
}

}  // namespace sortlab
