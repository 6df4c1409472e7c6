// One window at a time, four channels at a time: NHWC keeps the channels of a pixel together, so that no lane crosses
// another.
//
//     input   | a a a a | b b b b |        output = max(a, b, c, d) or their mean, lane by lane
//             | c c c c | d d d d |        code   = which of them, 0 .. size * size - 1, one byte a channel
//
// Backward clears dinput and adds each gradient where its code points, or a share of it to all. Windows may overlap.
// Global average pooling sums columns as the norms do. Max-pools behind a convolution with ReLU do not come here: they
// are computed with it (conv2d_pool.cpp). Memory and the loops over the window share the time. Measured in V8, relaxed:
// 12 GB/s forward and 11 backward for the 2x2 maximum, 15 and 14 for the average, 74 and 53 to 58 for the global one.
#include "kernels/pool.hpp"

#include <algorithm>
#include <cstddef>

#include "kernels/columns.hpp"

namespace sortlab::kernels {

namespace {

/// Offset of the first element of the window of output (y, x).
std::ptrdiff_t window_offset(const PoolShape& shape, int y, int x) {
  return (static_cast<std::ptrdiff_t>(y) * shape.stride * shape.width + static_cast<std::ptrdiff_t>(x) * shape.stride) *
         shape.channels;
}
/// Offset of (row, column) from there.
std::ptrdiff_t element_offset(const PoolShape& shape, int row, int column) {
  return (static_cast<std::ptrdiff_t>(row) * shape.width + column) * shape.channels;
}
std::ptrdiff_t output_offset(const PoolShape& shape, int y, int x) {
  return (static_cast<std::ptrdiff_t>(y) * shape.out_width() + x) * shape.channels;
}
void clear_input(const PoolShape& shape, float* dinput) {
  const std::ptrdiff_t count = static_cast<std::ptrdiff_t>(shape.height) * shape.width * shape.channels;
  std::fill(dinput, dinput + count, 0.0f);
}

/// The maximum over one window of a few channels and, where asked, which element it is.
template <typename Lanes>
void max_of_window(const PoolShape& shape, const float* window, Lanes lanes, float* output, std::uint8_t* code) {
  simd::f32x4 best = lanes.load(window);
  simd::i32x4 best_code = simd::splat(0);
  for (int row = 0; row < shape.size; ++row) {
    for (int column = row == 0 ? 1 : 0; column < shape.size; ++column) {
      const simd::f32x4 value = lanes.load(window + element_offset(shape, row, column));
      const simd::mask32x4 better = (value > best) | (value != value);  // a NaN stays: nothing is above it
      best = simd::select(better, value, best);
      best_code = simd::select(better, simd::splat(shape.size * row + column), best_code);
    }
  }
  lanes.store(output, best);
  if (code != nullptr) lanes.store_u8(code, best_code);
}

}  // namespace

void max_pool_forward(const PoolShape& shape, const float* input, float* output, std::uint8_t* code, int row_begin,
                      int row_end) {
  for (int y = row_begin; y < row_end; ++y) {
    for (int x = 0; x < shape.out_width(); ++x) {
      const float* window = input + window_offset(shape, y, x);
      const std::ptrdiff_t at = output_offset(shape, y, x);
      for_lanes(static_cast<std::size_t>(shape.channels), [&](std::size_t c, auto lanes) {
        max_of_window(shape, window + c, lanes, output + at + c, code != nullptr ? code + at + c : nullptr);
      });
    }
  }
}

void max_pool_backward(const PoolShape& shape, const float* doutput, const std::uint8_t* code, float* dinput) {
  clear_input(shape, dinput);
  for (int y = 0; y < shape.out_height(); ++y) {
    for (int x = 0; x < shape.out_width(); ++x) {
      float* window = dinput + window_offset(shape, y, x);
      const std::ptrdiff_t at = output_offset(shape, y, x);
      for_lanes(static_cast<std::size_t>(shape.channels), [&](std::size_t c, auto lanes) {
        const simd::f32x4 gradient = lanes.load(doutput + at + c);
        const simd::i32x4 where = lanes.load_u8(code + at + c);
        for (int row = 0; row < shape.size; ++row) {
          for (int column = 0; column < shape.size; ++column) {
            float* target = window + element_offset(shape, row, column) + c;
            const simd::mask32x4 here = where == simd::splat(shape.size * row + column);
            lanes.store(target, lanes.load(target) + simd::keep(here, gradient));
          }
        }
      });
    }
  }
}

void average_pool_forward(const PoolShape& shape, const float* input, float* output, int row_begin, int row_end) {
  const simd::f32x4 share = simd::splat(1.0f / static_cast<float>(shape.size * shape.size));
  for (int y = row_begin; y < row_end; ++y) {
    for (int x = 0; x < shape.out_width(); ++x) {
      const float* window = input + window_offset(shape, y, x);
      float* target = output + output_offset(shape, y, x);
      for_lanes(static_cast<std::size_t>(shape.channels), [&](std::size_t c, auto lanes) {
        simd::f32x4 total = simd::zero();
        for (int row = 0; row < shape.size; ++row) {
          for (int column = 0; column < shape.size; ++column) {
            total = total + lanes.load(window + element_offset(shape, row, column) + c);
          }
        }
        lanes.store(target + c, total * share);
      });
    }
  }
}

void average_pool_backward(const PoolShape& shape, const float* doutput, float* dinput) {
  clear_input(shape, dinput);
  const simd::f32x4 share = simd::splat(1.0f / static_cast<float>(shape.size * shape.size));
  for (int y = 0; y < shape.out_height(); ++y) {
    for (int x = 0; x < shape.out_width(); ++x) {
      float* window = dinput + window_offset(shape, y, x);
      const float* source = doutput + output_offset(shape, y, x);
      for_lanes(static_cast<std::size_t>(shape.channels), [&](std::size_t c, auto lanes) {
        const simd::f32x4 gradient = lanes.load(source + c) * share;
        for (int row = 0; row < shape.size; ++row) {
          for (int column = 0; column < shape.size; ++column) {
            float* target = window + element_offset(shape, row, column) + c;
            lanes.store(target, lanes.load(target) + gradient);
          }
        }
      });
    }
  }
}

void global_average_pool_forward(int pixels, int channels, const float* input, float* output) {
  const simd::f32x4 share = simd::splat(1.0f / static_cast<float>(pixels));
  for_column_blocks(channels, [&](int c, auto block) {
    auto sums = column_sums(block, pixels, channels, input + c);
    for (simd::f32x4& sum : sums) sum = sum * share;
    block.store(output + c, sums);
  });
}

void global_average_pool_backward(int pixels, int channels, const float* doutput, float* dinput) {
  const simd::f32x4 share = simd::splat(1.0f / static_cast<float>(pixels));
  for_column_blocks(channels, [&](int c, auto block) {
    auto gradient = block.load(doutput + c);
    for (simd::f32x4& value : gradient) value = value * share;
    for (int pixel = 0; pixel < pixels; ++pixel) {
      block.store(dinput + static_cast<std::ptrdiff_t>(pixel) * channels + c, gradient);
    }
  });
}

}  // namespace sortlab::kernels
