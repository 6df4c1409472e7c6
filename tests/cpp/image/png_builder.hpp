// PNG files built byte by byte, right or wrong: stored (uncompressed) deflate blocks, any depth, interlaced or not.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <span>
#include <string_view>
#include <vector>

#include "image/png_structure.hpp"

namespace sortlab::test {

using Bytes = std::vector<std::uint8_t>;

inline void append_u32(Bytes& bytes, std::uint32_t value) {
  for (int shift = 24; shift >= 0; shift -= 8) bytes.push_back(static_cast<std::uint8_t>(value >> shift));
}

inline void append_chunk(Bytes& file, std::string_view type, std::span<const std::uint8_t> data) {
  append_u32(file, static_cast<std::uint32_t>(data.size()));
  const std::size_t start = file.size();
  file.insert(file.end(), type.begin(), type.end());
  file.insert(file.end(), data.begin(), data.end());
  append_u32(file, crc32(std::span(file).subspan(start)));
}

/// zlib stream of stored blocks.
inline Bytes zlib_stored(std::span<const std::uint8_t> data) {
  Bytes out = {0x78, 0x01};
  std::uint32_t a = 1, b = 0;
  for (const std::uint8_t byte : data) {
    a = (a + byte) % 65521;
    b = (b + a) % 65521;
  }
  std::size_t at = 0;
  do {
    const std::size_t size = data.size() - at < 65535 ? data.size() - at : 65535;
    out.push_back(at + size == data.size() ? 1 : 0);
    for (const std::size_t value : {size, ~size}) {
      out.push_back(static_cast<std::uint8_t>(value & 255));
      out.push_back(static_cast<std::uint8_t>(value >> 8 & 255));
    }
    out.insert(out.end(), data.begin() + static_cast<std::ptrdiff_t>(at), data.begin() + static_cast<std::ptrdiff_t>(at + size));
    at += size;
  } while (at < data.size());
  append_u32(out, b << 16 | a);
  return out;
}

struct Png {
  std::uint32_t width = 1, height = 1;
  std::uint8_t depth = 8, color = 2;  // color: 0 grey, 2 RGB, 3 palette, 4 grey and alpha, 6 RGBA
  bool interlaced = false;
  Bytes palette, transparency, exif;
  Bytes rows;  // filter byte and samples of each row (of each pass)

  Bytes file() const {
    Bytes bytes = {0x89, 'P', 'N', 'G', 13, 10, 26, 10};
    Bytes header;
    append_u32(header, width);
    append_u32(header, height);
    header.insert(header.end(), {depth, color, 0, 0, static_cast<std::uint8_t>(interlaced ? 1 : 0)});
    append_chunk(bytes, "IHDR", header);
    if (!palette.empty()) append_chunk(bytes, "PLTE", palette);
    if (!transparency.empty()) append_chunk(bytes, "tRNS", transparency);
    if (!exif.empty()) append_chunk(bytes, "eXIf", exif);
    append_chunk(bytes, "IDAT", zlib_stored(rows));
    append_chunk(bytes, "IEND", {});
    return bytes;
  }
};

/// pixels: (height, width, 3).
inline Bytes rgb_png(int width, int height, std::span<const std::uint8_t> pixels) {
  Png png;
  png.width = static_cast<std::uint32_t>(width);
  png.height = static_cast<std::uint32_t>(height);
  const std::size_t row = static_cast<std::size_t>(width) * 3;
  for (std::size_t y = 0; y < static_cast<std::size_t>(height); ++y) {
    png.rows.push_back(0);
    png.rows.insert(png.rows.end(), pixels.begin() + static_cast<std::ptrdiff_t>(y * row),
                    pixels.begin() + static_cast<std::ptrdiff_t>((y + 1) * row));
  }
  return png.file();
}

}  // namespace sortlab::test
