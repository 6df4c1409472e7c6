// The one sort of the core.
#pragma once

#include <cstdint>
#include <span>

namespace sortlab {

/// Ascending. Heap sort: never slow, and the smallest to download.
void sort(std::span<std::uint64_t> numbers);

}  // namespace sortlab
