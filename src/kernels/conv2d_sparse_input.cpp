// dinput of the pooled block, over the live gradients only (see conv2d_sparse_weight.cpp for why they are few).
//
//   1. for each conv row the list of its live gradients, pixel after pixel: (gradient, which weights it meets)
//
//        first[x]            first[x+1]
//          v                   v
//        | (g, o) (g, o) (g, o) | (g, o) | ...         x = conv column, o = output channel
//
//   2. for each dinput pixel, registers hold up to 32 of its channels, and the entries of the conv pixels that see it,
//      one run of the list, pass by:  dinput[ix] += g * weight[ky][ix + pad - x s][o]   (consecutive input channels)
//
// Nothing is scattered. The weights are arranged as (block of 32 input channels, ky, kx, out_channels, 32). kx depends
// on ix and on the entry's x together, so an entry holds o - x s out_channels and a pixel adds (ix + pad) out_channels:
// the sum is kx out_channels + o. One kernel row of weights (24 KiB for 64 x 32 channels) is used for a whole dinput
// row before the next, so that it stays in the first-level cache. Measured in V8, relaxed, two windows of three alive:
// 112x112 32 -> 64 in 2.4 ms, 61 % of the peak of multiply-add for the products that are left (321 % of it counted
// directly). Lists take 0.4 ms of that.
#include <algorithm>

#include "kernels/conv2d_sparse.hpp"
#include "simd/compact.hpp"
#include "simd/copy.hpp"

