// Stratified split: each class is cut by the same shares, with a seed. Photos with equal hash (the same bytes) stay
// together, so that a copy of a training photo cannot be a test photo.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "base/status.hpp"

namespace sortlab {

struct SplitOptions {
  int train_percent = 70, validation_percent = 15, test_percent = 15;  // sum 100; test may be 0 (tested elsewhere)
  std::uint64_t seed = 1;
};

/// Indices into the data set, each part ascending. Every class has at least one photo in train; a class with two or
/// more has one in each further part that its size allows (test first).
struct Split {
  std::vector<std::uint32_t> train, validation, test;
};

/// kInvalidData when there are fewer than two classes with photos, or a class has fewer than two (subject: the class's
/// name).
Result<Split> stratified_split(std::span<const std::int32_t> labels, std::span<const std::uint64_t> hashes,
                               std::span<const std::string> classes, const SplitOptions& options);

/// The order in which `count` samples are visited in an epoch: a seeded permutation.
std::vector<std::uint32_t> epoch_order(std::uint32_t count, std::uint64_t seed, std::uint32_t epoch);

}  // namespace sortlab
