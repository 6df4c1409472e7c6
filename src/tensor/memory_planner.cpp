#include "tensor/memory_planner.hpp"

#include <algorithm>
#include <utility>

namespace sortlab {

std::size_t LifetimePlanner::add(std::uint64_t bytes, int first, int last) {
  const std::uint64_t size = (bytes + kAlignment - 1) / kAlignment * kAlignment;
  std::uint64_t begin = 0;
  for (const Block& block : blocks_) {
    if (block.last < first || last < block.first) continue;  // never in use together
    if (begin + size <= block.begin) break;                  // fits in the gap before it
    begin = std::max(begin, block.end);
  }
  blocks_.push_back({begin, begin + size, first, last});
  for (std::size_t i = blocks_.size() - 1; i > 0 && blocks_[i - 1].begin > begin; --i) {
    std::swap(blocks_[i - 1], blocks_[i]);
  }
  total_ = std::max(total_, begin + size);
  return static_cast<std::size_t>(begin);
}

}  // namespace sortlab
