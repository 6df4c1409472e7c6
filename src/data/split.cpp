#include "data/split.hpp"

#include <algorithm>
#include <numeric>

#include "base/random.hpp"
#include "base/sort.hpp"

namespace sortlab {

namespace {

/// Photos with the same bytes, which go to one part together.
using Group = std::vector<std::uint32_t>;

Status check(std::span<const std::int32_t> labels, std::span<const std::uint64_t> hashes, std::size_t classes,
             const SplitOptions& options) {
  const int train = options.train_percent, validation = options.validation_percent, test = options.test_percent;
  if (train < 1 || validation < 1 || test < 0 || train > 99 || validation > 99 || test > 98 ||
      train + validation + test != 100) {
    return {StatusCode::kInvalidArgument,
            "The split must be three percentages that add up to 100, with something to train and to validate on."};
  }
  if (labels.size() != hashes.size()) return {StatusCode::kInvalidArgument, "Every photo needs a label and a hash."};
  for (const std::int32_t label : labels) {
    if (label < 0 || static_cast<std::size_t>(label) >= classes) {
      return {StatusCode::kInvalidArgument, "A photo's label must be one of the classes."};
    }
  }
  return {};
}

/// Groups in the order of their first photo. hash 0 (unknown) makes a group of its own.
std::vector<Group> group_by_hash(std::span<const std::uint64_t> hashes) {
  constexpr std::uint32_t kNone = 0xFFFFFFFF;
  std::vector<std::uint64_t> sorted(hashes.begin(), hashes.end());
  sort(sorted);
  std::vector<std::uint32_t> group_of(sorted.size(), kNone);  // by the first place of a hash among the sorted
  std::vector<Group> groups;
  for (std::uint32_t photo = 0; photo < hashes.size(); ++photo) {
    const auto place = std::lower_bound(sorted.begin(), sorted.end(), hashes[photo]) - sorted.begin();
    std::uint32_t& group = group_of[static_cast<std::size_t>(place)];
    if (group == kNone || hashes[photo] == 0) {
      group = static_cast<std::uint32_t>(groups.size());
      groups.emplace_back();
    }
    groups[group].push_back(photo);
  }
  return groups;
}

/// Ascending, by marking: photos are different numbers below `count`.
void sort_photos(std::size_t count, std::vector<std::uint32_t>& photos) {
  std::vector<std::uint8_t> chosen(count);
  for (const std::uint32_t photo : photos) chosen[photo] = 1;
  photos.clear();
  for (std::uint32_t photo = 0; photo < count; ++photo) {
    if (chosen[photo]) photos.push_back(photo);
  }
}

/// The same photo may lie in several classes; its group counts for the rarest of them, which needs it most.
std::int32_t owner(const Group& group, std::span<const std::int32_t> labels, std::span<const std::size_t> counts) {
  std::int32_t best = labels[group.front()];
  for (const std::uint32_t photo : group) {
    const std::int32_t label = labels[photo];
    const std::size_t count = counts[static_cast<std::size_t>(label)], least = counts[static_cast<std::size_t>(best)];
    if (count < least || (count == least && label < best)) best = label;
  }
  return best;
}

std::size_t share(std::size_t count, int percent) { return (count * static_cast<std::size_t>(percent) + 50) / 100; }

void append(const Group& group, std::vector<std::uint32_t>& photos) {
  for (const std::uint32_t photo : group) photos.push_back(photo);
}

/// Fills test, then validation, each up to its share (rounded, at least one group where two groups are there for test,
/// three for both); the rest trains. A group larger than what is left of a share goes on to the next part.
void split_class(std::vector<const Group*>& groups, const SplitOptions& options, Split& split) {
  std::size_t photos = 0;
  for (const Group* group : groups) photos += group->size();
  struct Part {
    std::vector<std::uint32_t>* photos;
    std::size_t target;
    bool wanted;
    std::size_t taken = 0;
  };
  Part parts[] = {{&split.test, share(photos, options.test_percent), options.test_percent > 0},
                  {&split.validation, share(photos, options.validation_percent), true}};
  std::size_t left = groups.size();
  std::vector<std::uint8_t> used(groups.size());
  for (Part& part : parts) {
    for (std::size_t i = 0; i < groups.size() && part.wanted && left > 1; ++i) {
      const std::size_t size = groups[i]->size();
      // The first may be too large: better a part over its share than none at all.
      if (used[i] || (part.taken > 0 && part.taken + size > part.target)) continue;
      append(*groups[i], *part.photos);
      part.taken += size;
      used[i] = 1;
      --left;
      if (part.taken >= part.target) break;
    }
  }
  for (std::size_t i = 0; i < groups.size(); ++i) {
    if (!used[i]) append(*groups[i], split.train);
  }
}

}  // namespace

Result<Split> stratified_split(std::span<const std::int32_t> labels, std::span<const std::uint64_t> hashes,
                               std::span<const std::string> classes, const SplitOptions& options) {
  SORTLAB_RETURN_IF_ERROR(check(labels, hashes, classes.size(), options));
  std::vector<std::size_t> counts(classes.size());
  for (const std::int32_t label : labels) ++counts[static_cast<std::size_t>(label)];
  if (counts.size() - static_cast<std::size_t>(std::count(counts.begin(), counts.end(), 0u)) < 2) {
    return Status(StatusCode::kInvalidData, "Photos of at least two classes are needed; add a second class.");
  }

  const std::vector<Group> groups = group_by_hash(hashes);
  std::vector<std::vector<const Group*>> by_class(classes.size());
  for (const Group& group : groups) by_class[static_cast<std::size_t>(owner(group, labels, counts))].push_back(&group);

  Split split;
  for (std::size_t label = 0; label < classes.size(); ++label) {
    std::vector<const Group*>& own = by_class[label];
    if (own.size() < 2) {
      return Status(StatusCode::kInvalidData,
                    "This class has fewer than two different photos; add some or leave the class out.", classes[label]);
    }
    std::vector<std::uint32_t> order(own.size());
    std::iota(order.begin(), order.end(), 0u);
    Random random(options.seed, RandomPurpose::kSplit, static_cast<std::uint32_t>(label));
    shuffle(order, random);
    std::vector<const Group*> shuffled;
    shuffled.reserve(own.size());
    for (const std::uint32_t i : order) shuffled.push_back(own[i]);
    split_class(shuffled, options, split);
  }
  for (std::vector<std::uint32_t>* part : {&split.train, &split.validation, &split.test}) {
    sort_photos(hashes.size(), *part);
  }
  return split;
}

std::vector<std::uint32_t> epoch_order(std::uint32_t count, std::uint64_t seed, std::uint32_t epoch) {
  std::vector<std::uint32_t> order(count);
  std::iota(order.begin(), order.end(), 0u);
  Random random(seed, RandomPurpose::kBatchOrder, epoch);
  shuffle(order, random);
  return order;
}

}  // namespace sortlab
