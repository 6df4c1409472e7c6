// One block of memory, allocated once, cut up by offsets that were planned before.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>

#include "base/status.hpp"

namespace sortlab {

/// A cache line, and more than any vector needs.
inline constexpr std::size_t kAlignment = 64;

constexpr std::size_t align_up(std::size_t bytes) { return (bytes + kAlignment - 1) / kAlignment * kAlignment; }

class Arena {
 public:
  Arena() = default;

  /// `bytes` of zeros, aligned to kAlignment. kOutOfMemory where the device does not have them: malloc says so, where
  /// operator new would end the program.
  static Result<Arena> allocate(std::size_t bytes);
  /// The same; `spare`, which is no longer needed, is taken where it is large enough, and is freed first otherwise.
  static Result<Arena> allocate(std::size_t bytes, Arena spare);

  std::size_t bytes() const { return block_ ? bytes_ : 0; }  // 0 where it has moved away
  /// What was asked of the allocator for a block of `bytes`.
  static constexpr std::size_t allocated_for(std::size_t bytes) { return bytes + kAlignment; }

  float* floats(std::size_t offset_bytes) { return reinterpret_cast<float*>(begin_ + offset_bytes); }
  const float* floats(std::size_t offset_bytes) const { return reinterpret_cast<const float*>(begin_ + offset_bytes); }
  std::uint8_t* bytes_at(std::size_t offset_bytes) { return begin_ + offset_bytes; }
  std::int32_t* ints(std::size_t offset_bytes) { return reinterpret_cast<std::int32_t*>(begin_ + offset_bytes); }

 private:
  struct Free {
    void operator()(void* block) const;
  };
  std::unique_ptr<void, Free> block_;
  std::uint8_t* begin_ = nullptr;
  std::size_t bytes_ = 0;
};

}  // namespace sortlab
