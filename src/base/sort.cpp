#include "base/sort.hpp"

#include <algorithm>

namespace sortlab {

void sort(std::span<std::uint64_t> numbers) {
  std::make_heap(numbers.begin(), numbers.end());
  std::sort_heap(numbers.begin(), numbers.end());
}

}  // namespace sortlab
