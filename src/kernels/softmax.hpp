// Softmax and cross-entropy from logits; both share one backward: dlogits = (probs - onehot) * scale.
#pragma once

#include <cstdint>

namespace sortlab::kernels {

/// probs (rows, classes) = softmax of each row of logits. Subtracts the row's maximum first. May be in place.
void softmax(int rows, int classes, const float* logits, float* probs);

/// losses (rows) = -sum_c target_c log softmax(logits)_c with target = (1 - smoothing) onehot + smoothing / classes.
/// dlogits (rows, classes; may be null) = (probs - target) * gradient_scale; pass 1 / batch for a mean loss.
/// Overwrites.
struct CrossEntropyOptions {
  float label_smoothing = 0.0f;
  float gradient_scale = 1.0f;
};
void softmax_cross_entropy(int rows, int classes, const float* logits, const std::int32_t* labels,
                           const CrossEntropyOptions& options, float* losses, float* probs, float* dlogits);

}  // namespace sortlab::kernels
