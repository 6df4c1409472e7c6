// dweight of the pooled block. Behind a 2x2 max-pool at most one of four gradients is not zero, and none where ReLU was
// off: some 15 % of the multiplications of a dense pass are left. They are done like this, for each pooled row:
//
//   1. the input rows under it, copied with their padding, so that no tap needs a test:   (rows, padded width, in_channels)
//   2. for each output channel the list of its live gradients: (gradient, where its patch starts in 1.)
//   3. for each kernel row and output channel, registers hold up to 12 vectors of dweight, and the whole list runs past:
//
//         dweight[o][ky] = [ v0 v1 v2 ... v11 ]      consecutive (kx, ci): one kernel row of a patch is one run in NHWC
//              +=  g1 * input[start1 ...]
//              +=  g2 * input[start2 ...]            per entry: one splat, 12 loads, 12 multiply-adds
//
// The sums are kept as (out_channels, ky, kx ci) and added to dweight (ky, kx, ci, out_channels) at the end.
// The list is built without branches: every window writes, and the end moves on only for a live one.
#include <algorithm>

#include "kernels/conv2d_rows.hpp"
#include "kernels/conv2d_sparse.hpp"
#include "simd/copy.hpp"

namespace sortlab::kernels::sparse {
namespace {

constexpr int kMostVectors = 12;

/// Sizes and strides, in floats, of everything in the workspace.
struct Layout {
  std::ptrdiff_t run;         // kernel_size * in_channels: one kernel row of a patch
  std::ptrdiff_t run_padded;  // the same in whole vectors
  std::ptrdiff_t row;         // one padded input row, with slack for the last run's whole vectors
  std::ptrdiff_t rows;        // input rows under two conv rows
  std::ptrdiff_t windows;     // pooled width: most entries of a list
  explicit Layout(const Conv2dShape& shape)
      : run(shape.kernel_size * shape.in_channels),
        run_padded((run + 3) / 4 * 4),
        row((std::ptrdiff_t{shape.out_width - 1} * shape.stride + shape.kernel_size) * shape.in_channels + 4),
        rows(shape.stride + shape.kernel_size),
        windows(shape.out_width / 2) {}
};

/// Lists of all output channels: entry i of channel o at [o * windows + i].
struct Lists {
  float* gradient;
  std::int32_t* start;
  std::int32_t* count;
};

void build_lists(const Conv2dShape& shape, const Layout& layout, const float* dpooled, const std::uint8_t* code,
                 const Lists& lists) {
  const int out = shape.out_channels;
  // Where the patch of position 0..3 of a window starts, relative to the window's first; position 4 is never used.
  const auto step = static_cast<std::int32_t>(shape.stride * shape.in_channels);
  const auto down = static_cast<std::int32_t>(shape.stride * layout.row);
  const std::int32_t position[5] = {0, step, down, down + step, 0};
  std::fill_n(lists.count, out, 0);
  for (std::int32_t window = 0; window < layout.windows; ++window, dpooled += out, code += out) {
    const std::int32_t start = 2 * window * step;
    for (int o = 0; o < out; ++o) {
      const std::ptrdiff_t end = o * layout.windows + lists.count[o];
      lists.gradient[end] = dpooled[o];
      lists.start[end] = start + position[code[o]];
      lists.count[o] += code[o] != kPoolDead;
    }
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
constexpr RunList kRunList[] = {run_list<1, 1>, run_list<1, 2>, run_list<1, 3>, run_list<1, 4>,
                                run_list<1, 5>, run_list<1, 6>, run_list<1, 7>, run_list<1, 8>,
                                run_list<1, 9>, run_list<1, 10>, run_list<1, 11>, run_list<1, 12>};
// Few channels: the three kernel rows together, so that enough sums are under way at once.
constexpr RunList kRunList3[] = {run_list<3, 1>, run_list<3, 2>, run_list<3, 3>, run_list<3, 4>};

void multiply_lists(const Conv2dShape& shape, const Layout& layout, const Lists& lists, const float* padded,
                    float* sums) {
  const std::ptrdiff_t vectors = layout.run_padded / 4, sums_of_channel = shape.kernel_size * layout.run_padded;
  const bool together = shape.kernel_size == 3 && vectors <= 4;
  // Blocks of equal size: 16 vectors are better taken as 8 + 8 than as 12 + 4.
  const std::ptrdiff_t blocks = (vectors + kMostVectors - 1) / kMostVectors, most = (vectors + blocks - 1) / blocks;
  for (int ky = 0; ky < (together ? 1 : shape.kernel_size); ++ky) {
    for (std::ptrdiff_t o = 0; o < shape.out_channels; ++o) {
      const float* gradient = lists.gradient + o * layout.windows;
      const std::int32_t* start = lists.start + o * layout.windows;
      for (std::ptrdiff_t v = 0; v < vectors; v += most) {
        const std::ptrdiff_t size = std::min(most, vectors - v);
        const RunList run = together ? kRunList3[size - 1] : kRunList[size - 1];
        run(lists.count[o], gradient, start, padded + ky * layout.row + 4 * v, layout.row,
            sums + o * sums_of_channel + ky * layout.run_padded + 4 * v, layout.run_padded);
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

void add_bias_gradient(const Conv2dShape& shape, const Layout& layout, const Lists& lists, float* dbias) {
  for (std::ptrdiff_t o = 0; o < shape.out_channels; ++o) {
    float sum = 0.0f;
    for (std::ptrdiff_t i = 0; i < lists.count[o]; ++i) sum += lists.gradient[o * layout.windows + i];
    dbias[o] += sum;
  }
}

}  // namespace

std::size_t backward_weight_workspace_size(const Conv2dShape& shape) {
  const Layout layout(shape);
  const std::ptrdiff_t sums = std::ptrdiff_t{shape.out_channels} * shape.kernel_size * layout.run_padded;
  const std::ptrdiff_t lists = shape.out_channels * (2 * layout.windows + 1);
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
  auto* starts = reinterpret_cast<std::int32_t*>(gradients + out * layout.windows);
  const Lists lists{gradients, starts, starts + out * layout.windows};
  simd::fill(sums_size, 0.0f, sums);
  for (int row = 0; row < pooled_height; ++row, dpooled += pooled_row, code += pooled_row) {
    copy_padded_rows(shape, input, 2 * row * shape.stride - shape.pad_top, layout.rows, layout.row, padded);
    build_lists(shape, layout, dpooled, code, lists);
    multiply_lists(shape, layout, lists, padded, sums);
    if (dbias != nullptr) add_bias_gradient(shape, layout, lists, dbias);
  }
  add_sums(shape, layout, sums, dweight);
}

}  // namespace sortlab::kernels::sparse