namespace sortlab::kernels::sparse {
namespace {

/// The live gradients of one conv row.
struct RowList {
  float* gradient;
  std::int32_t* weight;  // o - x * stride * out_channels
  std::int32_t* first;   // (columns + 1): where each pixel's entries begin
};

/// Sizes of everything in the workspace.
struct Layout {
  int rows, columns;         // conv rows and columns that belong to a whole window
  int slots;                 // conv rows kept: those that meet one dinput row, in whole pooled rows
  std::ptrdiff_t row_most;   // entries of one conv row at most: one per window and channel, and room for one vector
  std::ptrdiff_t row_size;   // 32-bit words of one RowList
  std::ptrdiff_t padded_in;  // in_channels in whole vectors
  explicit Layout(const Conv2dShape& shape)
      : rows(shape.out_height / 2 * 2),
        columns(shape.out_width / 2 * 2),
        slots((shape.kernel_size / shape.stride + 4) / 2 * 2),
        row_most(std::ptrdiff_t{columns} / 2 * shape.out_channels + 4),
        row_size(2 * row_most + columns + 1),
        padded_in((shape.in_channels + 3) / 4 * 4) {}
};

RowList row_list(const Layout& layout, float* workspace, int y) {
  float* base = workspace + (y % layout.slots) * layout.row_size;
  auto* integers = reinterpret_cast<std::int32_t*>(base + layout.row_most);
  return {base, integers, integers + layout.row_most};
}

/// Appends the channels of one conv pixel whose code is `position`; returns the new end. Four channels are written at a
/// time, the live ones first, and the end moves on only past those.
std::int32_t append_pixel(std::int32_t channels, std::int32_t before, const float* dpooled, const std::uint8_t* code,
                          std::uint8_t position, const RowList& list, std::int32_t end) {
  const std::int32_t kFirstLanes[4] = {0, 1, 2, 3};
  const simd::i32x4 weight = simd::load(kFirstLanes) - simd::splat(before);
  std::int32_t o = 0;
  for (; o + 16 <= channels; o += 16) {
    unsigned bits = simd::equal_bytes(code + o, position);
    for (std::int32_t part = o; part < o + 16; part += 4, bits >>= 4) {
      const unsigned live = bits & 15u;
      simd::store(list.gradient + end, simd::compact(simd::load(dpooled + part), live));
      simd::store(list.weight + end, simd::compact(weight + simd::splat(part), live));
      end += simd::count_bits(live);
    }
  }
  for (; o < channels; ++o) {
    list.gradient[end] = dpooled[o];
    list.weight[end] = o - before;
    end += code[o] == position;
  }
  return end;
}

void build_row(const Conv2dShape& shape, const Layout& layout, int y, const float* dpooled, const std::uint8_t* code,
               const RowList& list) {
  std::int32_t end = 0;
  for (int x = 0; x < layout.columns; ++x) {
    const auto position = static_cast<std::uint8_t>(2 * (y & 1) + (x & 1));
    const std::ptrdiff_t window = std::ptrdiff_t{x / 2} * shape.out_channels;
    list.first[x] = end;
    end = append_pixel(shape.out_channels, x * shape.stride * shape.out_channels, dpooled + window, code + window,
                       position, list, end);
  }
  list.first[layout.columns] = end;
}

/// One dinput row += one conv row. `weight`: block's weights of this kernel row (kx, out_channels, 4 kVectors).
template <int kVectors>
void add_row(const Conv2dShape& shape, const Layout& layout, const RowList& list, const float* weight, float* dinput,
             std::ptrdiff_t dinput_stride) {
  const int reach = shape.kernel_size - 1, stride = shape.stride;
  for (int ix = 0; ix < shape.width; ++ix, dinput += dinput_stride) {
    const int right = ix + shape.pad_left;  // x * stride <= right <= x * stride + reach
    const int x_begin = std::min(std::max(0, right - reach + stride - 1) / stride, layout.columns);
    const int x_end = std::clamp(right / stride + 1, x_begin, layout.columns);
    const float* of_pixel = weight + std::ptrdiff_t{right} * shape.out_channels * (4 * kVectors);
    simd::f32x4 sum[kVectors];
    for (int v = 0; v < kVectors; ++v) sum[v] = simd::load(dinput + 4 * v);
    for (std::int32_t i = list.first[x_begin], end = list.first[x_end]; i < end; ++i) {
      const simd::f32x4 g = simd::load_splat(list.gradient + i);
      const float* run = of_pixel + std::ptrdiff_t{list.weight[i]} * (4 * kVectors);
      for (int v = 0; v < kVectors; ++v) sum[v] = simd::madd(g, simd::load(run + 4 * v), sum[v]);
    }
    for (int v = 0; v < kVectors; ++v) simd::store(dinput + 4 * v, sum[v]);
  }
}

using AddRow = void (*)(const Conv2dShape&, const Layout&, const RowList&, const float*, float*, std::ptrdiff_t);
struct Block {
  std::ptrdiff_t vectors;
  AddRow add_row;
};
constexpr Block kBlocks[] = {{8, add_row<8>}, {4, add_row<4>}, {2, add_row<2>}, {1, add_row<1>}};

/// The largest block that fits into the input channels from `channel` on.
const Block& block_at(const Layout& layout, std::ptrdiff_t channel) {
  const Block* block = kBlocks;
  while (4 * block->vectors > layout.padded_in - channel) ++block;
  return *block;
}

/// All conv rows that meet dinput row iy, into target (width, padded_in), which starts at zero.
void gather_row(const Conv2dShape& shape, const Layout& layout, int iy, const float* prepared, float* target,
                float* lists) {
  const int bottom = iy + shape.pad_top, reach = shape.kernel_size - 1;
  const int y_begin = std::max(0, bottom - reach + shape.stride - 1) / shape.stride;
  const int y_end = std::min(bottom / shape.stride + 1, layout.rows);
  const std::ptrdiff_t taps = shape.kernel_size * shape.out_channels;
  for (std::ptrdiff_t channel = 0; channel < layout.padded_in;) {
    const Block& block = block_at(layout, channel);
    const float* weights = prepared + channel * shape.kernel_size * taps;
    for (int y = y_begin; y < y_end; ++y) {
      const std::ptrdiff_t ky = bottom - y * shape.stride;
      block.add_row(shape, layout, row_list(layout, lists, y), weights + ky * taps * (4 * block.vectors),
                    target + channel, layout.padded_in);
    }
    channel += 4 * block.vectors;
  }
}

}  // namespace

std::size_t prepared_backward_size(const Conv2dShape& shape) {
  const Layout layout(shape);
  return static_cast<std::size_t>(std::ptrdiff_t{shape.kernel_size} * shape.kernel_size * shape.out_channels *
                                  layout.padded_in);
}

void prepare_backward(const Conv2dShape& shape, const float* weight, float* prepared) {
  const Layout layout(shape);
  const std::ptrdiff_t in = shape.in_channels, out = shape.out_channels, taps = shape.kernel_size * shape.kernel_size;
  for (std::ptrdiff_t channel = 0; channel < layout.padded_in;) {
    const std::ptrdiff_t block = 4 * block_at(layout, channel).vectors;
    for (std::ptrdiff_t tap = 0; tap < taps; ++tap) {
      for (std::ptrdiff_t o = 0; o < out; ++o) {
        for (std::ptrdiff_t i = 0; i < block; ++i, ++prepared) {
          *prepared = channel + i < in ? weight[(tap * in + channel + i) * out + o] : 0.0f;
        }
      }
    }
    channel += block;
  }
}

std::size_t backward_input_workspace_size(const Conv2dShape& shape) {
  const Layout layout(shape);
  return static_cast<std::size_t>(layout.slots * layout.row_size + shape.width * layout.padded_in);
}

void backward_input(const Conv2dShape& shape, const float* dpooled, const std::uint8_t* code, const float* prepared,
                    float* dinput, float* workspace) {
  const Layout layout(shape);
  const std::ptrdiff_t pooled_row = std::ptrdiff_t{layout.columns} / 2 * shape.out_channels;
  const std::ptrdiff_t row_size = std::ptrdiff_t{shape.width} * shape.in_channels;
  float* padded_row = workspace + layout.slots * layout.row_size;
  int built = 0;  // conv rows [0, built) have been listed; the last `slots` of them are still there
  for (int iy = 0; iy < shape.height; ++iy, dinput += row_size) {
    const int last = std::min((iy + shape.pad_top) / shape.stride, layout.rows - 1);
    for (; built <= last; ++built) {
      const std::ptrdiff_t row = built / 2 * pooled_row;
      build_row(shape, layout, built, dpooled + row, code + row, row_list(layout, workspace, built));
    }
    const bool whole = layout.padded_in == shape.in_channels;
    float* target = whole ? dinput : padded_row;
    simd::fill(shape.width * layout.padded_in, 0.0f, target);
    gather_row(shape, layout, iy, prepared, target, workspace);
    if (whole) continue;
    for (std::ptrdiff_t x = 0; x < shape.width; ++x) {
      simd::copy(shape.in_channels, target + x * layout.padded_in, dinput + x * shape.in_channels);
    }
  }
}

}  // namespace sortlab::kernels::sparse
