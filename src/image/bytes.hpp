// Bounded reading of numbers from untrusted bytes: every read says whether the bytes were there.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

namespace sortlab {

enum class ByteOrder { kBigEndian, kLittleEndian };

/// False when fewer than 2 bytes lie at `offset`.
inline bool read_u16(std::span<const std::uint8_t> bytes, std::size_t offset, ByteOrder order, std::uint32_t& value) {
  if (offset > bytes.size() || bytes.size() - offset < 2) return false;
  const std::uint32_t first = bytes[offset], second = bytes[offset + 1];
  value = order == ByteOrder::kBigEndian ? (first << 8) | second : (second << 8) | first;
  return true;
}

/// False when fewer than 4 bytes lie at `offset`.
inline bool read_u32(std::span<const std::uint8_t> bytes, std::size_t offset, ByteOrder order, std::uint32_t& value) {
  if (offset > bytes.size() || bytes.size() - offset < 4) return false;
  std::uint32_t first = 0, second = 0;
  read_u16(bytes, offset, order, first);
  read_u16(bytes, offset + 2, order, second);
  value = order == ByteOrder::kBigEndian ? (first << 16) | second : (second << 16) | first;
  return true;
}

}  // namespace sortlab
