// Inside of conv2d_plan.cpp that tests and benchmarks need: any method on any shape it can compute.
#pragma once

#include "kernels/conv2d.hpp"

namespace sortlab::kernels {

/// Whether conv2d_forward (or, pooled, conv2d_pool_forward), conv2d_backward_input and conv2d_backward_weight can use
/// the method.
bool conv2d_forward_supports(Conv2dMethod method, const Conv2dShape& shape, bool pooled);
bool conv2d_backward_input_supports(Conv2dMethod method, const Conv2dShape& shape, bool pooled);
bool conv2d_backward_weight_supports(Conv2dMethod method, const Conv2dShape& shape, bool pooled);

/// Sets the sizes that belong to the plan's shape and methods.
void conv2d_plan_sizes(Conv2dPlan& plan);

}  // namespace sortlab::kernels
