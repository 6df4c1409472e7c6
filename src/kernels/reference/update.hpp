// Plain-loop oracles of the optimizer steps, in double.
#pragma once

#include <cmath>
#include <cstddef>

#include "kernels/update.hpp"

namespace sortlab::kernels::reference {

inline void sgd_update(std::size_t count, const SgdUpdate& o, const double* grad, double* velocity, double* weight) {
  const double rate = static_cast<double>(o.learning_rate), momentum = static_cast<double>(o.momentum);
  for (std::size_t i = 0; i < count; ++i) {
    const double g = grad[i] * static_cast<double>(o.grad_scale) + static_cast<double>(o.weight_decay) * weight[i];
    velocity[i] = momentum * velocity[i] + g;
    weight[i] -= rate * (o.nesterov ? g + momentum * velocity[i] : velocity[i]);
  }
}

inline void adam_update(std::size_t count, const AdamUpdate& o, const double* grad, double* first_moment,
                        double* second_moment, double* weight) {
  const double rate = static_cast<double>(o.learning_rate), decay = static_cast<double>(o.weight_decay);
  const double beta1 = static_cast<double>(o.beta1), beta2 = static_cast<double>(o.beta2);
  for (std::size_t i = 0; i < count; ++i) {
    double g = grad[i] * static_cast<double>(o.grad_scale);
    if (o.decoupled) {
      weight[i] -= rate * decay * weight[i];
    } else {
      g += decay * weight[i];
    }
    first_moment[i] = beta1 * first_moment[i] + (1 - beta1) * g;
    second_moment[i] = beta2 * second_moment[i] + (1 - beta2) * g * g;
    const double m = first_moment[i] / static_cast<double>(o.correction1);
    const double v = second_moment[i] / static_cast<double>(o.correction2);
    weight[i] -= rate * m / (std::sqrt(v) + static_cast<double>(o.epsilon));
  }
}

}  // namespace sortlab::kernels::reference
