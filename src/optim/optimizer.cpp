#include "optim/optimizer.hpp"

#include <algorithm>
#include <cmath>

#include "kernels/elementwise.hpp"
#include "kernels/update.hpp"

namespace sortlab {

namespace {

/// Floats of one task: all buffers of a chunk fit in a processor's second cache.
constexpr std::size_t kChunk = std::size_t{1} << 14;

Status invalid(const char* message, const char* setting) {
  return Status(StatusCode::kInvalidArgument, message, setting);
}

Status check_options(const OptimizerOptions& o) {
  const auto not_negative = [](float value) { return std::isfinite(value) && value >= 0.0f; };
  const auto share = [](float value) { return value >= 0.0f && value < 1.0f; };
  if (!not_negative(o.learning_rate)) return invalid("The learning rate must be 0 or more.", "learning_rate");
  if (!share(o.momentum)) return invalid("The momentum must be at least 0 and less than 1.", "momentum");
  if (!not_negative(o.weight_decay)) return invalid("The weight decay must be 0 or more.", "weight_decay");
  if (!share(o.beta1)) return invalid("beta1 must be at least 0 and less than 1.", "beta1");
  if (!share(o.beta2)) return invalid("beta2 must be at least 0 and less than 1.", "beta2");
  if (!(std::isfinite(o.epsilon) && o.epsilon > 0.0f)) return invalid("epsilon must be more than 0.", "epsilon");
  if (!not_negative(o.clip_norm)) {
    return invalid("The norm to clip the gradient to must be more than 0, or 0 to leave it as it is.", "clip_norm");
  }
  return {};
}

/// 1 - base^exponent by repeated squaring: no libm, and after a restart the same bits as without one.
float bias_correction(float base, std::int64_t exponent) {
  double power = 1, factor = static_cast<double>(base);
  for (; exponent > 0; exponent >>= 1) {
    if (exponent & 1) power *= factor;
    factor *= factor;
  }
  return static_cast<float>(1 - power);
}

}  // namespace

std::size_t Optimizer::state_size(OptimizerKind kind, std::size_t count) {
  return kind == OptimizerKind::kSgd ? count : 2 * count;
}

Result<Optimizer> Optimizer::create(const OptimizerOptions& options, std::span<const ParameterSegment> segments,
                                    std::span<float> parameters, std::span<const float> gradients,
                                    std::span<float> state) {
  SORTLAB_RETURN_IF_ERROR(check_options(options));
  if (gradients.size() != parameters.size()) {
    return invalid("There must be one gradient for each parameter.", "gradients");
  }
  if (state.size() != state_size(options.kind, parameters.size())) {
    return invalid("The optimizer's state must have the size that state_size gives.", "state");
  }
  Optimizer optimizer;
  optimizer.options_ = options;
  optimizer.parameters_ = parameters;
  optimizer.gradients_ = gradients;
  optimizer.state_ = state;
  std::size_t end = 0;
  for (const ParameterSegment& segment : segments) {
    if (segment.offset < end || segment.offset > parameters.size() ||
        segment.count > parameters.size() - segment.offset) {
      return invalid("Parameters must lie inside the buffer, in rising order, without overlap.", "segments");
    }
    end = segment.offset + segment.count;
    for (std::size_t begin = segment.offset; begin < end; begin += kChunk) {
      optimizer.chunks_.push_back({begin, std::min(kChunk, end - begin), segment.decay});
    }
  }
  optimizer.chunk_sums_.resize(optimizer.chunks_.size());
  return optimizer;
}

double Optimizer::compute_gradient_norm(ThreadPool& pool) {
  pool.parallel_for(static_cast<int>(chunks_.size()), [this](int task, int) {
    const std::size_t i = static_cast<std::size_t>(task);
    chunk_sums_[i] = kernels::sum_of_squares(chunks_[i].count, gradients_.data() + chunks_[i].offset);
  });
  double total = 0;
  for (const double sum : chunk_sums_) total += sum;
  return std::sqrt(total);
}

void Optimizer::update_chunk(const ParameterSegment& chunk, float learning_rate, float grad_scale, float correction1,
                             float correction2) {
  const float decay = chunk.decay ? options_.weight_decay : 0.0f;
  const float* grad = gradients_.data() + chunk.offset;
  float* first = state_.data() + chunk.offset;
  float* weight = parameters_.data() + chunk.offset;
  if (options_.kind == OptimizerKind::kSgd) {
    kernels::sgd_update(chunk.count, {learning_rate, options_.momentum, decay, grad_scale, options_.nesterov}, grad,
                        first, weight);
    return;
  }
  kernels::AdamUpdate adam;
  adam.learning_rate = learning_rate;
  adam.beta1 = options_.beta1;
  adam.beta2 = options_.beta2;
  adam.epsilon = options_.epsilon;
  adam.weight_decay = decay;
  adam.grad_scale = grad_scale;
  adam.decoupled = options_.kind == OptimizerKind::kAdamW;
  adam.correction1 = correction1;
  adam.correction2 = correction2;
  kernels::adam_update(chunk.count, adam, grad, first, first + parameters_.size(), weight);
}

Status Optimizer::step(float learning_rate, ThreadPool& pool) {
  gradient_norm_ = compute_gradient_norm(pool);
  if (!std::isfinite(gradient_norm_)) {
    return Status(StatusCode::kDiverged, "The gradient is no longer a finite number; train with a lower learning rate.",
                  "gradient");
  }
  const double limit = static_cast<double>(options_.clip_norm);
  const float grad_scale = limit > 0 && gradient_norm_ > limit ? static_cast<float>(limit / gradient_norm_) : 1.0f;
  // Once a step, not once a parameter.
  ++steps_;
  const float correction1 = bias_correction(options_.beta1, steps_);
  const float correction2 = bias_correction(options_.beta2, steps_);
  pool.parallel_for(static_cast<int>(chunks_.size()), [&](int task, int) {
    update_chunk(chunks_[static_cast<std::size_t>(task)], learning_rate, grad_scale, correction1, correction2);
  });
  return {};
}

}  // namespace sortlab
