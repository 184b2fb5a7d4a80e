// SPDX-License-Identifier: Apache-2.0
#include "query/trace_assembly.h"

#include <algorithm>
#include <map>
#include <numeric>
#include <set>
#include <tuple>
#include <unordered_map>
#include <utility>

#include "query/row_tree.h"
#include "query/trace_joins.h"
#include "query/twin_lines.h"

namespace skep {
namespace {

constexpr Severity kErrorSeverity = 17;

// Of two rows for one span the finished one holds, then the one that came later.
bool Supersedes(const EventRow& row, const EventRow& other) {
  const bool open = row.signal == Signal::kOpenSpan;
  const bool other_open = other.signal == Signal::kOpenSpan;
  if (open != other_open) return other_open;
  return std::tie(row.ingest_ns, row.event_id) > std::tie(other.ingest_ns, other.event_id);
}

std::vector<EventRow> OneOfEachSpan(std::vector<EventRow> rows) {
  std::map<std::tuple<TraceId, SpanId, Door>, size_t> spans;
  std::vector<EventRow> kept;
  kept.reserve(rows.size());
  for (EventRow& row : rows) {
    if (row.IsSpan() && !row.span_id.empty()) {
      const auto [at, is_new] =
          spans.try_emplace({row.trace_id, row.span_id, row.door}, kept.size());
      if (!is_new) {
        if (Supersedes(row, kept[at->second])) kept[at->second] = std::move(row);
        continue;
      }
    }
    kept.push_back(std::move(row));
  }
  return kept;
}

TraceRowKind KindOf(const EventRow& row) {
  switch (row.signal) {
    case Signal::kLog:
      return TraceRowKind::kLog;
    case Signal::kError:
      return TraceRowKind::kError;
    case Signal::kSpan:
    case Signal::kOpenSpan:
      return TraceRowKind::kSpan;
    default:
      return TraceRowKind::kEvent;
  }
}

bool IsBad(const EventRow& row) {
  switch (KindOf(row)) {
    case TraceRowKind::kSpan:
      return row.status == SpanStatus::kError;
    case TraceRowKind::kLog:
      return row.severity >= kErrorSeverity;
    case TraceRowKind::kError:
      return true;
    case TraceRowKind::kEvent:
    case TraceRowKind::kMissing:
      return row.name == "exception";
  }
  return false;
}

class TraceAssembler {
 public:
  explicit TraceAssembler(TraceMaterial material) : material_(std::move(material)) {
    trace_.trace_id = material_.trace_id;
    trace_.records = material_.records;
    trace_.lean = material_.lean;
    for (const JoinRecord& join : material_.joins) {
      if (!join.other_trace_id.empty()) guests_.try_emplace(join.other_trace_id, &join);
      if (join.event_id != 0) events_.try_emplace(join.event_id, &join);
    }
    for (const auto& [id, join] : guests_) trace_.other_trace_ids.push_back(id);
  }

  Trace Assemble() {
    MakeRows();
    IndexSpans();
    FindParents();
    Order();
    Measure();
    trace_.joins = DescribeJoins(trace_, twin_joins_, guests_, events_);
    return std::move(trace_);
  }

 private:
  const JoinRecord* JoinOf(const EventRow& row) const {
    if (row.trace_id != trace_.trace_id) {
      const auto guest = guests_.find(row.trace_id);
      if (!row.trace_id.empty() && guest != guests_.end()) return guest->second;
      const auto event = events_.find(row.event_id);
      if (row.event_id != 0 && event != events_.end()) return event->second;
    }
    return nullptr;
  }

  void MakeRows() {
    std::vector<EventRow> events = OneOfEachSpan(std::move(material_.rows));
    std::vector<std::optional<Door>> also(events.size());
    std::vector<bool> hidden(events.size());
    for (const auto& [line, twin] : FindTwinLines(events)) {
      also[line] = events[twin].door;
      hidden[twin] = true;
      twin_of_[line] = twin;
    }
    std::unordered_map<size_t, size_t> row_of_event;
    for (size_t i = 0; i < events.size(); ++i) {
      const EventRow& event = events[i];
      NoteLogGroup(event);
      if (event.signal == Signal::kSpanLink) {
        AddLink(event);
        continue;
      }
      if (hidden[i] || event.signal == Signal::kJoin || event.signal == Signal::kMetric ||
          event.signal == Signal::kRepeat)
        continue;
      TraceRow row;
      row.kind = KindOf(event);
      row.also_door = also[i];
      row.error = IsBad(event);
      const JoinRecord* join = JoinOf(event);
      const JoinHow own = HowOfOwnId(event.door);
      row.how = join == nullptr          ? own
                : event.trace_id.empty() ? join->how
                                         : std::max(own, join->how);
      row.id = NewId(event);
      row.event = event;
      row_of_event[i] = rows_.size();
      rows_.push_back(std::move(row));
    }
    for (const auto& [line, twin] : twin_of_) {
      const JoinRecord* join = JoinOf(events[twin]);
      twin_joins_.push_back({events[twin], rows_[row_of_event.at(line)].id,
                             join == nullptr ? std::string() : join->text});
    }
  }

