// Plain-loop oracles of the convolutions, summed in double. Layouts as in conv2d.hpp and depthwise.hpp.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "kernels/conv2d.hpp"
#include "kernels/reference/gemm.hpp"

namespace sortlab::kernels::reference {

/// Calls f(output pixel, input pixel, tap) for every tap that lies inside the image; pixels and taps counted row-major.
template <typename F>
void for_each_tap(const Conv2dShape& shape, F&& f) {
  for (int y = 0; y < shape.out_height; ++y) {
    for (int x = 0; x < shape.out_width; ++x) {
      for (int ky = 0; ky < shape.kernel_size; ++ky) {
        for (int kx = 0; kx < shape.kernel_size; ++kx) {
          const int iy = y * shape.stride - shape.pad_top + ky, ix = x * shape.stride - shape.pad_left + kx;
          if (iy < 0 || iy >= shape.height || ix < 0 || ix >= shape.width) continue;
          f(static_cast<std::size_t>(y * shape.out_width + x), static_cast<std::size_t>(iy * shape.width + ix),
            static_cast<std::size_t>(ky * shape.kernel_size + kx));
        }
      }
    }
  }
}

/// output (out_height, out_width, out_channels). bias may be null.
inline std::vector<double> conv2d_forward(const Conv2dShape& shape, const float* input, const float* weight,
                                          const float* bias, Activation activation) {
  const auto in = static_cast<std::size_t>(shape.in_channels), out = static_cast<std::size_t>(shape.out_channels);
  std::vector<double> output(static_cast<std::size_t>(shape.out_height * shape.out_width) * out);
  for (std::size_t i = 0; i < output.size(); ++i)
    output[i] = bias != nullptr ? static_cast<double>(bias[i % out]) : 0.0;
  for_each_tap(shape, [&](std::size_t pixel, std::size_t source, std::size_t tap) {
    for (std::size_t c = 0; c < in; ++c) {
      for (std::size_t o = 0; o < out; ++o) {
        output[pixel * out + o] +=
            static_cast<double>(input[source * in + c]) * static_cast<double>(weight[(tap * in + c) * out + o]);
      }
    }
  });
  for (double& value : output) value = activate(activation, value);
  return output;
}

/// doutput may be float or double. dinput (height, width, in_channels).
template <typename T>
std::vector<double> conv2d_backward_input(const Conv2dShape& shape, const T* doutput, const float* weight) {
  const auto in = static_cast<std::size_t>(shape.in_channels), out = static_cast<std::size_t>(shape.out_channels);
  std::vector<double> dinput(static_cast<std::size_t>(shape.height * shape.width) * in);
  for_each_tap(shape, [&](std::size_t pixel, std::size_t source, std::size_t tap) {
    for (std::size_t c = 0; c < in; ++c) {
      for (std::size_t o = 0; o < out; ++o) {
        dinput[source * in + c] +=
            static_cast<double>(doutput[pixel * out + o]) * static_cast<double>(weight[(tap * in + c) * out + o]);
      }
    }
  });
  return dinput;
}

/// Adds to dweight (kernel_size, kernel_size, in_channels, out_channels) and dbias (out_channels).
template <typename T>
void conv2d_backward_weight(const Conv2dShape& shape, const float* input, const T* doutput,
                            std::vector<double>& dweight, std::vector<double>& dbias) {
  const auto in = static_cast<std::size_t>(shape.in_channels), out = static_cast<std::size_t>(shape.out_channels);
  for_each_tap(shape, [&](std::size_t pixel, std::size_t source, std::size_t tap) {
    for (std::size_t c = 0; c < in; ++c) {
      for (std::size_t o = 0; o < out; ++o) {
        dweight[(tap * in + c) * out + o] +=
            static_cast<double>(doutput[pixel * out + o]) * static_cast<double>(input[source * in + c]);
      }
    }
  });
  const auto pixels = static_cast<std::size_t>(shape.out_height * shape.out_width);
  for (std::size_t i = 0; i < pixels * out; ++i) dbias[i % out] += static_cast<double>(doutput[i]);
}

/// ReLU and 2x2 max-pool of a conv output; code as in conv2d_pool_forward.
inline void pool(const Conv2dShape& shape, const std::vector<double>& conv, std::vector<double>& pooled,
                 std::vector<std::uint8_t>& code) {
  const int height = shape.out_height / 2, width = shape.out_width / 2, channels = shape.out_channels;
  pooled.clear();
  code.clear();
  for (int y = 0; y < height; ++y) {
    for (int x = 0; x < width; ++x) {
      for (int c = 0; c < channels; ++c) {
        double best = 0.0;
        std::uint8_t position = kPoolDead;
        for (int i = 0; i < 4; ++i) {
          const int pixel = (2 * y + i / 2) * shape.out_width + 2 * x + i % 2;
          const double value = conv[static_cast<std::size_t>(pixel * channels + c)];
          if (value > best) best = value, position = static_cast<std::uint8_t>(i);
        }
        pooled.push_back(best);
        code.push_back(position);
      }
    }
  }
}

/// The gradient of the conv output behind the pool: zero but at the positions in `code`.
inline std::vector<double> unpool(const Conv2dShape& shape, const float* dpooled, const std::uint8_t* code) {
  const int height = shape.out_height / 2, width = shape.out_width / 2, channels = shape.out_channels;
  std::vector<double> doutput(static_cast<std::size_t>(shape.out_height * shape.out_width * channels));
  for (int i = 0; i < height * width * channels; ++i) {
    const int window = i / channels;
    if (code[i] == kPoolDead) continue;
    const int pixel = (2 * (window / width) + code[i] / 2) * shape.out_width + 2 * (window % width) + code[i] % 2;
    doutput[static_cast<std::size_t>(pixel * channels + i % channels)] = static_cast<double>(dpooled[i]);
  }
  return doutput;
}

}  // namespace sortlab::kernels::reference
