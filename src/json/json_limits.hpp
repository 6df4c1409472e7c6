// Of both parsers.
#pragma once

namespace sortlab {

constexpr int kMaxJsonValues = 1 << 18;

}  // namespace sortlab
