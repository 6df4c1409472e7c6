// The memory of one decode: zero-filled, counted and capped, so that a file cannot ask for more than the device has,
// and a pixel that was never written is at least the same every time.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

namespace sortlab {

/// The image decoder calls free functions without a context, so the arena in use is a global: one decode at a time per
/// program (each decode worker is its own program). Everything still held is given back when the arena ends.
class DecodeArena {
 public:
  /// `max_growth`: the largest size that an existing block may be enlarged to; stops inflate bombs long before the cap.
  DecodeArena(std::size_t capacity, std::size_t max_growth);
  ~DecodeArena();
  DecodeArena(const DecodeArena&) = delete;
  DecodeArena& operator=(const DecodeArena&) = delete;

  /// Memory that the caller provides for the first request of exactly its size: the decoder then writes its result
  /// where it is wanted, without a copy.
  void lend(std::span<std::uint8_t> memory) { lent_ = memory; }

  /// True once a request was refused for want of memory, or because a block would outgrow its limit.
  bool exhausted() const { return exhausted_; }
  bool outgrown() const { return outgrown_; }
  std::size_t peak_bytes() const { return peak_; }

  static void* allocate(std::size_t size);
  static void* reallocate(void* pointer, std::size_t size);
  static void release(void* pointer);

 private:
  struct Block;
  void* take(std::size_t size);
  void give_back(Block* block);

  std::size_t capacity_, max_growth_;
  std::size_t live_ = 0, peak_ = 0;
  bool exhausted_ = false, outgrown_ = false;
  std::span<std::uint8_t> lent_;
  void* taken_ = nullptr;    // lent memory that the decoder holds
  Block* blocks_ = nullptr;  // doubly linked list of what is held
  DecodeArena* outer_;
};

}  // namespace sortlab
