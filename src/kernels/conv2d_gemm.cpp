// Convolution as a matrix product whose left side is never stored whole: one row of it is the patch of input under the
// kernel at one output pixel, and only a few patches exist at a time, in the workspace.
//
//                 patches of kPatchRows pixels            packed weights
//                 (pixels, k k in_channels)         (k k in_channels, out_channels)
//   input  ---->  +-------------------------+        +-----+-----+-----+
//                 | ky kx ci ............   |        |     |     |     |
//                 | next pixel              |   x    |     |     |     |   =  output pixels
//                 +-------------------------+        +-----+-----+-----+
//
// A kernel row (kx, ci) of a patch is consecutive in NHWC, so packing copies kernel_size runs a pixel. A 1x1
// convolution with stride 1 is the plain product: its patches are the input itself. backward_input, stride 1: the
// forward product over doutput with turned weights. Larger strides: the gradient of each patch is doutput x weight^T,
// and is added where the patch came from.
// backward_weight: patches^T x doutput, kWeightPixels pixels at a time.
// Measured in V8, relaxed, of the peak of multiply-add, for 1x1 from 16 input channels to 384: forward and backward
// input 84 to 92 %, backward weight 65 to 88 %. 3x3 beside the other methods: conv2d_plan.cpp.
#include "kernels/conv2d_gemm.hpp"

#include <algorithm>

#include "kernels/conv2d_taps.hpp"
#include "kernels/gemm.hpp"
#include "kernels/gemm_blocking.hpp"
#include "simd/copy.hpp"

