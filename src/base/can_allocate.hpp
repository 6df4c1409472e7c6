// Whether there is memory, asked before a standard container takes it: without exceptions it could only abort.
#pragma once

#include <cstddef>
#include <cstdlib>

namespace sortlab {

inline bool can_allocate(std::size_t bytes) {
  // Volatile: compilers leave out a block that is only compared and freed, and take it for granted.
  void* volatile probe = std::malloc(bytes);
  const bool given = probe != nullptr;
  std::free(probe);
  return given;
}

}  // namespace sortlab
