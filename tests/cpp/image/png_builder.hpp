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
    out.insert(out.end(), data.begin() + static_cast<std::ptrdiff_t>(at),
               data.begin() + static_cast<std::ptrdiff_t>(at + size));
    at += size;
  } while (at < data.size());
  append_u32(out, b << 16 | a);
  return out;
}

/// zlib stream of 1 + 258 * runs zeros, with the fixed codes: 13 bits for 258 bytes.
inline Bytes zlib_zeros(std::size_t runs) {
  Bytes out = {0x78, 0x01};
  std::uint32_t buffer = 0;
  int used = 0;
  const auto put = [&](std::uint32_t code, int bits) {  // most significant bit first, as Huffman codes are stored
    for (int bit = bits - 1; bit >= 0; --bit) {
      buffer |= ((code >> bit) & 1) << used;
      if (++used == 8) {
        out.push_back(static_cast<std::uint8_t>(buffer));
        buffer = 0;
        used = 0;
      }
    }
  };
  put(0b110, 3);       // the last block, fixed codes (type 01, low bit first)
  put(0b00110000, 8);  // literal 0
  for (std::size_t i = 0; i < runs; ++i) put(0b1100010100000, 13);  // length 258, distance 1
  put(0, 7);                                                        // end of block
  put(0, 7);
  append_u32(out, 0);  // the checksum, which the decoder does not look at
  return out;
}

struct Png {
  std::uint32_t width = 1, height = 1;
  std::uint8_t depth = 8, color = 2;  // color: 0 grey, 2 RGB, 3 palette, 4 grey and alpha, 6 RGBA
  bool interlaced = false;
  Bytes palette, transparency, exif;
  Bytes rows;  // filter byte and samples of each row (of each pass)
  Bytes data;  // IDAT as it is, instead of rows

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
    append_chunk(bytes, "IDAT", data.empty() ? zlib_stored(rows) : data);
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
