// SPDX-License-Identifier: Apache-2.0
#include "query/trace/trace_groups.h"

#include <algorithm>
#include <map>
#include <unordered_map>
#include <utility>

#include "base/clock.h"
#include "query/row_tree.h"

namespace skep {
namespace {

constexpr int64_t kAroundNs = 60 * kNsPerS;
constexpr int64_t kBeforeNs = 24 * 3600 * kNsPerS;
constexpr size_t kLikeMax = 200;
const QueryOptions kOptions = {.deadline_ms = 30'000, .memory_bytes_max = 1024ull << 20};

struct GroupSpan {
  SpanId id;
  SpanId parent;
  std::string_view service;
  std::string_view name;
  uint64_t duration_ns;
  bool error;
};

// In an order in which parents come first; a span that came twice is one.
std::vector<PathSpan> InOrder(const std::vector<GroupSpan>& spans) {
  std::unordered_map<SpanId, size_t, IdHash> index;
  std::vector<size_t> kept;
  for (size_t i = 0; i < spans.size(); ++i)
    if (index.try_emplace(spans[i].id, kept.size()).second) kept.push_back(i);
  std::vector<size_t> parents;
  std::vector<size_t> sorted;
  for (const size_t i : kept) {
    const auto parent = index.find(spans[i].parent);
    parents.push_back(parent == index.end() ? kNoParent : parent->second);
    sorted.push_back(sorted.size());
  }
  std::vector<PathSpan> ordered;
  std::vector<uint32_t> place_of(kept.size(), kNoRow);
  for (const TreePlace& place : OrderAsTree(parents, sorted)) {
    const GroupSpan& span = spans[kept[place.row]];
    place_of[place.row] = static_cast<uint32_t>(ordered.size());
    ordered.push_back({span.service, span.name,
                       place.parent == kNoParent ? kNoRow : place_of[place.parent],
                       span.duration_ns, span.error});
  }
  return ordered;
}

FilterTerm Equal(std::string field, const std::string& value) {
  FilterTerm term;
  term.field = std::move(field);
  term.op = FilterOp::kEqual;
  term.value = value;
  term.quoted = true;
  return term;
}

}  // namespace

Statement PlanGroupSpans(std::string_view project, std::span<const TraceId> traces,
                         const TimeRange& range) {
  SqlWriter sql;
  sql.Sql(
      "SELECT trace_id, span_id, parent_id, toString(dataset), toString(name), duration_ns, "
      "toUInt8(status = 'error'), door FROM events WHERE ");
  AppendProjectAndTime(project, range, &sql);
  sql.Sql(" AND trace_id IN ").BindSet(traces);
  sql.Sql(
      " AND signal IN ('span', 'repeat') AND span_id != toFixedString('', 8) ORDER BY trace_id, "
      "time, span_id, ingest_time DESC");
  return sql.Take();
}

Result<TraceGroup> AddGroup(Reader& reader, const RequestsQuestion& question, size_t side,
                            PathDiff* diff, const CancelToken& cancel, size_t* error_position) {
  SKEP_ASSIGN(const RequestPage page, ListRequests(reader, question, cancel, error_position));
  TraceGroup group;
  group.traces = page.requests.size();
  group.more = page.next.has_value();
  if (page.requests.empty()) return group;
  std::vector<TraceId> ids;
  std::map<TraceId, Door> doors;
  TimeRange range = {page.requests.back().time_ns, page.requests.front().time_ns + 1};
  for (const RequestSummary& request : page.requests) {
    ids.push_back(request.trace_id);
    doors[request.trace_id] = request.door;
    range.to_ns =
        std::max(range.to_ns, request.time_ns + static_cast<int64_t>(request.duration_ns));
  }
  SKEP_ASSIGN(const ResultTable table,
              reader.Run(PlanGroupSpans(question.project, ids, range.Widened(kAroundNs, kAroundNs)),
                         kOptions, cancel));
  std::vector<GroupSpan> spans;
  for (size_t i = 0; i < table.rows; ++i) {
    const std::string_view raw = table.column(0).Text(i);
    const TraceId trace = TraceId::FromRaw(raw).value_or(TraceId());
    // Another door's spans say the same again.
    if (static_cast<Door>(table.column(7).Int(i)) == doors[trace])
      spans.push_back({SpanId::FromRaw(table.column(1).Text(i)).value_or(SpanId()),
                       SpanId::FromRaw(table.column(2).Text(i)).value_or(SpanId()),
                       table.column(3).Text(i), table.column(4).Text(i), table.column(5).UInt(i),
                       table.column(6).UInt(i) != 0});
    if (i + 1 < table.rows && table.column(0).Text(i + 1) == raw) continue;
    diff->Add(side, InOrder(spans));
    spans.clear();
  }
  return group;
}

Result<LikeRequests> FindLike(Reader& reader, const std::string& project,
                              const RequestSummary& request, const CancelToken& cancel) {
  RequestsQuestion question;
  question.project = project;
  question.range = {request.time_ns - kBeforeNs, request.time_ns};
  question.limit = kLikeMax;
  question.filter.terms = {Equal("service", request.service), Equal("route", request.fields.route)};
  if (!request.fields.method.empty())
    question.filter.terms.push_back(Equal("method", request.fields.method));
  size_t position = 0;
  SKEP_ASSIGN(RequestPage page, ListRequests(reader, question, cancel, &position));
  auto& found = page.requests;
  found.erase(std::remove_if(found.begin(), found.end(),
                             [&](const RequestSummary& other) {
                               return other.trace_id == request.trace_id || other.open;
                             }),
              found.end());
  LikeRequests like;
  like.of = found.size();
  if (found.empty()) return like;
  like.previous = found.front();
  const auto middle = found.begin() + static_cast<ptrdiff_t>((found.size() - 1) / 2);
  std::nth_element(found.begin(), middle, found.end(),
                   [](const RequestSummary& a, const RequestSummary& b) {
                     return a.duration_ns < b.duration_ns;
                   });
  like.median = *middle;
  return like;
}

}  // namespace skep
