// Changes to the JPEG fixtures: markers found, segments put in, bytes overwritten.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace sortlab::test {

/// Offset of the first marker of this kind (of its 0xFF), from `from` on; the size of the file where there is none.
inline std::size_t find_marker(const std::vector<std::uint8_t>& file, int marker, std::size_t from = 2) {
  for (std::size_t i = from; i + 1 < file.size(); ++i) {
    if (file[i] == 0xFF && file[i + 1] == marker) return i;
  }
  return file.size();
}

inline std::vector<std::uint8_t> with_inserted(std::vector<std::uint8_t> file, std::size_t at,
                                               std::span<const std::uint8_t> bytes) {
  file.insert(file.begin() + static_cast<std::ptrdiff_t>(at), bytes.begin(), bytes.end());
  return file;
}

/// An APP1 segment with nothing but the orientation in it.
inline std::vector<std::uint8_t> exif_segment(int orientation, bool little_endian) {
  const auto value = static_cast<std::uint8_t>(orientation);
  std::vector<std::uint8_t> segment = {0xFF, 0xE1, 0, 34, 'E', 'x', 'i', 'f', 0, 0};
  const std::vector<std::uint8_t> big = {'M', 'M', 0, 42, 0, 0, 0,     8, 0, 1, 0x01, 0x12, 0,
                                         3,   0,   0, 0,  1, 0, value, 0, 0, 0, 0,    0,    0};
  const std::vector<std::uint8_t> little = {'I', 'I', 42, 0, 8, 0,     0, 0, 1, 0, 0x12, 0x01, 3,
                                            0,   1,   0,  0, 0, value, 0, 0, 0, 0, 0,    0,    0};
  const std::vector<std::uint8_t>& tiff = little_endian ? little : big;
  segment.insert(segment.end(), tiff.begin(), tiff.end());
  return segment;
}

}  // namespace sortlab::test