namespace sortlab::kernels::implicit_gemm {
namespace {

constexpr int kPatchRows = 24;     // a multiple of the tiles' 3 and 4 rows
constexpr int kWeightPixels = 96;  // long enough to pay for loading and storing the tile of dweight

bool is_plain_product(const Conv2dShape& shape) {
  return shape.kernel_size == 1 && shape.stride == 1 && shape.pad_top == 0 && shape.pad_left == 0;
}

int patch_size(const Conv2dShape& shape) { return shape.kernel_size * shape.kernel_size * shape.in_channels; }

/// Calls f(patch_offset, input_offset, count) for every run of a patch that lies inside the image.
template <typename F>
void for_each_run(const Conv2dShape& shape, int pixel, F&& f) {
  const int top = pixel / shape.out_width * shape.stride - shape.pad_top;
  const int left = pixel % shape.out_width * shape.stride - shape.pad_left;
  const Taps ys = inside(top, shape.kernel_size, shape.height), xs = inside(left, shape.kernel_size, shape.width);
  const std::ptrdiff_t channels = shape.in_channels;
  for (int ky = ys.begin; ky < ys.end; ++ky) {
    const std::ptrdiff_t tap = ky * shape.kernel_size + xs.begin;
    const std::ptrdiff_t source = static_cast<std::ptrdiff_t>(top + ky) * shape.width + left + xs.begin;
    f(tap * channels, source * channels, (xs.end - xs.begin) * channels);
  }
}

bool touches_border(const Conv2dShape& shape, int pixel) {
  const int top = pixel / shape.out_width * shape.stride - shape.pad_top;
  const int left = pixel % shape.out_width * shape.stride - shape.pad_left;
  return top < 0 || left < 0 || top + shape.kernel_size > shape.height || left + shape.kernel_size > shape.width;
}

/// patches (count, patch_size) of the pixels from `pixel` on, row-major over the output.
void pack_patches(const Conv2dShape& shape, const float* input, int pixel, int count, float* patches) {
  const int size = patch_size(shape);
  for (int i = 0; i < count; ++i, patches += size) {
    if (touches_border(shape, pixel + i)) simd::fill(size, 0.0f, patches);
    for_each_run(shape, pixel + i, [&](std::ptrdiff_t target, std::ptrdiff_t source, std::ptrdiff_t run) {
      simd::copy(run, input + source, patches + target);
    });
  }
}

/// dinput of a convolution with stride above 1.
void scatter_patches(const Conv2dShape& shape, const float* doutput, const float* prepared, float* dinput,
                     float* workspace) {
  const int size = patch_size(shape), pixels = shape.out_height * shape.out_width;
  simd::fill(static_cast<std::ptrdiff_t>(shape.height) * shape.width * shape.in_channels, 0.0f, dinput);
  for (int pixel = 0; pixel < pixels; pixel += kPatchRows) {
    const int count = std::min(kPatchRows, pixels - pixel);
    gemm_packed(count, size, shape.out_channels, doutput + static_cast<std::ptrdiff_t>(pixel) * shape.out_channels,
                shape.out_channels, prepared, workspace, size, {}, nullptr);
    for (int i = 0; i < count; ++i) {
      const float* patch = workspace + static_cast<std::ptrdiff_t>(i) * size;
      for_each_run(shape, pixel + i, [&](std::ptrdiff_t source, std::ptrdiff_t target, std::ptrdiff_t run) {
        simd::accumulate(run, patch + source, dinput + target);
      });
    }
  }
}

}  // namespace

Conv2dShape turned_shape(const Conv2dShape& shape) {
  Conv2dShape turned = shape;
  turned.height = shape.out_height, turned.width = shape.out_width;
  turned.in_channels = shape.out_channels, turned.out_channels = shape.in_channels;
  turned.pad_top = shape.kernel_size - 1 - shape.pad_top, turned.pad_left = shape.kernel_size - 1 - shape.pad_left;
  turned.out_height = shape.height, turned.out_width = shape.width;
  return turned;
}

std::size_t prepared_forward_size(const Conv2dShape& shape) {
  return gemm_packed_b_size(shape.out_channels, patch_size(shape));
}

std::size_t prepared_backward_size(const Conv2dShape& shape) {
  if (shape.stride == 1) return prepared_forward_size(turned_shape(shape));
  return gemm_packed_b_size(patch_size(shape), shape.out_channels);
}

[[clang::minsize]] void prepare_forward(const Conv2dShape& shape, const float* weight, float* prepared) {
  gemm_pack_b(shape.out_channels, patch_size(shape), weight, shape.out_channels, Order::kNormal, prepared);
}

[[clang::minsize]] void prepare_backward(const Conv2dShape& shape, const float* weight, float* prepared) {
  const int in = shape.in_channels, out = shape.out_channels;
  if (shape.stride != 1) {
    gemm_pack_b(patch_size(shape), out, weight, out, Order::kTransposed, prepared);
    return;
  }
  // Panels of the turned weights (ky', kx', out, in) with the taps in reverse.
  const int width = gemm_panel_width(in), taps = shape.kernel_size * shape.kernel_size;
  for (int column = 0; column < in; column += width) {
    const int count = std::min(width, in - column);
    for (int tap = taps - 1; tap >= 0; --tap) {
      const float* source = weight + (static_cast<std::ptrdiff_t>(tap) * in + column) * out;
      for (int o = 0; o < out; ++o, prepared += width) {
        for (int j = 0; j < count; ++j) prepared[j] = source[j * out + o];
        std::fill(prepared + count, prepared + width, 0.0f);
      }
    }
  }
}

std::size_t forward_workspace_size(const Conv2dShape& shape) {
  return is_plain_product(shape) ? 0
                                 : static_cast<std::size_t>(kPatchRows) * static_cast<std::size_t>(patch_size(shape));
}

std::size_t backward_input_workspace_size(const Conv2dShape& shape) {
  if (shape.stride == 1) return forward_workspace_size(turned_shape(shape));
  return static_cast<std::size_t>(kPatchRows) * static_cast<std::size_t>(patch_size(shape));
}

std::size_t backward_weight_workspace_size(const Conv2dShape& shape) {
  const std::size_t patches =
      is_plain_product(shape) ? 0
                              : static_cast<std::size_t>(kWeightPixels) * static_cast<std::size_t>(patch_size(shape));
  return patches + gemm_packed_b_size(shape.out_channels, kWeightPixels);
}

void forward(const Conv2dShape& shape, const float* input, const float* prepared, const float* bias,
             Activation activation, float* output, int row_begin, int row_end, float* workspace) {
  GemmOptions options;
  options.bias = bias;
  options.activation = activation;
  const int size = patch_size(shape), out = shape.out_channels;
  const int begin = row_begin * shape.out_width, end = row_end * shape.out_width;
  if (is_plain_product(shape)) {
    gemm_packed(end - begin, out, size, input + static_cast<std::ptrdiff_t>(begin) * size, size, prepared, output, out,
                options, nullptr);
    return;
  }
  for (int pixel = begin; pixel < end; pixel += kPatchRows) {
    const int count = std::min(kPatchRows, end - pixel);
    pack_patches(shape, input, pixel, count, workspace);
    gemm_packed(count, out, size, workspace, size, prepared, output + static_cast<std::ptrdiff_t>(pixel - begin) * out,
                out, options, nullptr);
  }
}

void backward_input(const Conv2dShape& shape, const float* doutput, const float* prepared, float* dinput,
                    float* workspace) {
  if (shape.stride != 1) {
    scatter_patches(shape, doutput, prepared, dinput, workspace);
    return;
  }
  forward(turned_shape(shape), doutput, prepared, nullptr, Activation::kNone, dinput, 0, shape.height, workspace);
}

void backward_weight(const Conv2dShape& shape, const float* input, const float* doutput, float* dweight,
                     float* workspace) {
  const int size = patch_size(shape), out = shape.out_channels, pixels = shape.out_height * shape.out_width;
  float* packed = workspace;
  float* patches = workspace + gemm_packed_b_size(out, kWeightPixels);
  GemmOptions options;
  options.order_a = Order::kTransposed;
  options.accumulate = true;
  for (int pixel = 0; pixel < pixels; pixel += kWeightPixels) {
    const int count = std::min(kWeightPixels, pixels - pixel);
    const float* a = input + static_cast<std::ptrdiff_t>(pixel) * size;
    if (!is_plain_product(shape)) {
      pack_patches(shape, input, pixel, count, patches);
      a = patches;
    }
    gemm_pack_b(out, count, doutput + static_cast<std::ptrdiff_t>(pixel) * out, out, Order::kNormal, packed);
    gemm_packed(size, out, count, a, size, packed, dweight, out, options, nullptr);
  }
}

}  // namespace sortlab::kernels::implicit_gemm
