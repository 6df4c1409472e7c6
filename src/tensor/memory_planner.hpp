// Offsets inside one block, chosen before the block exists. Sizes are counted in 64 bits, so that what a 32-bit machine
// could not even address is noticed (fits()) and not wrapped; offsets mean something only where everything fits.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "tensor/arena.hpp"

namespace sortlab {

/// For what lives as long as the block: one after the other.
class BumpPlanner {
 public:
  /// Offset of `bytes` bytes, aligned.
  std::size_t add(std::uint64_t bytes) {
    const std::uint64_t offset = total_;
    total_ += (bytes + kAlignment - 1) / kAlignment * kAlignment;
    return static_cast<std::size_t>(offset);
  }
  std::size_t add_floats(std::uint64_t count) { return add(count * sizeof(float)); }
  bool fits() const { return total_ <= static_cast<std::uint64_t>(PTRDIFF_MAX) - kAlignment; }
  std::size_t total() const { return static_cast<std::size_t>(total_); }
  std::uint64_t total_bytes() const { return total_; }

 private:
  std::uint64_t total_ = 0;
};

/// For what lives from one step of a fixed sequence to another: buffers whose lives do not meet share memory. First
/// fit, in the order of the calls.
class LifetimePlanner {
 public:
  /// Offset of `bytes` bytes that are in use in the steps [first, last], both included.
  std::size_t add(std::uint64_t bytes, int first, int last);
  std::uint64_t total() const { return total_; }

 private:
  struct Block {
    std::uint64_t begin, end;
    int first, last;
  };
  std::vector<Block> blocks_;  // ordered by begin
  std::uint64_t total_ = 0;
};

}  // namespace sortlab
