// Gradient descent over all parameters of a network. Parameters, gradients and state are each one flat buffer of the
// same layout, owned by the caller, so that a step is a few long loops and a checkpoint is a few copies.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "base/parallel.hpp"
#include "base/status.hpp"

namespace sortlab {

enum class OptimizerKind { kSgd, kAdam, kAdamW };

/// Defaults as in PyTorch and Keras; epsilon is Keras'.
struct OptimizerOptions {
  OptimizerKind kind = OptimizerKind::kAdamW;
  float learning_rate = 1e-3f;
  float momentum = 0.9f;      // SGD
  bool nesterov = false;      // SGD
  float weight_decay = 0.0f;  // SGD and Adam: added to the gradient; AdamW: taken from the weight itself
  float beta1 = 0.9f, beta2 = 0.999f, epsilon = 1e-7f;  // Adam and AdamW
  float clip_norm = 0.0f;  // the gradient of all parameters together is scaled down to this norm; 0: off
};

/// Which floats of the flat buffers are one parameter. Biases, gains and shifts of a normalisation have no decay.
struct ParameterSegment {
  std::size_t offset = 0, count = 0;
  bool decay = true;
};

class Optimizer {
 public:
  /// Floats of state for buffers of `count` floats: SGD a velocity each; Adam the first moments, then the second.
  static std::size_t state_size(OptimizerKind kind, std::size_t count);

  /// The three buffers must outlive the optimizer. `parameters` and `gradients` have one size, `state` state_size of
  /// it; the caller zeroes it for a fresh start. Segments are in rising order and do not overlap; what lies between
  /// them is never touched. kInvalidArgument says which setting is wrong.
  static Result<Optimizer> create(const OptimizerOptions& options, std::span<const ParameterSegment> segments,
                                  std::span<float> parameters, std::span<const float> gradients,
                                  std::span<float> state);

  /// One step with the mean gradient of a batch, at a rate that a schedule gave. kDiverged where the norm of the
  /// gradient is not finite; then nothing has changed. Allocates nothing. The result does not depend on the number of
  /// threads.
  Status step(float learning_rate, ThreadPool& pool);
  Status step(ThreadPool& pool) { return step(options_.learning_rate, pool); }

  const OptimizerOptions& options() const { return options_; }
  /// Norm of the last gradient, before it was clipped.
  double gradient_norm() const { return gradient_norm_; }

  /// With parameters and state, all that a checkpoint needs: how many steps were taken.
  std::int64_t steps() const { return steps_; }
  void set_steps(std::int64_t steps) { steps_ = steps; }
  std::span<const float> state() const { return state_; }
  std::span<float> state() { return state_; }

 private:
  Optimizer() = default;
  double compute_gradient_norm(ThreadPool& pool);
  void update_chunk(const ParameterSegment& chunk, float learning_rate, float grad_scale, float correction1,
                    float correction2);

  OptimizerOptions options_;
  std::vector<ParameterSegment> chunks_;  // the segments, cut into pieces of fixed size: one task each
  std::vector<double> chunk_sums_;
  std::span<float> parameters_, state_;
  std::span<const float> gradients_;
  std::int64_t steps_ = 0;
  double gradient_norm_ = 0;
};

}  // namespace sortlab
