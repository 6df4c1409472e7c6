// Offsets inside one block, chosen before the block exists.
#pragma once

#include <cstddef>
#include <vector>

#include "tensor/arena.hpp"

namespace sortlab {

/// For what lives as long as the block: one after the other.
class BumpPlanner {
 public:
  /// Offset of `bytes` bytes, aligned.
  std::size_t add(std::size_t bytes) {
    const std::size_t offset = total_;
    total_ += align_up(bytes);
    return offset;
  }
  std::size_t add_floats(std::size_t count) { return add(count * sizeof(float)); }
  std::size_t total() const { return total_; }

 private:
  std::size_t total_ = 0;
};

/// For what lives from one step of a fixed sequence to another: buffers whose lives do not meet share memory. First
/// fit, in the order of the calls.
class LifetimePlanner {
 public:
  /// Offset of `bytes` bytes that are in use in the steps [first, last], both included.
  std::size_t add(std::size_t bytes, int first, int last);
  std::size_t total() const { return total_; }

 private:
  struct Block {
    std::size_t begin, end;
    int first, last;
  };
  std::vector<Block> blocks_;  // ordered by begin
  std::size_t total_ = 0;
};

}  // namespace sortlab
