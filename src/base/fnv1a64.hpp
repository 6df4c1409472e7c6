// The name of a photo: a hash of its bytes.
#pragma once

#include <cstdint>
#include <span>

namespace sortlab {

/// FNV-1a, 64 bits (Fowler, Noll, Vo): names a photo by its bytes; not a defence against a forger.
inline std::uint64_t fnv1a64(std::span<const std::uint8_t> bytes) {
  std::uint64_t hash = 0xCBF29CE484222325u;
  for (const std::uint8_t byte : bytes) hash = (hash ^ byte) * 0x100000001B3u;
  return hash;
}

}  // namespace sortlab