  void NoteLogGroup(const EventRow& event) {
    std::vector<std::string>& groups = trace_.log_groups;
    if (event.signal != Signal::kLog || event.door != Door::kCloudWatch) return;
    if (std::find(groups.begin(), groups.end(), event.dataset) == groups.end())
      groups.push_back(event.dataset);
  }

  void AddLink(const EventRow& event) {
    const AttributeSet attributes(event.attributes);
    links_[event.parent_id].push_back(
        {TraceId::FromHex(attributes.Text("trace.link.trace_id")).value_or(TraceId()),
         SpanId::FromHex(attributes.Text("trace.link.span_id")).value_or(SpanId())});
  }

  std::string NewId(const EventRow& event) {
    std::string id = event.IsSpan() && !event.span_id.empty() ? event.span_id.Hex()
                                                              : std::to_string(event.event_id);
    return UniqueId(std::move(id));
  }

  std::string UniqueId(std::string wanted) {
    std::string id = wanted;
    for (int n = 2; !ids_.insert(id).second; ++n) id = wanted + "-" + std::to_string(n);
    return id;
  }

  // Rows at the time of the call; the entry among them.
  void IndexSpans() {
    std::pair<bool, uint64_t> best;
    for (size_t i = 0; i < rows_.size(); ++i) {
      TraceRow& row = rows_[i];
      if (row.kind != TraceRowKind::kSpan) continue;
      spans_[row.event.span_id].push_back(i);
      if (const auto links = links_.find(row.event.span_id); links != links_.end())
        row.links = links->second;
      // A trace without a root or a server is shown by its first span.
      const bool may_be_entry = row.event.parent_id.empty() || row.event.kind == SpanKind::kServer;
      const std::pair rank(!may_be_entry, EntryRank(row.event));
      if (row.event.trace_id == trace_.trace_id && (entry_ == kNoParent || rank < best)) {
        entry_ = i;
        best = rank;
      }
    }
  }

  // The span of this id, of the same trace and door where there are several.
  size_t FindSpan(const SpanId& id, const EventRow& seeker) const {
    const auto found = spans_.find(id);
    if (id.empty() || found == spans_.end()) return kNoParent;
    const auto nearness = [&](size_t i) {
      const EventRow& event = rows_[i].event;
      return 2 * (event.trace_id == seeker.trace_id) + (event.door == seeker.door);
    };
    return *std::max_element(found->second.begin(), found->second.end(),
                             [&](size_t a, size_t b) { return nearness(a) < nearness(b); });
  }

  // Where what has no parent of its own hangs.
  size_t HostOf(size_t row) const {
    const JoinRecord* join = JoinOf(rows_[row].event);
    if (join != nullptr) {
      const size_t span = FindSpan(join->host_span_id, rows_[row].event);
      if (span != kNoParent && span != row) return span;
    } else if (rows_[row].kind == TraceRowKind::kSpan) {
      return kNoParent;
    }
    return entry_ == row ? kNoParent : entry_;
  }

  void FindParents() {
    parents_.assign(rows_.size(), kNoParent);
    const size_t present = rows_.size();
    for (size_t i = 0; i < present; ++i) {
      const EventRow& event = rows_[i].event;
      const bool is_span = rows_[i].kind == TraceRowKind::kSpan;
      // A line and an occurrence name the span that they were written in.
      const SpanId wanted = is_span || event.span_id.empty() ? event.parent_id : event.span_id;
      size_t parent = FindSpan(wanted, event);
      if (parent == kNoParent && is_span && !wanted.empty()) parent = MissingRow(i);
      parents_[i] = parent == kNoParent ? HostOf(i) : parent;
    }
  }

