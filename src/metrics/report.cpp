#include "metrics/report.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>

namespace sortlab {

namespace {

double ratio(double numerator, double denominator) { return denominator == 0 ? 0 : numerator / denominator; }

double count_ratio(std::int64_t numerator, std::int64_t denominator) {
  return ratio(static_cast<double>(numerator), static_cast<double>(denominator));
}

ClassScore score(const ConfusionMatrix& confusion, int label) {
  std::int64_t predicted = 0;
  ClassScore result;
  for (int other = 0; other < confusion.classes(); ++other) {
    result.support += confusion.count(label, other);
    predicted += confusion.count(other, label);
  }
  const std::int64_t hits = confusion.count(label, label);
  result.precision = count_ratio(hits, predicted);
  result.recall = count_ratio(hits, result.support);
  // 2 P R / (P + R), from the counts: no rounding in between, and 0 where nothing is there.
  result.f1 = count_ratio(2 * hits, result.support + predicted);
  return result;
}

void add_scaled(const ClassScore& score, double factor, ClassScore& sum) {
  sum.precision += factor * score.precision;
  sum.recall += factor * score.recall;
  sum.f1 += factor * score.f1;
}

void divide(double divisor, ClassScore& sum) {
  sum.precision = ratio(sum.precision, divisor);
  sum.recall = ratio(sum.recall, divisor);
  sum.f1 = ratio(sum.f1, divisor);
}

}  // namespace

ConfusionMatrix::ConfusionMatrix(int classes)
    : classes_(std::max(classes, 0)),
      counts_(static_cast<std::size_t>(classes_) * static_cast<std::size_t>(classes_)) {}

void ConfusionMatrix::add(int truth, int predicted) {
  ++counts_[static_cast<std::size_t>(truth) * static_cast<std::size_t>(classes_) + static_cast<std::size_t>(predicted)];
}

std::int64_t ConfusionMatrix::count(int truth, int predicted) const {
  return counts_[static_cast<std::size_t>(truth) * static_cast<std::size_t>(classes_) +
                 static_cast<std::size_t>(predicted)];
}

std::int64_t ConfusionMatrix::total() const {
  std::int64_t sum = 0;
  for (const std::int64_t count : counts_) sum += count;
  return sum;
}

ClassificationReport classification_report(const ConfusionMatrix& confusion) {
  ClassificationReport report;
  const std::int64_t total = confusion.total();
  std::int64_t hits = 0;
  for (int label = 0; label < confusion.classes(); ++label) {
    const ClassScore own = score(confusion, label);
    report.per_class.push_back(own);
    hits += confusion.count(label, label);
    add_scaled(own, 1.0, report.macro);
    add_scaled(own, static_cast<double>(own.support), report.weighted);
  }
  report.accuracy = count_ratio(hits, total);
  divide(confusion.classes(), report.macro);
  divide(static_cast<double>(total), report.weighted);
  report.macro.support = report.weighted.support = total;
  return report;
}

Interval wilson_interval(std::int64_t successes, std::int64_t trials) {
  if (trials <= 0) return {};
  constexpr double z = 1.959963984540054;  // 97.5 % point of the normal distribution
  const double n = static_cast<double>(trials), p = static_cast<double>(successes) / n;
  const double centre = p + z * z / (2 * n), margin = z * std::sqrt(p * (1 - p) / n + z * z / (4 * n * n));
  const double scale = 1 + z * z / n;
  return {std::max(0.0, (centre - margin) / scale), std::min(1.0, (centre + margin) / scale)};
}

int argmax(std::span<const float> values) {
  std::size_t best = 0;
  for (std::size_t i = 1; i < values.size(); ++i) {
    if (values[i] > values[best]) best = i;
  }
  return static_cast<int>(best);
}

}  // namespace sortlab
