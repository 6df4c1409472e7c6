#include "metrics/report.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <limits>

#include "compare.hpp"
#include "recorded_reports.hpp"

namespace sortlab {
namespace {

using test::close;

void check_score(const ClassScore& actual, const test::RecordedScore& expected, const char* what) {
  const bool fits = close(actual.precision, expected.precision, 1e-12, 1e-12) &&
                    close(actual.recall, expected.recall, 1e-12, 1e-12) &&
                    close(actual.f1, expected.f1, 1e-12, 1e-12) && actual.support == expected.support;
  CHECK_MESSAGE(fits, what, ": ", actual.precision, " ", actual.recall, " ", actual.f1, " ", actual.support);
}

TEST_CASE("reports agree with those recorded from scikit-learn") {
  CHECK(test::kRecordedReports.size() >= 5);
  for (const test::RecordedReport& recorded : test::kRecordedReports) {
    ConfusionMatrix confusion(recorded.classes);
    for (int truth = 0; truth < recorded.classes; ++truth) {
      for (int predicted = 0; predicted < recorded.classes; ++predicted) {
        for (int i = 0; i < recorded.confusion[static_cast<std::size_t>(truth * recorded.classes + predicted)]; ++i) {
          confusion.add(truth, predicted);
        }
      }
    }
    const ClassificationReport report = classification_report(confusion);
    CHECK(close(report.accuracy, recorded.accuracy, 1e-12, 1e-12));
    check_score(report.macro, recorded.macro, "macro");
    check_score(report.weighted, recorded.weighted, "weighted");
    REQUIRE(report.per_class.size() == recorded.per_class.size());
    for (std::size_t i = 0; i < report.per_class.size(); ++i)
      check_score(report.per_class[i], recorded.per_class[i], "class");
  }
}

TEST_CASE("a report by hand") {
  // cat: 2 of 3 found; dog: 1 of 2 found.     predicted: cat dog
  ConfusionMatrix confusion(2);
  confusion.add(0, 0);
  confusion.add(0, 0);
  confusion.add(0, 1);
  confusion.add(1, 0);
  confusion.add(1, 1);
  CHECK(confusion.count(0, 1) == 1);
  CHECK(confusion.total() == 5);
  const ClassificationReport report = classification_report(confusion);
  CHECK(close(report.accuracy, 0.6, 1e-15, 1e-15));
  CHECK(close(report.per_class[0].precision, 2.0 / 3, 1e-15, 1e-15));
  CHECK(close(report.per_class[1].recall, 0.5, 1e-15, 1e-15));
  CHECK(close(report.macro.f1, (2.0 / 3 + 0.5) / 2, 1e-15, 1e-15));
  CHECK(close(report.weighted.f1, (3 * 2.0 / 3 + 2 * 0.5) / 5, 1e-15, 1e-15));
}

TEST_CASE("0 stands for 0/0") {
  const ClassificationReport none = classification_report(ConfusionMatrix(3));
  CHECK(none.accuracy == 0);
  CHECK(none.macro.f1 == 0);
  CHECK(none.weighted.precision == 0);
  CHECK(none.weighted.support == 0);
  REQUIRE(none.per_class.size() == 3);
  CHECK(none.per_class[2].recall == 0);
  const ClassificationReport empty = classification_report(ConfusionMatrix(0));
  CHECK(empty.per_class.empty());
  CHECK(empty.macro.precision == 0);
}

TEST_CASE("Wilson's interval") {
  // Newcombe, Statistics in Medicine 17 (1998), table I, method 3: 81/263, 15/148, 0/20 and 1/29.
  const struct {
    int successes, trials;
    double low, high;
  } published[] = {
      {81, 263, 0.2553, 0.3662}, {15, 148, 0.0624, 0.1605}, {0, 20, 0.0000, 0.1611}, {1, 29, 0.0061, 0.1718}};
  for (const auto& row : published) {
    const Interval interval = wilson_interval(row.successes, row.trials);
    CHECK_MESSAGE(close(interval.low, row.low, 6e-5, 0), row.successes, "/", row.trials, ": ", interval.low);
    CHECK_MESSAGE(close(interval.high, row.high, 6e-5, 0), row.successes, "/", row.trials, ": ", interval.high);
  }
  CHECK(wilson_interval(20, 20).high == 1);
  CHECK(wilson_interval(0, 0).low == 0);
  CHECK(wilson_interval(0, 0).high == 1);
}

TEST_CASE("argmax takes the first of equals") {
  CHECK(argmax(std::vector<float>{0.1f, 0.5f, 0.5f, 0.2f}) == 1);
  CHECK(argmax(std::vector<float>{3.0f}) == 0);
  CHECK(argmax(std::vector<float>{-3.0f, -1.0f, -2.0f}) == 1);
  CHECK(argmax(std::vector<float>{-std::numeric_limits<float>::infinity(), -1e30f}) == 1);
  CHECK(argmax({}) == 0);
}

}  // namespace
}  // namespace sortlab
