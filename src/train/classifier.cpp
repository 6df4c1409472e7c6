#include "train/classifier.hpp"

#include <utility>

#include "image/augment.hpp"
#include "nn/inference_network.hpp"

namespace sortlab {
namespace {

class NetworkClassifier final : public Classifier {
 public:
  NetworkClassifier(Model model, std::unique_ptr<InferenceNetwork> network)
      : model_(std::move(model)), network_(std::move(network)) {}

  const Model& model() const override { return model_; }
  std::size_t bytes() const override { return model_.weights.size() * sizeof(float) + network_->bytes(); }

  Status predict(int count, const Pixels& pixels, float* probs) override {
    if (count < 0) return {StatusCode::kInvalidArgument, "The number of pictures cannot be negative.", "count"};
    const Preprocessing& preprocessing = model_.preprocessing;
    const auto side = static_cast<std::size_t>(preprocessing.size);
    const std::size_t picture = side * side * 3;
    network_->predict(
        count,
        [&](int index, float* output) {
          normalise(picture, pixels(index), preprocessing.mean, preprocessing.deviation, output);
        },
        probs);
    return {};
  }

 private:
  Model model_;  // its weights are the network's
  std::unique_ptr<InferenceNetwork> network_;
};

}  // namespace

Result<std::unique_ptr<Classifier>> Classifier::create(Model&& model, ThreadPool& pool) {
  Result<std::unique_ptr<InferenceNetwork>> network = InferenceNetwork::create(
      model.architecture, model.preprocessing.size, static_cast<int>(model.classes.size()), model.weights, pool);
  if (!network.ok()) return network.status();
  return std::unique_ptr<Classifier>(std::make_unique<NetworkClassifier>(std::move(model), std::move(network).value()));
}

}  // namespace sortlab
