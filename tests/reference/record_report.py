"""Writes tests/cpp/metrics/recorded_reports.hpp from scikit-learn's classification_report (pip install scikit-learn).

Run from the checkout:
  python3 tests/reference/record_report.py > tests/cpp/metrics/recorded_reports.hpp
"""

import numpy
from sklearn.metrics import classification_report

generator = numpy.random.default_rng(1)
MATRICES = [
    [[5]],
    [[3, 1], [2, 4]],
    [[0, 4], [0, 6]],  # class 0 is never predicted
    [[7, 0, 2], [0, 0, 0], [1, 1, 5]],  # class 1 has no photos but is predicted
    [[2, 0, 0], [0, 0, 0], [0, 0, 3]],  # class 1 neither has photos nor is predicted
    generator.integers(0, 40, (6, 6)).tolist(),
    (generator.integers(0, 9, (10, 10)) + numpy.diag(generator.integers(0, 300, 10))).tolist(),
]


def score(entry):
    values = (float(entry["precision"]), float(entry["recall"]), float(entry["f1-score"]))
    return "{" + ", ".join(repr(value) for value in values) + f", {int(entry['support'])}" + "}"


print("// What scikit-learn's classification_report(zero_division=0) says, made by tests/reference/record_report.py.")
print("#pragma once\n\n#include <cstdint>\n#include <vector>\n\nnamespace sortlab::test {\n")
print("struct RecordedScore {\n  double precision, recall, f1;\n  std::int64_t support;\n};")
print("struct RecordedReport {\n  int classes;\n  std::vector<int> confusion;  // rows: true class")
print("  double accuracy;\n  RecordedScore macro, weighted;\n  std::vector<RecordedScore> per_class;\n};\n")
print("inline const std::vector<RecordedReport> kRecordedReports = {")
for matrix in MATRICES:
    size = len(matrix)
    truth, predicted = [], []
    for row in range(size):
        for column in range(size):
            truth += [row] * matrix[row][column]
            predicted += [column] * matrix[row][column]
    report = classification_report(truth, predicted, labels=list(range(size)), output_dict=True, zero_division=0)
    accuracy = sum(a == b for a, b in zip(truth, predicted)) / len(truth)
    flat = ", ".join(str(value) for row in matrix for value in row)
    print(f"    {{{size},\n     {{{flat}}},\n     {accuracy!r},")
    print(f"     {score(report['macro avg'])},\n     {score(report['weighted avg'])},\n     {{", end="")
    print(",\n      ".join(score(report[str(label)]) for label in range(size)), end="}},\n")
print("};\n\n}  // namespace sortlab::test")
