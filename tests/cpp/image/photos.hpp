// Real photos for the tests, read from a zip of stored (uncompressed) entries beside the checkout, where it is present.
#pragma once

#include <cstdint>
#include <cstdio>
#include <string>
#include <utility>
#include <vector>

namespace sortlab::test {

inline constexpr const char* kPhotoZip = "../shared/data/trashnet-mini.zip";

/// Name and bytes of each entry; empty where the file is absent.
inline std::vector<std::pair<std::string, std::vector<std::uint8_t>>> read_photos() {
  std::vector<std::pair<std::string, std::vector<std::uint8_t>>> photos;
  std::FILE* file = std::fopen(kPhotoZip, "rb");
  if (file == nullptr) return photos;
  std::vector<std::uint8_t> zip;
  std::uint8_t buffer[65536];
  for (std::size_t got; (got = std::fread(buffer, 1, sizeof buffer, file)) > 0;)
    zip.insert(zip.end(), buffer, buffer + got);
  std::fclose(file);
  const auto u16 = [&zip](std::size_t at) { return static_cast<std::size_t>(zip[at] | zip[at + 1] << 8); };
  const auto u32 = [&](std::size_t at) { return u16(at) | u16(at + 2) << 16; };
  // Local headers follow one another: signature, method at 8, sizes at 18 and 22, lengths of name and extra field at 26
  // and 28.
  std::size_t at = 0;
  while (at + 30 < zip.size() && u32(at) == 0x04034b50) {
    const std::size_t size = u32(at + 18), name = u16(at + 26), data = at + 30 + name + u16(at + 28);
    if (u16(at + 8) != 0 || data + size > zip.size()) break;
    if (size > 0) {
      photos.emplace_back(std::string(zip.begin() + static_cast<std::ptrdiff_t>(at + 30),
                                      zip.begin() + static_cast<std::ptrdiff_t>(at + 30 + name)),
                          std::vector<std::uint8_t>(zip.begin() + static_cast<std::ptrdiff_t>(data),
                                                    zip.begin() + static_cast<std::ptrdiff_t>(data + size)));
    }
    at = data + size;
  }
  return photos;
}

}  // namespace sortlab::test