  // The row that stands for the parent of `child` that never came.
  size_t MissingRow(size_t child) {
    const EventRow event = rows_[child].event;
    const auto [at, is_new] = missing_.try_emplace({event.trace_id, event.parent_id}, rows_.size());
    if (is_new) {
      TraceRow row;
      row.kind = TraceRowKind::kMissing;
      row.id = UniqueId(event.parent_id.Hex());
      row.how = rows_[child].how;
      row.event.time_ns = event.time_ns;
      row.event.door = event.door;
      row.event.trace_id = event.trace_id;
      row.event.span_id = event.parent_id;
      row.event.name = "parent not seen";
      rows_.push_back(std::move(row));
      parents_.push_back(kNoParent);
      if (JoinOf(event) != nullptr) parents_.back() = HostOf(at->second);
    }
    EventRow& missing = rows_[at->second].event;
    const int64_t end_ns = std::max(missing.end_ns(), event.end_ns());
    missing.time_ns = std::min(missing.time_ns, event.time_ns);
    missing.duration_ns = static_cast<uint64_t>(end_ns - missing.time_ns);
    return at->second;
  }

  void Order() {
    const auto key = [&](size_t i) {
      const TraceRow& row = rows_[i];
      return std::tuple(row.event.time_ns, row.kind != TraceRowKind::kMissing, row.kind,
                        row.event.door, row.event.event_id, std::string_view(row.id));
    };
    std::vector<size_t> sorted(rows_.size());
    std::iota(sorted.begin(), sorted.end(), size_t{0});
    std::sort(sorted.begin(), sorted.end(), [&](size_t a, size_t b) { return key(a) < key(b); });
    const auto places = OrderAsTree(parents_, sorted);
    for (const TreePlace& place : places) {
      rows_[place.row].depth = place.depth;
      if (place.parent != kNoParent) rows_[place.row].parent = rows_[place.parent].id;
    }
    trace_.rows.reserve(places.size());
    for (const TreePlace& place : places) {
      if (place.row == entry_) trace_.request = SummaryOfEntry(rows_[place.row].event);
      trace_.rows.push_back(std::move(rows_[place.row]));
    }
  }

  void Measure() {
    trace_.request.trace_id = trace_.trace_id;
    bool first = true;
    for (const TraceRow& row : trace_.rows) {
      const EventRow& event = row.event;
      trace_.start_ns = first ? event.time_ns : std::min(trace_.start_ns, event.time_ns);
      trace_.end_ns = first ? event.end_ns() : std::max(trace_.end_ns, event.end_ns());
      first = false;
      CountRow(row);
    }
    for (const TwinJoin& twin : twin_joins_)
      trace_.request.AddShare({twin.event.door, 0, 1, 0, JoinHow::kSameRecord});
    if (entry_ == kNoParent) {
      trace_.request.time_ns = trace_.start_ns;
      trace_.request.duration_ns = static_cast<uint64_t>(trace_.end_ns - trace_.start_ns);
    }
  }

  void CountRow(const TraceRow& row) {
    const EventRow& event = row.event;
    DoorShare share{event.door, 0, 0, 0, row.how};
    LastWords words{LastWords::Source::kNone, event.time_ns, event.event_id, event.severity, ""};
    switch (row.kind) {
      case TraceRowKind::kSpan:
        share.spans = 1;
        break;
      case TraceRowKind::kLog:
        share.logs = 1;
        words.source = LastWords::Source::kLine;
        words.text = event.body;
        break;
      case TraceRowKind::kError:
        share.errors = 1;
        words.source = LastWords::Source::kOccurrence;
        words.text = event.body.empty() ? event.name : event.body;
        break;
      case TraceRowKind::kEvent:
        if (!row.error) return;
        words.source = LastWords::Source::kException;
        words.text = AttributeSet(event.attributes).Text("exception.message");
        break;
      case TraceRowKind::kMissing:
        return;
    }
    trace_.request.AddShare(share);
    trace_.request.last_words.Offer(words);
    if (trace_.request.fields.user.empty() && row.kind != TraceRowKind::kLog)
      trace_.request.fields.user = FieldsOfEntry(event, AttributeSet(event.attributes)).user;
  }

  TraceMaterial material_;
  Trace trace_;
  GuestJoins guests_;
  EventJoins events_;
  std::vector<TraceRow> rows_;
  std::vector<size_t> parents_;
  std::set<std::string> ids_;
  std::unordered_map<SpanId, std::vector<SpanLink>, IdHash> links_;
  std::unordered_map<SpanId, std::vector<size_t>, IdHash> spans_;
  std::map<std::pair<TraceId, SpanId>, size_t> missing_;
  std::map<size_t, size_t> twin_of_;
  std::vector<TwinJoin> twin_joins_;
  size_t entry_ = kNoParent;
};

}  // namespace

Trace AssembleTrace(TraceMaterial material) {
  return TraceAssembler(std::move(material)).Assemble();
}

}  // namespace skep
