// "Try an example": six classes of drawn objects of varied shape, texture, light and background; every picture is a
// pure function of (seed, label, index). Hard enough that a network must learn, easy enough that a small one can in a
// minute.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/status.hpp"

namespace sortlab {

const std::vector<std::string>& drawn_example_classes();

/// output: size x size x 3 bytes.
Status draw_example(std::uint64_t seed, int label, std::uint32_t index, int size, std::uint8_t* output);

}  // namespace sortlab
