#include <algorithm>

#include "base/deadline.hpp"
#include "kernels/math.hpp"
#include "nn/inference_network.hpp"
#include "train/classifier.hpp"

namespace sortlab {

Result<Evaluator> Evaluator::create(Classifier& classifier, const Dataset& dataset,
                                    std::vector<std::uint32_t> indices) {
  const Model& model = classifier.model();
  if (model.preprocessing.size != dataset.size()) {
    return Status(StatusCode::kInvalidArgument,
                  {"The model takes pictures of ", std::to_string(model.preprocessing.size),
                   " pixels, but the photos were read at ", std::to_string(dataset.size()), "; read them again."},
                  "size");
  }
  if (model.classes != dataset.classes()) {
    return Status(StatusCode::kInvalidArgument, "The photos' classes are not the model's.", "classes");
  }
  for (const std::uint32_t index : indices) {
    if (index >= static_cast<std::uint32_t>(dataset.count())) {
      return Status(StatusCode::kInvalidArgument, "There is no photo of this number.", std::to_string(index));
    }
  }
  const int classes = static_cast<int>(model.classes.size());
  Evaluator evaluator(classifier, dataset);
  evaluator.evaluation_.confusion = ConfusionMatrix(classes);
  evaluator.evaluation_.probs.resize(indices.size() * static_cast<std::size_t>(classes));
  evaluator.evaluation_.indices = std::move(indices);
  return evaluator;
}

Result<double> Evaluator::run_for(double milliseconds) {
  const Deadline deadline = Deadline::after(milliseconds);
  const std::vector<std::uint32_t>& indices = evaluation_.indices;
  const std::size_t classes = classifier_->model().classes.size();
  while (done_ < indices.size()) {
    const std::size_t count = std::min(indices.size() - done_, std::size_t{InferenceNetwork::kMaxBatch});
    const std::uint32_t* part = indices.data() + done_;
    const auto pixels = [&](int i) { return dataset_->pixels(static_cast<int>(part[i])).data(); };
    float* probs = evaluation_.probs.data() + done_ * classes;
    SORTLAB_RETURN_IF_ERROR(classifier_->predict(static_cast<int>(count), pixels, probs));
    for (std::size_t i = 0; i < count; ++i) {
      const int label = dataset_->label(static_cast<int>(part[i]));
      const std::span<const float> row(probs + i * classes, classes);
      evaluation_.confusion.add(label, argmax(row));
      // A probability that rounded to 0 still has a finite cost.
      const float p = std::max(row[static_cast<std::size_t>(label)], 1e-30f);
      loss_sum_ -= static_cast<double>(kernels::log(p));
    }
    done_ += count;
    if (deadline.passed()) break;
  }
  evaluation_.loss = done_ == 0 ? 0 : loss_sum_ / static_cast<double>(done_);
  return indices.empty() ? 1.0 : static_cast<double>(done_) / static_cast<double>(indices.size());
}

}  // namespace sortlab
