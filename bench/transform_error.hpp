// The rounding error of the fast convolutions and products: max |error| / max |reference| on random data, against plain
// loops in double.
#pragma once

#include <string>
#include <vector>

namespace sortlab::bench {

/// What no method may exceed.
inline constexpr double kMostError = 1e-4;

struct TransformError {
  std::string name;
  double relative_error = 0;
};
/// Every method on 3 -> 32, 32 -> 64 and 64 -> 32 channels, the gradients of the first and the last, the pooled blocks
/// of the same channels with their gradients, and the product of two 512 x 512 matrices, plain and by Strassen's
/// method.
std::vector<TransformError> transform_errors();

}  // namespace sortlab::bench
