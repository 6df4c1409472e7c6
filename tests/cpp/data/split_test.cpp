#include "data/split.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <map>
#include <numeric>

#include "base/random.hpp"

namespace sortlab {
namespace {

struct Photos {
  std::vector<std::int32_t> labels;
  std::vector<std::uint64_t> hashes;
  std::vector<std::string> classes;

  /// counts[c] photos of class c, all different.
  explicit Photos(const std::vector<int>& counts) {
    for (std::size_t c = 0; c < counts.size(); ++c) {
      classes.push_back("class " + std::to_string(c));
      for (int i = 0; i < counts[c]; ++i) add(static_cast<std::int32_t>(c), 1000 + labels.size());
    }
  }
  void add(std::int32_t label, std::uint64_t hash) {
    labels.push_back(label);
    hashes.push_back(hash);
  }
  Result<Split> split(const SplitOptions& options = {}) const {
    return stratified_split(labels, hashes, classes, options);
  }
  std::vector<int> counts(const std::vector<std::uint32_t>& part) const {
    std::vector<int> result(classes.size());
    for (const std::uint32_t i : part) ++result[static_cast<std::size_t>(labels[i])];
    return result;
  }
};

void check_partition(const Photos& photos, const Split& split) {
  std::vector<std::uint32_t> all;
  for (const auto* part : {&split.train, &split.validation, &split.test}) {
    CHECK(std::is_sorted(part->begin(), part->end()));
    all.insert(all.end(), part->begin(), part->end());
  }
  std::sort(all.begin(), all.end());
  std::vector<std::uint32_t> expected(photos.labels.size());
  std::iota(expected.begin(), expected.end(), 0u);
  CHECK(all == expected);
}

TEST_CASE("each class is cut by the same shares, rounded") {
  const Photos photos({100, 40, 10, 3, 2});
  const Result<Split> split = photos.split();
  REQUIRE(split.ok());
  check_partition(photos, *split);
  CHECK(photos.counts(split->test) == std::vector<int>{15, 6, 2, 1, 1});
  CHECK(photos.counts(split->validation) == std::vector<int>{15, 6, 2, 1, 0});
  CHECK(photos.counts(split->train) == std::vector<int>{70, 28, 6, 1, 1});
}

TEST_CASE("without a test part validation comes next") {
  const Photos photos({20, 2});
  SplitOptions options;
  options.train_percent = 80;
  options.validation_percent = 20;
  options.test_percent = 0;
  const Result<Split> split = photos.split(options);
  REQUIRE(split.ok());
  check_partition(photos, *split);
  CHECK(split->test.empty());
  CHECK(photos.counts(split->validation) == std::vector<int>{4, 1});
}

TEST_CASE("a large share still leaves something to train on") {
  const Photos photos({3, 4});
  SplitOptions options;
  options.train_percent = 1;
  options.validation_percent = 1;
  options.test_percent = 98;
  const Result<Split> split = photos.split(options);
  REQUIRE(split.ok());
  check_partition(photos, *split);
  for (const int count : photos.counts(split->train)) CHECK(count >= 1);
}

TEST_CASE("same seed, same split; another seed, another") {
  const Photos photos({60, 60});
  SplitOptions options;
  const Result<Split> first = photos.split(options), again = photos.split(options);
  options.seed = 2;
  const Result<Split> other = photos.split(options);
  CHECK(first->test == again->test);
  CHECK(first->train == again->train);
  CHECK(first->test != other->test);
  // Not simply the first ones.
  CHECK(first->test.back() > 30);
}

TEST_CASE("copies of one photo stay in one part, within and across classes") {
  Photos photos({30, 30, 12});
  Random random(5, RandomPurpose::kSplit, 99);
  for (int i = 0; i < 60; ++i) {
    const std::uint32_t original = random.below(72);
    photos.add(static_cast<std::int32_t>(random.below(3)), photos.hashes[original]);
  }
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    SplitOptions options;
    options.seed = seed;
    const Result<Split> split = photos.split(options);
    REQUIRE(split.ok());
    check_partition(photos, *split);
    std::map<std::uint64_t, int> part_of;
    int part = 0;
    for (const auto* photos_of_part : {&split->train, &split->validation, &split->test}) {
      for (const std::uint32_t i : *photos_of_part)
        CHECK(part_of.emplace(photos.hashes[i], part).first->second == part);
      ++part;
    }
    for (const int count : photos.counts(split->train)) CHECK(count >= 1);
  }
}

TEST_CASE("photos of unknown hash are not copies of each other") {
  Photos photos({0, 0});
  for (int i = 0; i < 40; ++i) photos.add(i % 2, 0);
  const Result<Split> split = photos.split();
  REQUIRE(split.ok());
  CHECK(photos.counts(split->test) == std::vector<int>{3, 3});
}

TEST_CASE("too few classes or photos are named") {
  CHECK(Photos({10}).split().status().code() == StatusCode::kInvalidData);
  CHECK(Photos({10, 0}).split().status().code() == StatusCode::kInvalidData);
  CHECK(Photos({}).split().status().code() == StatusCode::kInvalidData);
  const Result<Split> lonely = Photos({10, 1, 10}).split();
  CHECK(lonely.status().code() == StatusCode::kInvalidData);
  CHECK(lonely.status().subject() == "class 1");
  Photos copies({10, 0});
  copies.add(1, 7);
  copies.add(1, 7);
  const Result<Split> same_photo = copies.split();
  CHECK(same_photo.status().code() == StatusCode::kInvalidData);
  CHECK(same_photo.status().subject() == "class 1");
}

TEST_CASE("percentages are checked") {
  const Photos photos({10, 10});
  const int wrong[][3] = {{70, 15, 14},    {70, 15, 16},  {0, 50, 50}, {50, 0, 50},
                          {120, -10, -10}, {60, 50, -10}, {100, 0, 0}};
  for (const auto& percent : wrong) {
    SplitOptions options;
    options.train_percent = percent[0];
    options.validation_percent = percent[1];
    options.test_percent = percent[2];
    CHECK_MESSAGE(photos.split(options).status().code() == StatusCode::kInvalidArgument, percent[0], "/", percent[1],
                  "/", percent[2]);
  }
}

TEST_CASE("labels outside the classes are refused") {
  Photos photos({5, 5});
  photos.labels[3] = 2;
  CHECK(photos.split().status().code() == StatusCode::kInvalidArgument);
  photos.labels[3] = -1;
  CHECK(photos.split().status().code() == StatusCode::kInvalidArgument);
  photos.labels[3] = 0;
  photos.hashes.pop_back();
  CHECK(photos.split().status().code() == StatusCode::kInvalidArgument);
}

TEST_CASE("an epoch's order is a permutation of its own") {
  for (const std::uint32_t count : {0u, 1u, 2u, 97u}) {
    std::vector<std::uint32_t> order = epoch_order(count, 1, 0);
    CHECK(order == epoch_order(count, 1, 0));
    if (count > 10) {
      CHECK(order != epoch_order(count, 1, 1));
      CHECK(order != epoch_order(count, 2, 0));
      CHECK(!std::is_sorted(order.begin(), order.end()));
    }
    std::sort(order.begin(), order.end());
    REQUIRE(order.size() == count);
    for (std::uint32_t i = 0; i < count; ++i) CHECK(order[i] == i);
  }
}

}  // namespace
}  // namespace sortlab
