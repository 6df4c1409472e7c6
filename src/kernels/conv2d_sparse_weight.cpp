// dweight of the pooled block. Behind a 2x2 max-pool at most one of four gradients is not zero, and none where ReLU was
// off: about one multiplication in six of a dense pass is left. They are done like this, for each strip of kStripRows
// pooled rows:
//
//   1. the input rows under it, copied with their padding, so that no tap needs a test
//   2. for each output channel the list of its live gradients: (gradient, where its patch starts in 1.)
//   3. for each kernel row and output channel, registers hold up to 12 vectors of dweight; the whole list runs past:
//
//         dweight[o][ky] = [ v0 v1 v2 ... v11 ]      consecutive (kx, ci): one kernel row of a patch is one run in NHWC
//              +=  g1 * input[start1 ...]
//              +=  g2 * input[start2 ...]            per entry: one splat, 12 loads, 12 multiply-adds
//
// The sums are kept as (out_channels, ky, kx ci) and added to dweight (ky, kx, ci, out_channels) at the end.
// The lists are built without branches: every window writes, and the end moves on only past the live ones.
// Measured in V8, relaxed, two windows of three alive: 112x112 32 -> 64 in 2.4 ms, 62 % of the peak of multiply-add for
// the products that are left (333 % of it counted directly).
#include <algorithm>

#include "kernels/conv2d_rows.hpp"
#include "kernels/conv2d_sparse.hpp"
#include "simd/compact.hpp"
#include "simd/copy.hpp"

