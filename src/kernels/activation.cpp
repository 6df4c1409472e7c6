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
