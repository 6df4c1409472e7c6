// A trained network at work: probabilities for pictures, and evaluation on a part of a data set in time slices.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <vector>

#include "base/parallel.hpp"
#include "base/status.hpp"
#include "data/dataset.hpp"
#include "io/model_file.hpp"
#include "metrics/report.hpp"

namespace sortlab {

class Classifier {
 public:
  /// Takes the model over; where it fails, the model is left as it was.
  static Result<std::unique_ptr<Classifier>> create(Model&& model, ThreadPool& pool);
  virtual ~Classifier() = default;

  virtual const Model& model() const = 0;
  /// What it holds: the weights, and what it predicts in.
  virtual std::size_t bytes() const = 0;

  /// Where picture `index` of the call lies, (size, size, 3) bytes at the model's training size; any thread may ask.
  using Pixels = std::function<const std::uint8_t*(int index)>;
  /// probs: (count, classes). Several pictures are shared out over the threads; one picture is cut into rows.
  virtual Status predict(int count, const Pixels& pixels, float* probs) = 0;
};

/// What an evaluation found. probs rows follow `indices`.
struct Evaluation {
  ConfusionMatrix confusion{0};
  double loss = 0;                     // mean cross-entropy
  std::vector<std::uint32_t> indices;  // into the data set
  std::vector<float> probs;            // (indices, classes)
};

class Evaluator {
 public:
  /// The data set must have the model's size and classes, and outlive the evaluator, as must the classifier.
  static Result<Evaluator> create(Classifier& classifier, const Dataset& dataset, std::vector<std::uint32_t> indices);

  /// Works for about `milliseconds`; gives the share done, 1 when the result is ready.
  Result<double> run_for(double milliseconds);
  const Evaluation& evaluation() const { return evaluation_; }

 private:
  Evaluator(Classifier& classifier, const Dataset& dataset) : classifier_(&classifier), dataset_(&dataset) {}
  Classifier* classifier_;
  const Dataset* dataset_;
  std::size_t done_ = 0;
  double loss_sum_ = 0;
  Evaluation evaluation_;
};

}  // namespace sortlab
