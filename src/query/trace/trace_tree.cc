// SPDX-License-Identifier: Apache-2.0
#include "query/trace/trace_tree.h"

#include <algorithm>
#include <numeric>

#include "query/attribute_set.h"

namespace skep {
namespace {

std::string_view PlaceOf(const EventRow& event, const AttributeSet& attributes,
                         std::string* holder) {
  *holder = attributes.Text("host.name");
  return holder->empty() ? std::string_view(event.dataset) : std::string_view(*holder);
}

}  // namespace

uint32_t TextPool::Add(std::string_view text) {
  const auto [at, is_new] =
      index_.try_emplace(std::string(text), static_cast<uint32_t>(texts_.size()));
  if (is_new) texts_.push_back(&at->first);
  return at->second;
}

TraceTree::TraceTree(const Trace& trace) {
  rows_.reserve(trace.rows.size());
  id_ends_.reserve(trace.rows.size());
  traces_.push_back(trace.trace_id);
  for (const TraceRow& row : trace.rows) Add(row, trace.trace_id);
  CloseSubtrees();
  Measure();
  by_id_.resize(rows_.size());
  std::iota(by_id_.begin(), by_id_.end(), 0u);
  std::sort(by_id_.begin(), by_id_.end(), [&](uint32_t a, uint32_t b) { return Id(a) < Id(b); });
}

void TraceTree::Add(const TraceRow& row, const TraceId& own) {
  const EventRow& event = row.event;
  const AttributeSet attributes(event.attributes);
  std::string holder;
  TreeRow made;
  made.time_ns = event.time_ns;
  made.end_ns = event.end_ns();
  made.duration_ns = event.duration_ns;
  made.event_id = event.event_id;
  made.item = event.item;
  made.span_id = event.span_id;
  made.parent_id = event.parent_id;
  made.depth = static_cast<uint32_t>(row.depth);
  made.name = texts_.Add(row.kind == TraceRowKind::kLog ? event.body : event.name);
  made.service = texts_.Add(event.dataset);
  made.place = texts_.Add(PlaceOf(event, attributes, &holder));
  if (event.trace_id != own) {
    const auto known = std::find(traces_.begin(), traces_.end(), event.trace_id);
    made.trace = static_cast<uint32_t>(known - traces_.begin());
    if (known == traces_.end()) traces_.push_back(event.trace_id);
  }
  made.kind = row.kind;
  made.door = event.door;
  made.also_door = row.also_door.value_or(event.door);
  made.span_kind = event.kind;
  made.status = event.status;
  made.how = row.how;
  made.severity = event.severity;
  made.error = row.error;
  made.open = event.signal == Signal::kOpenSpan;
  made.subsegment = attributes.Text("aws.xray.document") == "subsegment";
  rows_.push_back(made);
  ids_ += row.id;
  id_ends_.push_back(static_cast<uint32_t>(ids_.size()));
}

// Parents from the depths, which say it all in this order; then sizes, and ends of open spans.
void TraceTree::CloseSubtrees() {
  std::vector<uint32_t> above;
  for (uint32_t i = 0; i < rows_.size(); ++i) {
    above.resize(rows_[i].depth);
    if (!above.empty()) rows_[i].parent = above.back();
    above.push_back(i);
  }
  for (size_t i = rows_.size(); i-- > 0;) {
    const TreeRow& row = rows_[i];
    if (row.parent == kNoRow) continue;
    TreeRow& parent = rows_[row.parent];
    parent.size += row.size;
    if (parent.open) parent.end_ns = std::max(parent.end_ns, row.end_ns);
  }
}

void TraceTree::Measure() {
  if (rows_.empty()) return;
  start_ns_ = rows_.front().time_ns;
  end_ns_ = rows_.front().end_ns;
  for (const TreeRow& row : rows_) {
    start_ns_ = std::min(start_ns_, row.time_ns);
    end_ns_ = std::max(end_ns_, row.end_ns);
  }
}

std::string_view TraceTree::Id(uint32_t at) const {
  const uint32_t begin = at == 0 ? 0 : id_ends_[at - 1];
  return std::string_view(ids_).substr(begin, id_ends_[at] - begin);
}

std::optional<uint32_t> TraceTree::Find(std::string_view id) const {
  const auto at = std::lower_bound(by_id_.begin(), by_id_.end(), id,
                                   [&](uint32_t a, std::string_view b) { return Id(a) < b; });
  if (at == by_id_.end() || Id(*at) != id) return std::nullopt;
  return *at;
}

uint32_t TraceTree::NextSibling(uint32_t at) const {
  const uint32_t parent = rows_[at].parent;
  const size_t end = parent == kNoRow ? rows_.size() : size_t{parent} + rows_[parent].size;
  const size_t next = size_t{at} + rows_[at].size;
  return next < end ? static_cast<uint32_t>(next) : kNoRow;
}

void TraceTree::Shift(const std::unordered_map<uint32_t, int64_t>& by_place) {
  for (TreeRow& row : rows_) {
    const auto shift = by_place.find(row.place);
    if (shift == by_place.end()) continue;
    row.time_ns += shift->second;
    row.end_ns += shift->second;
  }
  Measure();
}

}  // namespace skep
