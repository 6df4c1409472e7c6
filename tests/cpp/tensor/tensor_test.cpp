#include "tensor/tensor.hpp"

#include <doctest/doctest.h>

#include <numeric>
#include <vector>

namespace sortlab {

TEST_CASE("a tensor owns its values and keeps them when it moves") {
  Tensor tensor(Shape{2, 3});
  CHECK(tensor.owns());
  CHECK(tensor.count() == 6);
  tensor.data()[5] = 4.0f;
  const float* memory = tensor.data();
  const Tensor moved = std::move(tensor);
  CHECK(moved.data() == memory);
  CHECK(moved.values()[5] == 4.0f);
}

TEST_CASE("a tensor over memory of somebody else writes through") {
  std::vector<float> memory(10);
  std::iota(memory.begin(), memory.end(), 0.0f);
  Tensor tensor(Shape{2, 2, 2}, memory);
  CHECK_FALSE(tensor.owns());
  CHECK(tensor.count() == 8);
  tensor.view()(0, 1, 0, 1) = -1.0f;
  CHECK(memory[5] == -1.0f);
}

TEST_CASE("xtensor reduces over our memory") {
  std::vector<float> memory{1, 2, 3, 4, 5, 6};
  Tensor tensor(Shape{2, 3}, memory);
  CHECK(xt::mean(tensor.view())() == doctest::Approx(3.5));
  const auto view = matrix_view(memory, 2, 3);
  const xt::xtensor<float, 1> sums = xt::sum(view, {1});
  CHECK(sums(0) == 6.0f);
  CHECK(sums(1) == 15.0f);
}

}  // namespace sortlab
