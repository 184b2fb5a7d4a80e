// SPDX-License-Identifier: Apache-2.0
#include "query/trace/critical_path.h"

#include <algorithm>
#include <map>
#include <tuple>

namespace skep {
namespace {

struct Child {
  uint32_t row;
  int64_t start_ns;  // as far as it lies within its parent
  int64_t end_ns;
};

class PathWalk {
 public:
  explicit PathWalk(const TraceTree& tree) : tree_(tree) {}

  void From(uint32_t root) {
    open_.push_back({root, tree_.row(root).time_ns, tree_.row(root).end_ns});
    while (!open_.empty()) {
      const Child span = open_.back();
      open_.pop_back();
      Visit(span);
    }
  }

  std::vector<PathPart> Take() {
    std::sort(parts_.begin(), parts_.end(), [](const PathPart& a, const PathPart& b) {
      return std::tie(a.row, a.from_ns) < std::tie(b.row, b.from_ns);
    });
    return std::move(parts_);
  }

 private:
  void Visit(const Child& span) {
    FindChildren(span);
    int64_t cursor = span.end_ns;
    for (const Child& child : children_) {
      if (child.end_ns > cursor) continue;
      Add(span.row, child.end_ns, cursor);
      open_.push_back(child);
      cursor = child.start_ns;
    }
    Add(span.row, span.start_ns, cursor);
  }

  void FindChildren(const Child& span) {
    children_.clear();
    const TreeRow& parent = tree_.row(span.row);
    for (uint32_t at = tree_.FirstChild(span.row); at != kNoRow; at = tree_.NextSibling(at)) {
      const TreeRow& row = tree_.row(at);
      if (!row.IsSpan() || row.door != parent.door) continue;
      const Child child = {at, std::max(row.time_ns, span.start_ns),
                           std::min(row.end_ns, parent.end_ns)};
      if (child.start_ns < child.end_ns) children_.push_back(child);
    }
    std::sort(children_.begin(), children_.end(), [](const Child& a, const Child& b) {
      return std::tie(b.end_ns, b.start_ns, a.row) < std::tie(a.end_ns, a.start_ns, b.row);
    });
  }

  void Add(uint32_t row, int64_t from_ns, int64_t to_ns) {
    if (from_ns < to_ns) parts_.push_back({row, from_ns, to_ns});
  }

  const TraceTree& tree_;
  std::vector<Child> open_;
  std::vector<Child> children_;
  std::vector<PathPart> parts_;
};

}  // namespace

std::vector<PathPart> CriticalPath(const TraceTree& tree) {
  PathWalk walk(tree);
  const auto& rows = tree.rows();
  for (uint32_t at = 0; at < rows.size(); at += rows[at].size)
    if (rows[at].IsSpan()) walk.From(at);
  return walk.Take();
}

std::vector<PathShare> SharesOfPath(const TraceTree& tree, const std::vector<PathPart>& path,
                                    size_t most) {
  std::map<std::pair<uint32_t, uint32_t>, PathShare> shares;
  uint32_t last = kNoRow;
  for (const PathPart& part : path) {
    const TreeRow& row = tree.row(part.row);
    PathShare& share = shares[{row.service, row.name}];
    share.service = row.service;
    share.name = row.name;
    share.ns += part.to_ns - part.from_ns;
    if (part.row != last) ++share.rows;
    last = part.row;
  }
  std::vector<PathShare> sorted;
  for (const auto& [key, share] : shares) sorted.push_back(share);
  std::stable_sort(sorted.begin(), sorted.end(),
                   [](const PathShare& a, const PathShare& b) { return a.ns > b.ns; });
  if (sorted.size() > most) sorted.resize(most);
  return sorted;
}

}  // namespace skep
