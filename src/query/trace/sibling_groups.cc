// SPDX-License-Identifier: Apache-2.0
#include "query/trace/sibling_groups.h"

#include <algorithm>
#include <cmath>
#include <utility>

namespace skep {
namespace {

uint64_t Mix(uint64_t hash, uint64_t value) {
  hash ^= value + 0x9E3779B97F4A7C15ull + (hash << 6) + (hash >> 2);
  hash *= 0xFF51AFD7ED558CCDull;
  return hash ^ (hash >> 33);
}

class Shapes {
 public:
  explicit Shapes(const TraceTree& tree) : tree_(tree), shapes_(tree.rows().size()) {
    // Children come after their parents, so backwards they are known first.
    for (size_t i = shapes_.size(); i-- > 0;) shapes_[i] = ShapeOf(static_cast<uint32_t>(i));
  }
  uint64_t operator[](uint32_t row) const { return shapes_[row]; }

 private:
  uint64_t ShapeOf(uint32_t at) {
    const TreeRow& row = tree_.row(at);
    inner_.clear();
    for (uint32_t child = tree_.FirstChild(at); child != kNoRow; child = tree_.NextSibling(child)) {
      const TreeRow& under = tree_.row(child);
      if (under.IsSpan() || under.error) inner_.push_back(shapes_[child]);
    }
    std::sort(inner_.begin(), inner_.end());
    inner_.erase(std::unique(inner_.begin(), inner_.end()), inner_.end());
    uint64_t hash = Mix(row.name, row.service);
    hash = Mix(hash, static_cast<uint64_t>(row.kind) << 32 | static_cast<uint64_t>(row.door) << 24 |
                         static_cast<uint64_t>(row.span_kind) << 16 | uint64_t{row.error} << 8 |
                         uint64_t{row.open});
    for (const uint64_t shape : inner_) hash = Mix(hash, shape);
    return hash;
  }

  const TraceTree& tree_;
  std::vector<uint64_t> shapes_;
  std::vector<uint64_t> inner_;
};

void Measure(const TraceTree& tree, SiblingGroup* group) {
  std::vector<uint64_t> lengths;
  lengths.reserve(group->rows.size());
  group->start_ns = tree.row(group->rows.front()).time_ns;
  group->end_ns = group->start_ns;
  for (const uint32_t at : group->rows) {
    const TreeRow& row = tree.row(at);
    group->start_ns = std::min(group->start_ns, row.time_ns);
    group->end_ns = std::max(group->end_ns, row.end_ns);
    lengths.push_back(row.duration_ns);
    group->total_ns += row.duration_ns;
  }
  std::sort(lengths.begin(), lengths.end());
  group->shortest_ns = lengths.front();
  group->median_ns = lengths[(lengths.size() - 1) / 2];
  group->longest_ns = lengths.back();
  const double low = std::log1p(static_cast<double>(group->shortest_ns));
  const double wide = std::log1p(static_cast<double>(group->longest_ns)) - low;
  for (const uint64_t length : lengths) {
    const double share = wide > 0 ? (std::log1p(static_cast<double>(length)) - low) / wide : 0;
    const auto bucket = static_cast<size_t>(share * kGroupBuckets);
    ++group->buckets[std::min(bucket, kGroupBuckets - 1)];
  }
}

class Grouper {
 public:
  Grouper(const TraceTree& tree, size_t least) : tree_(tree), shapes_(tree), least_(least) {
    found_.of_row.assign(tree.rows().size(), kNoRow);
  }

  SiblingGroups Group() {
    if (!tree_.rows().empty()) GroupFrom(0);
    for (uint32_t at = 0; at < tree_.rows().size(); ++at)
      if (tree_.row(at).size > 1) GroupFrom(at + 1);
    Number();
    return std::move(found_);
  }

 private:
  // `first` and its later siblings.
  void GroupFrom(uint32_t first) {
    alike_.clear();
    for (uint32_t at = first; at != kNoRow; at = tree_.NextSibling(at))
      if (tree_.row(at).IsSpan()) alike_.emplace_back(shapes_[at], at);
    if (alike_.size() < least_) return;
    std::sort(alike_.begin(), alike_.end());
    for (size_t begin = 0; begin < alike_.size();) {
      size_t end = begin + 1;
      while (end < alike_.size() && alike_[end].first == alike_[begin].first) ++end;
      if (end - begin >= least_) {
        SiblingGroup group;
        for (size_t i = begin; i < end; ++i) group.rows.push_back(alike_[i].second);
        Measure(tree_, &group);
        found_.groups.push_back(std::move(group));
      }
      begin = end;
    }
  }

  void Number() {
    std::sort(found_.groups.begin(), found_.groups.end(),
              [](const SiblingGroup& a, const SiblingGroup& b) { return a.rows[0] < b.rows[0]; });
    for (uint32_t i = 0; i < found_.groups.size(); ++i)
      for (const uint32_t at : found_.groups[i].rows) found_.of_row[at] = i;
  }

  const TraceTree& tree_;
  const Shapes shapes_;
  const size_t least_;
  SiblingGroups found_;
  std::vector<std::pair<uint64_t, uint32_t>> alike_;
};

}  // namespace

SiblingGroups GroupSiblings(const TraceTree& tree, size_t least) {
  return Grouper(tree, least).Group();
}

}  // namespace skep
