#include "tensor/arena.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cstdint>
#include <vector>

namespace sortlab {

TEST_CASE("an arena is aligned, zero-filled and as large as asked") {
  for (const std::size_t bytes : {std::size_t{1}, std::size_t{63}, std::size_t{64}, std::size_t{1} << 20}) {
    CAPTURE(bytes);
    Result<Arena> arena = Arena::allocate(bytes);
    REQUIRE(arena.ok());
    CHECK(arena->bytes() == bytes);
    CHECK(reinterpret_cast<std::uintptr_t>(arena->floats(0)) % kAlignment == 0);
    const std::uint8_t* begin = arena->bytes_at(0);
    CHECK(std::all_of(begin, begin + bytes, [](std::uint8_t byte) { return byte == 0; }));
    arena->bytes_at(0)[bytes - 1] = 7;  // the sanitizer watches the end
  }
}

TEST_CASE("an arena that moves keeps its memory") {
  Result<Arena> arena = Arena::allocate(256);
  REQUIRE(arena.ok());
  arena->floats(64)[0] = 3.0f;
  const Arena moved = std::move(arena).value();
  CHECK(moved.floats(64)[0] == 3.0f);
}

TEST_CASE("a spare arena is taken where it is large enough, and is clean") {
  Result<Arena> first = Arena::allocate(1000);
  REQUIRE(first.ok());
  std::fill_n(first->bytes_at(0), 1000, std::uint8_t{7});
  const std::uint8_t* place = first->bytes_at(0);
  Result<Arena> second = Arena::allocate(900, std::move(*first));
  REQUIRE(second.ok());
  CHECK(second->bytes_at(0) == place);
  CHECK(second->bytes() >= 900);
  CHECK(std::all_of(second->bytes_at(0), second->bytes_at(900), [](std::uint8_t byte) { return byte == 0; }));
  Result<Arena> larger = Arena::allocate(1001, std::move(*second));
  REQUIRE(larger.ok());
  CHECK(larger->bytes() == 1001);
  CHECK(std::all_of(larger->bytes_at(0), larger->bytes_at(1001), [](std::uint8_t byte) { return byte == 0; }));
}

TEST_CASE("an arena that cannot be is a status") {
  std::vector<std::size_t> sizes{SIZE_MAX, SIZE_MAX - kAlignment, SIZE_MAX / 2 + 1};
  if (sizeof(std::size_t) == 4) sizes.push_back(SIZE_MAX / 2 - kAlignment);  // malloc itself must say no
  for (const std::size_t bytes : sizes) {
    CAPTURE(bytes);
    const Result<Arena> arena = Arena::allocate(bytes);
    REQUIRE(!arena.ok());
    CHECK(arena.status().code() == StatusCode::kOutOfMemory);
  }
}

}  // namespace sortlab
