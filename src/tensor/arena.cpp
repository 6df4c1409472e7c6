#include "tensor/arena.hpp"

#include <cstdlib>
#include <cstring>
#include <string>

namespace sortlab {

void Arena::Free::operator()(void* block) const { std::free(block); }

Result<Arena> Arena::allocate(std::size_t bytes, Arena spare) {
  if (spare.block_ && spare.bytes_ >= bytes) {
    std::memset(spare.begin_, 0, bytes);
    return spare;
  }
  spare.block_.reset();
  return allocate(bytes);
}

Result<Arena> Arena::allocate(std::size_t bytes) {
  const Status no_memory(StatusCode::kOutOfMemory,
                         {"This device cannot give the ", std::to_string(bytes >> 20),
                          " MB that are needed; choose smaller pictures or a smaller batch."});
  if (bytes > static_cast<std::size_t>(PTRDIFF_MAX) - kAlignment) return no_memory;
  Arena arena;
  arena.block_.reset(std::calloc(1, allocated_for(bytes)));
  if (!arena.block_) return no_memory;
  const auto address = reinterpret_cast<std::uintptr_t>(arena.block_.get());
  arena.begin_ = static_cast<std::uint8_t*>(arena.block_.get()) + (align_up(address) - address);
  arena.bytes_ = bytes;
  return arena;
}

}  // namespace sortlab
