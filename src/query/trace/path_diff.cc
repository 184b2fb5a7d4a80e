// SPDX-License-Identifier: Apache-2.0
#include "query/trace/path_diff.h"

#include <algorithm>
#include <numeric>

#include "query/row_tree.h"

namespace skep {
namespace {

// Less is noise: between two runs of the same code.
constexpr double kRatio = 1.25;
constexpr double kShare = 0.05;  // of the traces; of the spans that failed; of the longest path

double Ratio(uint64_t part, uint64_t whole) {
  return whole == 0 ? 0 : static_cast<double>(part) / static_cast<double>(whole);
}

uint64_t AtShare(std::vector<uint64_t>* values, double share) {
  if (values->empty()) return 0;
  const auto rank = static_cast<ptrdiff_t>(share * static_cast<double>(values->size() - 1));
  std::nth_element(values->begin(), values->begin() + rank, values->end());
  return (*values)[static_cast<size_t>(rank)];
}

// `noise_ns`: a difference of medians that is none.
std::vector<PathChange> ChangesOf(const DiffRow& row, const std::array<uint64_t, 2>& traces,
                                  double noise_ns) {
  const auto& [a, b] = row.sides;
  if (a.spans == 0) return {PathChange::kAdded};
  if (b.spans == 0) return {PathChange::kRemoved};
  std::vector<PathChange> changes;
  const double often_a = Ratio(a.spans, traces[0]);
  const double often_b = Ratio(b.spans, traces[1]);
  const double shift = Ratio(b.traces, traces[1]) - Ratio(a.traces, traces[0]);
  if (often_b > often_a * kRatio || shift > kShare)
    changes.push_back(PathChange::kMore);
  else if (often_a > often_b * kRatio || shift < -kShare)
    changes.push_back(PathChange::kFewer);
  const auto median_a = static_cast<double>(a.median_ns);
  const auto median_b = static_cast<double>(b.median_ns);
  if (median_b > median_a * kRatio && median_b - median_a > noise_ns)
    changes.push_back(PathChange::kSlower);
  if (median_a > median_b * kRatio && median_a - median_b > noise_ns)
    changes.push_back(PathChange::kFaster);
  const double failed = Ratio(b.errors, b.spans) - Ratio(a.errors, a.spans);
  if (failed > kShare || failed < -kShare) changes.push_back(PathChange::kErrors);
  return changes;
}

}  // namespace

size_t PathDiff::KeyHash::operator()(const Key& key) const {
  uint64_t hash = key.parent * 0x9E3779B97F4A7C15ull;
  hash = (hash ^ key.service) * 0xFF51AFD7ED558CCDull;
  hash = (hash ^ key.name) * 0xC4CEB9FE1A85EC53ull;
  return static_cast<size_t>(hash ^ (hash >> 29));
}

uint32_t PathDiff::Find(const Key& key) {
  const auto known = index_.find(key);
  if (known != index_.end()) return known->second;
  if (paths_.size() >= paths_max_) return kNoRow;
  const auto made = static_cast<uint32_t>(paths_.size());
  paths_.push_back({key.parent, key.service, key.name, {}});
  index_.emplace(key, made);
  return made;
}

bool PathDiff::Add(size_t side, const std::vector<PathSpan>& spans) {
  const uint64_t number = ++traces_[side];
  std::vector<uint32_t> path_of(spans.size(), kNoRow);
  bool whole = true;
  for (size_t i = 0; i < spans.size(); ++i) {
    const PathSpan& span = spans[i];
    const uint32_t above = span.parent == kNoRow ? kNoRow : path_of[span.parent];
    // Without its parent's path it has none.
    if (span.parent != kNoRow && above == kNoRow) continue;
    const uint32_t at = Find({above, texts_.Add(span.service), texts_.Add(span.name)});
    path_of[i] = at;
    whole = whole && at != kNoRow;
    if (at == kNoRow) continue;
    Side& seen = paths_[at].sides[side];
    if (seen.last_trace != number) ++seen.sums.traces;
    seen.last_trace = number;
    ++seen.sums.spans;
    seen.sums.errors += span.error;
    seen.sums.total_ns += span.duration_ns;
    seen.durations.push_back(span.duration_ns);
  }
  return whole;
}

std::vector<DiffRow> PathDiff::Rows() {
  std::vector<size_t> parents;
  for (const Path& path : paths_)
    parents.push_back(path.parent == kNoRow ? kNoParent : size_t{path.parent});
  std::vector<size_t> sorted(paths_.size());
  std::iota(sorted.begin(), sorted.end(), size_t{0});
  std::vector<DiffRow> rows;
  std::vector<uint32_t> row_of(paths_.size(), kNoRow);
  uint64_t longest_ns = 0;
  for (const TreePlace& place : OrderAsTree(parents, sorted)) {
    Path& path = paths_[place.row];
    DiffRow row;
    row.service = texts_[path.service];
    row.name = texts_[path.name];
    row.depth = static_cast<uint32_t>(place.depth);
    if (place.parent != kNoParent) row.parent = row_of[place.parent];
    for (size_t side = 0; side < 2; ++side) {
      row.sides[side] = path.sides[side].sums;
      row.sides[side].median_ns = AtShare(&path.sides[side].durations, 0.5);
      row.sides[side].p95_ns = AtShare(&path.sides[side].durations, 0.95);
      longest_ns = std::max(longest_ns, row.sides[side].median_ns);
    }
    row_of[place.row] = static_cast<uint32_t>(rows.size());
    rows.push_back(std::move(row));
  }
  const double noise_ns = static_cast<double>(longest_ns) * kShare / 5;
  for (DiffRow& row : rows) row.changes = ChangesOf(row, traces_, noise_ns);
  return rows;
}

std::vector<PathSpan> SpansOf(const TraceTree& tree) {
  std::vector<PathSpan> spans;
  std::vector<uint32_t> span_of(tree.rows().size(), kNoRow);
  const Door door = tree.rows().empty() ? Door::kOtlp : tree.row(0).door;
  for (uint32_t at = 0; at < tree.rows().size(); ++at) {
    const TreeRow& row = tree.row(at);
    // What is left out lends its children its place.
    const uint32_t above = row.parent == kNoRow ? kNoRow : span_of[row.parent];
    span_of[at] = above;
    if (row.kind != TraceRowKind::kSpan || row.door != door) continue;
    span_of[at] = static_cast<uint32_t>(spans.size());
    spans.push_back(
        {tree.Text(row.service), tree.Text(row.name), above, row.duration_ns, row.error});
  }
  return spans;
}

}  // namespace skep
