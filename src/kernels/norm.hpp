// Normalisation of one sample, NHWC: (pixels, channels).
#pragma once

#include "kernels/activation.hpp"

namespace sortlab::kernels {

/// GroupNorm: Wu and He, "Group normalization", ECCV 2018, with the activation fused behind it.
struct GroupNormShape {
  int pixels = 0, channels = 0, groups = 1;  // channels % groups == 0
  float epsilon = 1e-5f;
  Activation activation = Activation::kNone;
};
/// gamma, beta (channels). statistics (2 * groups): mean, then 1 / standard deviation, kept for backward.
void group_norm_forward(const GroupNormShape& shape, const float* input, const float* gamma, const float* beta,
                        float* output, float* statistics);
/// `output` is what forward gave (for the activation's mask). Overwrites dinput; accumulates into dgamma and dbeta.
/// workspace: 4 * channels floats. dinput may be the same buffer as doutput.
void group_norm_backward(const GroupNormShape& shape, const float* input, const float* output, const float* doutput,
                         const float* gamma, const float* statistics, float* dinput, float* dgamma, float* dbeta,
                         float* workspace);

/// Frozen BatchNorm: output = input * scale + shift, a channel at a time; scale = gamma / sqrt(variance + epsilon),
/// shift = beta - mean * scale.
void channel_affine_forward(int pixels, int channels, const float* input, const float* scale, const float* shift,
                            Activation activation, float* output);
void channel_affine_backward(int pixels, int channels, const float* output, const float* doutput, const float* scale,
                             Activation activation, float* dinput);

}  // namespace sortlab::kernels
