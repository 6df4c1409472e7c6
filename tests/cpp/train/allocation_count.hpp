// Counts what the program asks of the allocator, so that tests can say "nothing" and mean it.
#pragma once

#include <cstdint>

namespace sortlab::test {

struct AllocationCount {
  std::int64_t calls = 0;
  std::int64_t bytes = 0;  // asked for in all
};

/// Totals since the program began: operator new and what our code asks of malloc, calloc, realloc and aligned_alloc.
AllocationCount allocation_count();

}  // namespace sortlab::test