namespace sortlab::kernels::sparse {
namespace {

// Pooled rows worked on together: longer lists, so that loading and storing sums weighs less; shorter, so that the
// input rows stay in the first-level cache.
constexpr int kStripRows = 2;

/// Sizes and strides, in floats, of everything in the workspace.
struct Layout {
  std::ptrdiff_t run;         // kernel_size * in_channels: one kernel row of a patch
  std::ptrdiff_t run_padded;  // the same in whole vectors
  std::ptrdiff_t row;         // one padded input row, with slack for the last run's whole vectors
  std::ptrdiff_t rows;        // input rows under one strip
  std::ptrdiff_t windows;     // pooled width
  std::ptrdiff_t list;        // most entries of a list, and room for one vector
  explicit Layout(const Conv2dShape& shape)
      : run(shape.kernel_size * shape.in_channels),
        run_padded((run + 3) / 4 * 4),
        row((std::ptrdiff_t{shape.out_width - 1} * shape.stride + shape.kernel_size) * shape.in_channels + 4),
        rows((2 * kStripRows - 1) * shape.stride + shape.kernel_size),
        windows(shape.out_width / 2),
        list(kStripRows * windows + 4) {}
};

/// Lists of all output channels: entry i of channel o at [o * layout.list + i].
struct Lists {
  float* gradient;
  std::int32_t* start;
  std::int32_t* count;
};

/// Where a window's live gradient sits: floats from the first of the padded rows to its patch.
struct Positions {
  std::int32_t step, down;  // from one conv pixel to the next, and to the row below
  std::int32_t first;       // of the pooled row's first window
  std::int32_t start(std::int32_t window, std::uint8_t code) const {
    return first + 2 * window * step + (code & 1) * step + (code >> 1 & 1) * down;
  }
};

/// One channel's windows from `window` on, one by one.
void append_windows(const Conv2dShape& shape, const Layout& layout, const Positions& positions, const float* dpooled,
                    const std::uint8_t* code, std::ptrdiff_t channel, std::ptrdiff_t window, const Lists& lists,
                    float* dbias) {
  for (; window < layout.windows; ++window) {
    const std::ptrdiff_t i = window * shape.out_channels + channel, end = channel * layout.list + lists.count[channel];
    lists.gradient[end] = dpooled[i];
    lists.start[end] = positions.start(static_cast<std::int32_t>(window), code[i]);
    lists.count[channel] += code[i] != kPoolDead;
    if (dbias != nullptr && code[i] != kPoolDead) dbias[channel] += dpooled[i];
  }
}

/// Four channels, four windows at a time: turned, so that a vector holds the windows of one channel, then compacted.
void append_four_channels(const Conv2dShape& shape, const Layout& layout, const Positions& positions,
                          const float* dpooled, const std::uint8_t* code, std::ptrdiff_t channel, const Lists& lists,
                          float* dbias) {
  const std::ptrdiff_t out = shape.out_channels;
  const std::int32_t first[4] = {0, 2 * positions.step, 4 * positions.step, 6 * positions.step};
  simd::i32x4 start = simd::load(first) + simd::splat(positions.first);
  simd::f32x4 bias[4] = {simd::zero(), simd::zero(), simd::zero(), simd::zero()};
  std::ptrdiff_t window = 0;
  for (; window + 4 <= layout.windows; window += 4, start = start + simd::splat(8 * positions.step)) {
    simd::f32x4 g[4], c[4];
    for (std::ptrdiff_t w = 0; w < 4; ++w) {
      g[w] = simd::load(dpooled + (window + w) * out + channel);
      c[w] = simd::bits_as_f32(simd::load_u8(code + (window + w) * out + channel));
    }
    simd::transpose(g[0], g[1], g[2], g[3]);
    simd::transpose(c[0], c[1], c[2], c[3]);
    for (std::ptrdiff_t k = 0; k < 4; ++k) {
      const simd::i32x4 position = simd::bits_as_i32(c[k]);
      const simd::mask32x4 live = position < simd::splat(std::int32_t{kPoolDead});
      const unsigned bits = simd::bitmask(live);
      const simd::i32x4 right = position & simd::splat(1), below = position >> 1;
      const simd::i32x4 place = start + right * simd::splat(positions.step) + below * simd::splat(positions.down);
      const std::ptrdiff_t end = (channel + k) * layout.list + lists.count[channel + k];
      simd::store(lists.gradient + end, simd::compact(g[k], bits));
      simd::store(lists.start + end, simd::compact(place, bits));
      lists.count[channel + k] += simd::count_bits(bits);
      bias[k] = bias[k] + simd::keep(live, g[k]);
    }
  }
  for (std::ptrdiff_t k = 0; k < 4; ++k) {
    if (dbias != nullptr) dbias[channel + k] += simd::sum(bias[k]);
    append_windows(shape, layout, positions, dpooled, code, channel + k, window, lists, dbias);
  }
}

/// Appends the pooled row `row` of a strip to the lists, and adds its part of dbias (may be null).
void append_row(const Conv2dShape& shape, const Layout& layout, int row, const float* dpooled, const std::uint8_t* code,
                const Lists& lists, float* dbias) {
  const auto down = static_cast<std::int32_t>(shape.stride * layout.row);
  const Positions positions{static_cast<std::int32_t>(shape.stride * shape.in_channels), down, 2 * row * down};
  std::ptrdiff_t channel = 0;
  for (; channel + 4 <= shape.out_channels; channel += 4) {
    append_four_channels(shape, layout, positions, dpooled, code, channel, lists, dbias);
  }
  for (; channel < shape.out_channels; ++channel) {
    append_windows(shape, layout, positions, dpooled, code, channel, 0, lists, dbias);
  }
}

/// sums (kRows, 4 kVectors; rows sums_stride apart) += the list times the runs at padded + start.
template <int kRows, int kVectors>
void run_list(std::int32_t count, const float* gradient, const std::int32_t* start, const float* padded,
              std::ptrdiff_t padded_stride, float* sums, std::ptrdiff_t sums_stride) {
  simd::f32x4 sum[kRows][kVectors];
  for (int r = 0; r < kRows; ++r) {
    for (int v = 0; v < kVectors; ++v) sum[r][v] = simd::load(sums + r * sums_stride + 4 * v);
  }
  for (std::int32_t i = 0; i < count; ++i) {
    const simd::f32x4 g = simd::load_splat(gradient + i);
    const float* run = padded + start[i];
    for (int r = 0; r < kRows; ++r, run += padded_stride) {
      for (int v = 0; v < kVectors; ++v) sum[r][v] = simd::madd(g, simd::load(run + 4 * v), sum[r][v]);
    }
  }
  for (int r = 0; r < kRows; ++r) {
    for (int v = 0; v < kVectors; ++v) simd::store(sums + r * sums_stride + 4 * v, sum[r][v]);
  }
}

using RunList = void (*)(std::int32_t, const float*, const std::int32_t*, const float*, std::ptrdiff_t, float*,
                         std::ptrdiff_t);
struct Block {
  std::ptrdiff_t vectors;
  RunList run;
};
constexpr Block kBlocks[] = {
    {12, run_list<1, 12>}, {8, run_list<1, 8>}, {4, run_list<1, 4>}, {2, run_list<1, 2>}, {1, run_list<1, 1>}};

/// Twelve where they come out even, since 16 vectors are better taken as 8 + 8 than as 12 + 4; otherwise the largest
/// block below that fits.
const Block& next_block(std::ptrdiff_t vectors) {
  const Block* block = kBlocks;
  if (vectors % block->vectors != 0) ++block;
  while (block->vectors > vectors) ++block;
  return *block;
}

// Few channels: the three kernel rows together, so that enough sums are under way at once.
constexpr RunList kRunList3[] = {run_list<3, 1>, run_list<3, 2>, run_list<3, 3>, run_list<3, 4>};

void multiply_lists(const Conv2dShape& shape, const Layout& layout, const Lists& lists, const float* padded,
                    float* sums) {
  const std::ptrdiff_t vectors = layout.run_padded / 4, sums_of_channel = shape.kernel_size * layout.run_padded;
  const bool together = shape.kernel_size == 3 && vectors <= 4;
  for (int ky = 0; ky < (together ? 1 : shape.kernel_size); ++ky) {
    for (std::ptrdiff_t o = 0; o < shape.out_channels; ++o) {
      const float* gradient = lists.gradient + o * layout.list;
      const std::int32_t* start = lists.start + o * layout.list;
      for (std::ptrdiff_t v = 0; v < vectors;) {
        const Block block = together ? Block{vectors, kRunList3[vectors - 1]} : next_block(vectors - v);
        block.run(lists.count[o], gradient, start, padded + ky * layout.row + 4 * v, layout.row,
                  sums + o * sums_of_channel + ky * layout.run_padded + 4 * v, layout.run_padded);
        v += block.vectors;
      }
    }
  }
}

void add_sums(const Conv2dShape& shape, const Layout& layout, const float* sums, float* dweight) {
  const std::ptrdiff_t out = shape.out_channels, stride = shape.kernel_size * layout.run_padded;
  for (int ky = 0; ky < shape.kernel_size; ++ky) {
    for (std::ptrdiff_t i = 0; i < layout.run; ++i, dweight += out) {
      const float* source = sums + ky * layout.run_padded + i;
      for (std::ptrdiff_t o = 0; o < out; ++o) dweight[o] += source[o * stride];
    }
  }
}

}  // namespace

std::size_t backward_weight_workspace_size(const Conv2dShape& shape) {
  const Layout layout(shape);
  const std::ptrdiff_t sums = std::ptrdiff_t{shape.out_channels} * shape.kernel_size * layout.run_padded;
  const std::ptrdiff_t lists = shape.out_channels * (2 * layout.list + 1);
  return static_cast<std::size_t>(sums + layout.rows * layout.row + lists);
}

void backward_weight(const Conv2dShape& shape, const float* input, const float* dpooled, const std::uint8_t* code,
                     float* dweight, float* dbias, float* workspace) {
  const Layout layout(shape);
  const int pooled_height = shape.out_height / 2;
  const std::ptrdiff_t out = shape.out_channels, pooled_row = layout.windows * out;
  const std::ptrdiff_t sums_size = out * shape.kernel_size * layout.run_padded;
  float* sums = workspace;
  float* padded = sums + sums_size;
  float* gradients = padded + layout.rows * layout.row;
  auto* starts = reinterpret_cast<std::int32_t*>(gradients + out * layout.list);
  const Lists lists{gradients, starts, starts + out * layout.list};
  simd::fill(sums_size, 0.0f, sums);
  for (int row = 0; row < pooled_height; row += kStripRows) {
    const int rows = std::min(kStripRows, pooled_height - row);
    copy_padded_rows(shape, input, 2 * row * shape.stride - shape.pad_top,
                     (2 * rows - 1) * shape.stride + shape.kernel_size, layout.row, padded);
    std::fill_n(lists.count, out, 0);
    for (int i = 0; i < rows; ++i, dpooled += pooled_row, code += pooled_row) {
      append_row(shape, layout, i, dpooled, code, lists, dbias);
    }
    multiply_lists(shape, layout, lists, padded, sums);
  }
  add_sums(shape, layout, sums, dweight);
}

}  // namespace sortlab::kernels::sparse
