#include "image/jpeg_structure.hpp"

#include <algorithm>
#include <array>
#include <cstring>
#include <string>
#include <string_view>

#include "image/bytes.hpp"
#include "image/exif.hpp"

namespace sortlab {

namespace {

constexpr int kSoi = 0xD8, kEoi = 0xD9, kSos = 0xDA, kApp1 = 0xE1, kApp14 = 0xEE, kTem = 0x01;
constexpr bool is_restart(int marker) { return marker >= 0xD0 && marker <= 0xD7; }
constexpr bool is_frame(int marker) {
  return marker >= 0xC0 && marker <= 0xCF && marker != 0xC4 && marker != 0xC8 && marker != 0xCC;
}

Status truncated() {
  return {StatusCode::kTruncated, "The photo ends too early, as after an interrupted copy; copy it again."};
}
Status damaged() {
  return {StatusCode::kInvalidData, "The photo is damaged: its JPEG structure makes no sense; copy it again."};
}
Status unsupported(std::string_view kind) {
  return {StatusCode::kUnsupported,
          "This is a JPEG " + std::string(kind) + ", which cannot be read here; save it again as an ordinary JPEG."};
}

struct Component {
  int id = 0, h = 1, v = 1;
  // Progressive: how many low bits of each coefficient are still missing; kNever before its first scan.
  static constexpr std::int8_t kNever = 127;
  std::array<std::int8_t, 64> missing_bits{};
  bool scanned = false;
};

class Walker {
 public:
  Walker(std::span<const std::uint8_t> bytes, int max_scans) : bytes_(bytes), max_scans_(max_scans) {}

  Result<JpegStructure> walk() {
    at_ = 2;  // behind SOI, which the caller has seen
    for (;;) {
      int marker = 0;
      if (!next_marker(marker)) return truncated();
      if (marker == kEoi) return finish();
      if (marker == kSoi) return truncated();  // another picture begins before this one ended
      if (is_restart(marker) || marker == kTem) continue;
      std::uint32_t length = 0;
      if (!read_u16(bytes_, at_, ByteOrder::kBigEndian, length)) return truncated();
      if (length < 2) return damaged();
      if (length > bytes_.size() - at_) return truncated();
      const std::span<const std::uint8_t> segment = bytes_.subspan(at_ + 2, length - 2);
      at_ += length;
      SORTLAB_RETURN_IF_ERROR(read_segment(marker, segment));
    }
  }

 private:
  /// Skips to the next 0xFF that is followed by neither a stuffed zero nor fill: entropy-coded data and padding alike.
  bool next_marker(int& marker) {
    while (at_ < bytes_.size()) {
      const void* found = std::memchr(bytes_.data() + at_, 0xFF, bytes_.size() - at_);
      if (found == nullptr) return false;
      at_ = static_cast<std::size_t>(static_cast<const std::uint8_t*>(found) - bytes_.data());
      while (at_ < bytes_.size() && bytes_[at_] == 0xFF) ++at_;
      if (at_ == bytes_.size()) return false;
      marker = bytes_[at_++];
      if (marker != 0) return true;
    }
    return false;
  }

  Status read_segment(int marker, std::span<const std::uint8_t> segment) {
    if (is_frame(marker)) return read_frame(marker, segment);
    if (marker == kSos) return read_scan(segment);
    const std::string_view text(reinterpret_cast<const char*>(segment.data()), segment.size());
    if (marker == kApp1 && !exif_seen_ && text.starts_with("Exif")) {
      structure_.orientation = exif_orientation(segment);
      exif_seen_ = true;
    }
    if (marker == kApp14 && text.starts_with("Adobe")) adobe_seen_ = true;
    return {};
  }

