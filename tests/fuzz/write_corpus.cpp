// Writes what the fuzzers begin with: sound pictures and model files, and ones that already lie.
//   write_corpus DECODE_FOLDER MODEL_FOLDER
#include <cstdio>
#include <fstream>
#include <string>

#include "image/jpeg_fixtures.hpp"
#include "image/png_builder.hpp"
#include "sound_model.hpp"

namespace {

using sortlab::test::Bytes;

bool write(const std::string& path, const Bytes& bytes) {
  std::ofstream file(path, std::ios::binary);
  file.write(reinterpret_cast<const char*>(bytes.data()), static_cast<std::streamsize>(bytes.size()));
  return file.good();
}

bool write_pictures(const std::string& folder) {
  using namespace sortlab::test;
  const Bytes* const jpegs[] = {&kJpegBaseline, &kJpegSubsampled, &kJpegProgressive, &kJpegRestart,
                                &kJpegGrey,     &kJpegCmyk,       &kJpegNoise};
  bool written = true;
  int number = 0;
  for (const Bytes* jpeg : jpegs) {
    written &= write(folder + "/jpeg-" + std::to_string(++number), *jpeg);
    const Bytes cut(jpeg->begin(), jpeg->begin() + static_cast<std::ptrdiff_t>(jpeg->size() / 2));
    written &= write(folder + "/jpeg-cut-" + std::to_string(number), cut);
  }
  const Bytes pixels(3 * 5 * 4, 100);
  written &= write(folder + "/png-rgb", rgb_png(5, 4, pixels));
  Png palette;
  palette.depth = 1, palette.color = 3, palette.width = 9;
  palette.palette = {1, 2, 3, 4, 5, 6};
  palette.rows = {0, 0xAA, 0x80};
  written &= write(folder + "/png-palette", palette.file());
  Png huge;  // a few bytes that claim 20,000 x 20,000
  huge.width = huge.height = 20000;
  huge.data = zlib_zeros(4);
  return written && write(folder + "/png-huge", huge.file());
}

bool write_models(const std::string& folder) {
  using namespace sortlab::test;
  // The first byte says which part the rest is; see model_fuzz.cpp.
  Bytes whole = model_with(sound_metadata());
  whole.insert(whole.begin(), 0);
  bool written = write(folder + "/whole", whole);
  std::uint8_t part = 2;
  for (const auto& [name, text] : sound_metadata()) {
    Bytes bytes(text.begin(), text.end());
    bytes.insert(bytes.begin(), part++);
    written &= write(folder + "/" + name, bytes);
  }
  return written;
}

}  // namespace

int main(int count, char** arguments) {
  if (count != 3 || !write_pictures(arguments[1]) || !write_models(arguments[2])) {
    std::fputs("write_corpus DECODE_FOLDER MODEL_FOLDER: the folders must exist\n", stderr);
    return 1;
  }
  return 0;
}
