// Kernels that do little with each float: what they reach is what the caches and the memory give.
#pragma once

#include "measure.hpp"

namespace sortlab::bench {

/// At the sizes that they have in the presets' networks; names begin with the kernel's.
void bench_streams(Bench& bench);

}  // namespace sortlab::bench
