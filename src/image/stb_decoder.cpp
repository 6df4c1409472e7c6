#include "image/stb_decoder.hpp"

#include "image/decode_arena.hpp"

#define STB_IMAGE_IMPLEMENTATION
#define STB_IMAGE_STATIC
#define STBI_ONLY_JPEG
#define STBI_ONLY_PNG
#define STBI_NO_STDIO
#define STBI_NO_LINEAR
#define STBI_NO_HDR
#define STBI_NO_THREAD_LOCALS
#define STBI_NO_FAILURE_STRINGS
#define STBI_ASSERT(x)
#define STBI_MALLOC(size) ::sortlab::DecodeArena::allocate(size)
#define STBI_REALLOC(pointer, size) ::sortlab::DecodeArena::reallocate(pointer, size)
#define STBI_FREE(pointer) ::sortlab::DecodeArena::release(pointer)

#pragma clang diagnostic push
#pragma clang diagnostic ignored "-Weverything"
#include <stb/stb_image.h>
#pragma clang diagnostic pop

namespace sortlab {

namespace {

// The decoder calls the inverse transform once for each 8 x 8 block, in a row for baseline files. That is where one can
// see, without touching its source, that blocks go on after the data ended: at a marker at most 24 bits are still in
// its buffer, and no block takes less than two.
constexpr int kBlocksInBuffer = 16;
struct BlockCounter {
  stbi__jpeg* decoder = nullptr;
  void (*transform)(stbi_uc* out, int out_stride, short data[64]) = nullptr;
  std::size_t blocks = 0;
  int after_marker = 0;
  bool ended_early = false;
};
BlockCounter counter;

void counting_transform(stbi_uc* out, int out_stride, short data[64]) {
  counter.transform(out, out_stride, data);
  ++counter.blocks;
  if (counter.decoder->progressive != 0) return;
  counter.after_marker = counter.decoder->nomore != 0 ? counter.after_marker + 1 : 0;
  if (counter.after_marker > kBlocksInBuffer) counter.ended_early = true;
}

}  // namespace

StbImage stb_decode_jpeg(std::span<const std::uint8_t> bytes) {
  StbImage image;
  stbi__context context;
  stbi__start_mem(&context, bytes.data(), static_cast<int>(bytes.size()));
  auto* decoder = static_cast<stbi__jpeg*>(DecodeArena::allocate(sizeof(stbi__jpeg)));
  if (decoder == nullptr) return image;
  decoder->s = &context;
  stbi__setup_jpeg(decoder);
  counter = {};
  counter.decoder = decoder;
  counter.transform = decoder->idct_block_kernel;
  decoder->idct_block_kernel = counting_transform;
  int stored_channels = 0;
  image.pixels = load_jpeg_image(decoder, &image.width, &image.height, &stored_channels, 3);
  image.channels = 3;
  image.blocks = counter.blocks;
  image.ended_early = counter.ended_early;
  counter = {};
  DecodeArena::release(decoder);
  return image;
}

StbImage stb_decode_png(std::span<const std::uint8_t> bytes) {
  StbImage image;
  image.pixels = stbi_load_from_memory(bytes.data(), static_cast<int>(bytes.size()), &image.width, &image.height,
                                       &image.channels, 0);
  return image;
}

}  // namespace sortlab
