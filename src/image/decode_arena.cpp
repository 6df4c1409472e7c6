#include "image/decode_arena.hpp"

#include <algorithm>
#include <cstdlib>
#include <cstring>

namespace sortlab {

namespace {
DecodeArena* current = nullptr;
}

struct alignas(16) DecodeArena::Block {
  Block* previous;
  Block* next;
  std::size_t size;
};

DecodeArena::DecodeArena(std::size_t capacity, std::size_t max_growth)
    : capacity_(capacity), max_growth_(max_growth), outer_(current) {
  current = this;
}

DecodeArena::~DecodeArena() {
  while (blocks_ != nullptr) give_back(blocks_);
  current = outer_;
}

void* DecodeArena::take(std::size_t size) {
  if (!lent_.empty() && size == lent_.size()) {
    void* memory = lent_.data();
    lent_ = {};
    taken_ = memory;
    std::memset(memory, 0, size);
    return memory;
  }
  if (size > capacity_ - live_) {
    exhausted_ = true;
    return nullptr;
  }
  auto* block = static_cast<Block*>(std::calloc(1, sizeof(Block) + size));
  if (block == nullptr) {
    exhausted_ = true;
    return nullptr;
  }
  block->size = size;
  block->next = blocks_;
  if (blocks_ != nullptr) blocks_->previous = block;
  blocks_ = block;
  live_ += size;
  peak_ = std::max(peak_, live_);
  return block + 1;
}

void DecodeArena::give_back(Block* block) {
  if (block->previous != nullptr) block->previous->next = block->next;
  if (block->next != nullptr) block->next->previous = block->previous;
  if (blocks_ == block) blocks_ = block->next;
  live_ -= block->size;
  std::free(block);
}

void* DecodeArena::allocate(std::size_t size) { return current == nullptr ? nullptr : current->take(size); }

void* DecodeArena::reallocate(void* pointer, std::size_t size) {
  if (current == nullptr) return nullptr;
  // Lent memory holds a finished picture; the decoder never enlarges it.
  if (pointer != nullptr && pointer == current->taken_) return nullptr;
  if (size > current->max_growth_) {
    current->outgrown_ = true;
    return nullptr;
  }
  void* larger = current->take(size);
  if (larger == nullptr || pointer == nullptr) return larger;
  Block* block = static_cast<Block*>(pointer) - 1;
  std::memcpy(larger, pointer, std::min(size, block->size));
  current->give_back(block);
  return larger;
}

void DecodeArena::release(void* pointer) {
  if (pointer == nullptr || current == nullptr) return;
  // Lent memory is not in the list; it belongs to the caller.
  if (pointer == current->taken_) return;
  current->give_back(static_cast<Block*>(pointer) - 1);
}

}  // namespace sortlab
