// Unpooled convolutions: layers as the plan computes them, and the methods that it chooses between.
#pragma once

#include <string>
#include <utility>

#include "kernels/conv2d.hpp"
#include "measure.hpp"

namespace sortlab::bench {

inline constexpr std::pair<kernels::Conv2dMethod, const char*> kMethods[] = {
    {kernels::Conv2dMethod::kDirect, "direct"},
    {kernels::Conv2dMethod::kImplicitGemm, "implicit product"},
    {kernels::Conv2dMethod::kWinograd2x2, "Winograd 2x2"},
    {kernels::Conv2dMethod::kWinograd4x4, "Winograd 4x4"}};

/// 2 a multiply-add of the plain computation.
double direct_flop(const kernels::Conv2dShape& shape);

/// An image of extent x extent pixels, in -> out channels, "same" padding.
kernels::Conv2dShape square_shape(int extent, int in, int out, int kernel_size, int stride);

/// The three directions by the methods that the plan names; `input_gradient`: not for a first layer.
void bench_conv(Bench& bench, const std::string& name, const kernels::Conv2dShape& shape, bool input_gradient);

/// One row for each direction and each method that can compute it, whatever the plan chooses (that is marked): what
/// conv2d_plan.cpp decides by. Rows are called "method, ...".
void bench_methods(Bench& bench);

}  // namespace sortlab::bench
