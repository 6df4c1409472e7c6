#include "nn/initialise.hpp"

#include "simd/f32x4.hpp"
#include "tensor/tensor.hpp"

namespace sortlab {
namespace {

/// Correctly rounded everywhere, as the vector instruction is.
float square_root(float x) { return simd::extract<0>(simd::sqrt(simd::splat(x))); }

}  // namespace

void initialise(const Start& start, std::uint64_t seed, std::uint32_t layer, std::uint32_t tensor,
                std::span<float> values) {
  auto view = view_of(values, Shape{static_cast<int>(values.size())});
  Random random(seed, RandomPurpose::kInitialiser, layer, tensor);
  switch (start.kind) {
    case Start::Kind::kConstant:
      view.fill(start.value);
      return;
    case Start::Kind::kGlorotUniform: {
      const float limit = square_root(6.0f / static_cast<float>(start.fan_in + start.fan_out));
      for (float& value : view) value = random.uniform(-limit, limit);
      return;
    }
    case Start::Kind::kHeNormal: {
      const float deviation = square_root(2.0f / static_cast<float>(start.fan_in));
      for (float& value : view) value = deviation * random.normal();
      return;
    }
  }
}

}  // namespace sortlab
