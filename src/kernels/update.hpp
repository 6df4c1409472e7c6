// One optimizer step over a flat parameter buffer of `count` floats. `grad` is the mean gradient, times grad_scale
// (clipping).
#pragma once

#include <cstddef>

namespace sortlab::kernels {

/// v = momentum v + g; w -= lr (g + momentum v if nesterov, else v). Sutskever et al., ICML 2013, in PyTorch's form.
struct SgdUpdate {
  float learning_rate = 0, momentum = 0, weight_decay = 0, grad_scale = 1;
  bool nesterov = false;
};
void sgd_update(std::size_t count, const SgdUpdate& options, const float* grad, float* velocity, float* weight);

/// Kingma and Ba, ICLR 2015; decoupled: Loshchilov and Hutter, ICLR 2019 (AdamW). `correction1` = 1 - beta1^t and
/// `correction2` = 1 - beta2^t are computed once a step by the caller. w -= lr (m / c1) / (sqrt(v / c2) + epsilon).
struct AdamUpdate {
  float learning_rate = 0, beta1 = 0.9f, beta2 = 0.999f, epsilon = 1e-7f, weight_decay = 0, grad_scale = 1;
  bool decoupled = false;  // AdamW: w -= lr weight_decay w; otherwise the decay is added to the gradient
  float correction1 = 1, correction2 = 1;
};
void adam_update(std::size_t count, const AdamUpdate& options, const float* grad, float* first_moment,
                 float* second_moment, float* weight);

}  // namespace sortlab::kernels