  Status read_frame(int marker, std::span<const std::uint8_t> segment) {
    if (marker >= 0xC9) return unsupported("with arithmetic coding");
    if (marker == 0xC3) return unsupported("without loss");
    if (marker > 0xC3) return unsupported("of the hierarchical kind");
    if (structure_.components != 0 || segment.size() < 6) return damaged();
    if (segment[0] != 8) return unsupported("with " + std::to_string(segment[0]) + " bits a colour");
    structure_.height = segment[1] << 8 | segment[2];
    structure_.width = segment[3] << 8 | segment[4];
    structure_.progressive = marker == 0xC2;
    const int count = segment[5];
    if (structure_.width == 0 || structure_.height == 0) return damaged();
    if ((count != 1 && count != 3 && count != 4) || segment.size() != 6 + 3 * static_cast<std::size_t>(count))
      return damaged();
    structure_.components = count;
    for (int i = 0; i < count; ++i) {
      const std::uint8_t* entry = segment.data() + 6 + 3 * i;
      Component& component = components_[static_cast<std::size_t>(i)];
      component.id = entry[0];
      component.h = entry[1] >> 4;
      component.v = entry[1] & 15;
      if (component.h < 1 || component.h > 4 || component.v < 1 || component.v > 4 || entry[2] > 3) return damaged();
      component.missing_bits.fill(Component::kNever);
    }
    measure();
    return {};
  }

  void measure() {
    int h_max = 1, v_max = 1;
    for (const Component& c : components()) {
      h_max = std::max(h_max, c.h);
      v_max = std::max(v_max, c.v);
    }
    const auto blocks_across = [](std::int64_t pixels, int share, int most) {
      return static_cast<std::size_t>(((pixels * share + most - 1) / most + 7) / 8);
    };
    const auto mcus_across = [](std::int64_t pixels, int most) {
      return static_cast<std::size_t>((pixels + 8 * most - 1) / (8 * most));
    };
    const std::size_t mcus = mcus_across(structure_.width, h_max) * mcus_across(structure_.height, v_max);
    for (const Component& c : components()) {
      const std::size_t samples = mcus * static_cast<std::size_t>(c.h * c.v) * 64;
      structure_.plane_bytes += samples * (structure_.progressive ? 3 : 1) + 64;
      structure_.blocks += blocks_across(structure_.width, c.h, h_max) * blocks_across(structure_.height, c.v, v_max);
    }
  }

  Status read_scan(std::span<const std::uint8_t> segment) {
    if (structure_.components == 0 || segment.empty()) return damaged();
    if (++structure_.scans > max_scans_) return unsupported("in more than " + std::to_string(max_scans_) + " scans");
    const std::size_t count = segment[0];
    if (count < 1 || count > 4 || segment.size() != 4 + 2 * count) return damaged();
    const int first = segment[1 + 2 * count], last = segment[2 + 2 * count], low = segment[3 + 2 * count] & 15;
    if (structure_.progressive && (first > last || last > 63 || low > 13)) return damaged();
    for (std::size_t i = 0; i < count; ++i) {
      const int id = segment[1 + 2 * i];
      const auto list = components();
      const auto component = std::find_if(list.begin(), list.end(), [id](const Component& c) { return c.id == id; });
      if (component == list.end()) return damaged();
      component->scanned = true;
      if (!structure_.progressive) continue;
      for (int k = first; k <= last; ++k)
        component->missing_bits[static_cast<std::size_t>(k)] = static_cast<std::int8_t>(low);
    }
    return {};
  }

  /// At the end marker every component has been scanned, and each coefficient that was begun is there to its last bit.
  Result<JpegStructure> finish() {
    if (structure_.components == 0) return damaged();
    for (const Component& c : components()) {
      if (!c.scanned) return truncated();
      if (!structure_.progressive) continue;
      if (c.missing_bits[0] != 0) return truncated();
      for (const std::int8_t bits : c.missing_bits) {
        if (bits != 0 && bits != Component::kNever) return truncated();
      }
    }
    if (structure_.components == 4 && !adobe_seen_) return unsupported("in four unnamed colours");
    return structure_;
  }

  std::span<Component> components() { return {components_.data(), static_cast<std::size_t>(structure_.components)}; }

  std::span<const std::uint8_t> bytes_;
  int max_scans_;
  std::size_t at_ = 0;
  JpegStructure structure_;
  std::array<Component, 4> components_;
  bool exif_seen_ = false, adobe_seen_ = false;
};

}  // namespace

Result<JpegStructure> walk_jpeg(std::span<const std::uint8_t> bytes, int max_scans) {
  if (bytes.size() < 2 || bytes[0] != 0xFF || bytes[1] != kSoi) return damaged();
  return Walker(bytes, max_scans).walk();
}

}  // namespace sortlab
