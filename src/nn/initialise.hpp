// Values that parameters start with.
#pragma once

#include <cstdint>
#include <span>

#include "nn/layer.hpp"

namespace sortlab {

/// Fills `values` as `start` says: a constant, Glorot-uniform (+-sqrt(6 / (fan_in + fan_out))) or He-normal (deviation
/// sqrt(2 / fan_in)). A pure function of (seed, layer, tensor).
void initialise(const Start& start, std::uint64_t seed, std::uint32_t layer, std::uint32_t tensor,
                std::span<float> values);

}  // namespace sortlab
