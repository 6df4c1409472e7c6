// What a trained classifier is worth on labelled photos. 0 stands for 0/0 everywhere.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace sortlab {

/// counts[true * classes + predicted].
class ConfusionMatrix {
 public:
  explicit ConfusionMatrix(int classes);
  void add(int truth, int predicted);
  int classes() const { return classes_; }
  std::int64_t count(int truth, int predicted) const;
  std::int64_t total() const;

 private:
  int classes_;
  std::vector<std::int64_t> counts_;
};

struct ClassScore {
  double precision = 0, recall = 0, f1 = 0;
  std::int64_t support = 0;  // photos that truly are of this class
};

struct ClassificationReport {
  double accuracy = 0;
  ClassScore macro;     // plain mean over the classes; support: all photos
  ClassScore weighted;  // mean weighted by support
  std::vector<ClassScore> per_class;
};

/// As scikit-learn's classification_report with zero_division=0.
ClassificationReport classification_report(const ConfusionMatrix& confusion);

/// Wilson score interval (Wilson, JASA 1927) of a share, 95 %.
struct Interval {
  double low = 0, high = 1;
};
Interval wilson_interval(std::int64_t successes, std::int64_t trials);

/// Index of the largest value; the first of equals.
int argmax(std::span<const float> values);

}  // namespace sortlab
