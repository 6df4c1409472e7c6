#include <doctest/doctest.h>

#include <string>
#include <string_view>

#include "image/decode.hpp"
#include "png_builder.hpp"

namespace sortlab {
namespace {

using test::Bytes;

StatusCode code_of(const Bytes& file) { return decode_image(file).status().code(); }

std::vector<test::Png> all_kinds() {
  std::vector<test::Png> kinds(6);
  kinds[0].width = 3;
  kinds[0].rows = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9};
  kinds[1].color = 3;
  kinds[1].palette = {1, 2, 3, 4, 5, 6};
  kinds[1].transparency = {128};
  kinds[1].rows = {0, 1};
  kinds[2].depth = 16;
  kinds[2].color = 6;
  kinds[2].rows = {4, 1, 2, 3, 4, 5, 6, 7, 8};
  kinds[3].depth = 2;
  kinds[3].color = 0;
  kinds[3].width = 5;
  kinds[3].rows = {1, 0b00011011, 0b01000000};
  kinds[4].width = kinds[4].height = 2;
  kinds[4].color = 0;
  kinds[4].interlaced = true;
  kinds[4].rows = {0, 11, 0, 22, 0, 33, 44};
  kinds[5].color = 4;
  kinds[5].rows = {3, 9, 200};
  return kinds;
}

TEST_CASE("a PNG cut anywhere is refused") {
  for (const test::Png& kind : all_kinds()) {
    const Bytes file = kind.file();
    REQUIRE(decode_image(file).ok());
    for (std::size_t size = 4; size < file.size(); ++size) {
      const Bytes cut(file.begin(), file.begin() + static_cast<std::ptrdiff_t>(size));
      CHECK_MESSAGE(inspect_image(cut).status().code() == StatusCode::kTruncated, "at ", size);
    }
  }
}

TEST_CASE("no flipped bit crashes a PNG, and none of a critical chunk goes unnoticed") {
  for (const test::Png& kind : all_kinds()) {
    const Bytes file = kind.file();
    for (std::size_t bit = 64; bit < file.size() * 8; ++bit) {
      Bytes changed = file;
      changed[bit / 8] = static_cast<std::uint8_t>(changed[bit / 8] ^ (1 << bit % 8));
      const bool accepted = decode_image(changed).ok();
      if (kind.transparency.empty()) REQUIRE_MESSAGE(!accepted, "bit ", bit);
    }
  }
}

TEST_CASE("flipped bits with right checksums neither crash nor give half a picture") {
  for (const test::Png& kind : all_kinds()) {
    for (std::size_t bit = 0; bit < kind.rows.size() * 8; ++bit) {
      test::Png changed = kind;
      changed.rows[bit / 8] = static_cast<std::uint8_t>(changed.rows[bit / 8] ^ (1 << bit % 8));
      const Result<Image> image = decode_image(changed.file());
      if (image.ok()) REQUIRE(image->pixels.size() == 3u * kind.width * kind.height);
    }
    for (std::size_t missing = 1; missing < kind.rows.size(); ++missing) {
      test::Png shorter = kind;
      shorter.rows.resize(kind.rows.size() - missing);
      CHECK(code_of(shorter.file()) == StatusCode::kInvalidData);
    }
  }
}

TEST_CASE("65 bytes that claim 20,000 x 20,000 pixels") {
  Bytes file = {0x89, 'P', 'N', 'G', 13, 10, 26, 10};
  Bytes header;
  test::append_u32(header, 20000);
  test::append_u32(header, 20000);
  header.insert(header.end(), {8, 6, 0, 0, 0});
  test::append_chunk(file, "IHDR", header);
  test::append_chunk(file, "IDAT", Bytes{0x78, 0x01, 0x03, 0x00, 0x00, 0x00, 0x00, 0x01});
  test::append_chunk(file, "IEND", {});
  REQUIRE(file.size() == 65);
  const Result<Image> image = decode_image(file);
  CHECK(image.status().code() == StatusCode::kTooLarge);
  CHECK(image.status().message().find("20,000 x 20,000") != std::string::npos);
  CHECK(inspect_image(file).status().code() == StatusCode::kTooLarge);
}

TEST_CASE("sides of up to 31 bits do not overflow") {
  for (const std::uint32_t side : {1u << 17, (1u << 17) + 1, 1u << 24, 0x7FFFFFFFu, 0x80000000u, 0xFFFFFFFFu}) {
    for (const bool interlaced : {false, true}) {
      test::Png png;
      png.width = png.height = side;
      png.interlaced = interlaced;
      png.depth = 16;
      png.color = 6;
      png.rows = {0};
      const StatusCode code = code_of(png.file());
      CHECK(code == (side > 0x7FFFFFFFu ? StatusCode::kInvalidData : StatusCode::kTooLarge));
      png.height = 1;
      CHECK(code_of(png.file()) != StatusCode::kOk);
    }
  }
}

TEST_CASE("a small picture that inflates without end is stopped early") {
  test::Png small;
  small.data = test::zlib_zeros(1);
  REQUIRE(decode_image(small.file()).ok());
  test::Png bomb;  // 387 MB from 2.4 MB; one pixel needs four bytes
  bomb.data = test::zlib_zeros(1500000);
  const Result<Image> image = decode_image(bomb.file());
  CHECK(image.status().code() == StatusCode::kInvalidData);
  CHECK(image.status().message().find("unpacks") != std::string::npos);
}

TEST_CASE("a little more data than needed is accepted, as other readers do") {
  test::Png padded;
  padded.rows = {0, 1, 2, 3, 0, 0, 0, 0};
  REQUIRE(decode_image(padded.file()).ok());
}

TEST_CASE("chunks in a wrong order or number are refused") {
  const Bytes signature = {0x89, 'P', 'N', 'G', 13, 10, 26, 10};
  const Bytes header = {0, 0, 0, 1, 0, 0, 0, 1, 8, 2, 0, 0, 0};
  const Bytes data = test::zlib_stored(Bytes{0, 1, 2, 3});
  const auto file = [&](std::initializer_list<std::pair<std::string_view, const Bytes*>> chunks) {
    Bytes bytes = signature;
    for (const auto& [type, content] : chunks) test::append_chunk(bytes, type, *content);
    return bytes;
  };
  const Bytes none;
  CHECK(decode_image(file({{"IHDR", &header}, {"IDAT", &data}, {"IEND", &none}})).ok());
  CHECK(decode_image(file({{"IHDR", &header}, {"tEXt", &none}, {"IDAT", &data}, {"IEND", &none}})).ok());
  CHECK(code_of(file({{"IDAT", &data}, {"IHDR", &header}, {"IEND", &none}})) == StatusCode::kInvalidData);
  CHECK(code_of(file({{"IHDR", &header}, {"IHDR", &header}, {"IDAT", &data}, {"IEND", &none}})) ==
        StatusCode::kInvalidData);
  CHECK(code_of(file({{"IHDR", &header}, {"IEND", &none}})) == StatusCode::kInvalidData);
  CHECK(code_of(file({{"IHDR", &header}, {"IDAT", &data}})) == StatusCode::kTruncated);
  CHECK(code_of(file({{"IHDR", &header}, {"ABCD", &none}, {"IDAT", &data}, {"IEND", &none}})) ==
        StatusCode::kUnsupported);
  CHECK(code_of(file({{"IHDR", &none}, {"IDAT", &data}, {"IEND", &none}})) == StatusCode::kInvalidData);
}

TEST_CASE("headers with impossible fields are refused") {
  const auto code = [](std::uint8_t depth, std::uint8_t color) {
    test::Png png;
    png.depth = depth;
    png.color = color;
    png.rows = {0, 0, 0, 0};
    return code_of(png.file());
  };
  for (const auto& [depth, color] : {std::pair{3, 0}, {4, 2}, {16, 3}, {8, 1}, {8, 5}, {8, 7}, {0, 2}, {32, 0}}) {
    CHECK_MESSAGE(code(static_cast<std::uint8_t>(depth), static_cast<std::uint8_t>(color)) == StatusCode::kInvalidData,
                  depth, " ", color);
  }
  test::Png palette;  // needs one
  palette.color = 3;
  palette.rows = {0, 0};
  CHECK(code_of(palette.file()) == StatusCode::kInvalidData);
  test::Png flat;
  flat.height = 0;
  CHECK(code_of(flat.file()) == StatusCode::kInvalidData);
}

TEST_CASE("palette indices outside the palette do not read outside it") {
  test::Png png;
  png.color = 3;
  png.palette = {1, 2, 3};
  png.rows = {0, 200};
  const Result<Image> image = decode_image(png.file());
  if (image.ok()) CHECK(image->pixels.size() == 3);
}

TEST_CASE("crc32 gives the published check value") {
  const std::string_view text = "123456789";
  CHECK(crc32({reinterpret_cast<const std::uint8_t*>(text.data()), text.size()}) == 0xCBF43926u);
}

}  // namespace
}  // namespace sortlab
