#include "kernels/activation.hpp"

#include "kernels/activate.hpp"
#include "kernels/lanes.hpp"

namespace sortlab::kernels {

void activation_forward(Activation activation, std::size_t count, const float* input, float* output) {
  with_activation(activation, [&](auto constant) {
    for_lanes(count, [&](std::size_t i, auto lanes) {
      lanes.store(output + i, activate<decltype(constant)::value>(lanes.load(input + i)));
    });
  });
}

void activation_backward(Activation activation, std::size_t count, const float* output, const float* doutput,
                         float* dinput) {
  with_activation(activation, [&](auto constant) {
    for_lanes(count, [&](std::size_t i, auto lanes) {
      lanes.store(dinput + i,
                  activation_gradient<decltype(constant)::value>(lanes.load(output + i), lanes.load(doutput + i)));
    });
  });
}

}  // namespace sortlab::kernels
