// SPDX-License-Identifier: Apache-2.0
#include "ui/answer_long_trace.h"

#include <algorithm>
#include <limits>

#include "query/trace/minimap.h"
#include "query/trace/own_time.h"
#include "query/trace/trace_details.h"
#include "query/trace/trace_search.h"
#include "ui/parameters.h"
#include "ui/render.h"
#include "ui/render_trace.h"

namespace skep::ui {
namespace {

constexpr size_t kFirstRows = 200;
constexpr int64_t kPageMax = 1000;
// Of what lies under a row.
constexpr size_t kLinesMax = 200;
constexpr size_t kErrorsMax = 50;

Result<std::shared_ptr<const LongTrace>> LongTraceOf(const Call& call) {
  SKEP_ASSIGN(const TraceAsked asked, TraceAskedOf(call, call.rest));
  SKEP_ASSIGN(const int64_t version,
              IntOf(call, "version", 0, std::numeric_limits<int64_t>::max(), 0));
  return ReadLongTrace(*call.parts.reader, *call.parts.traces, asked.question, asked.corrected,
                       static_cast<uint64_t>(version), call.cancel);
}

// Ids that the trace does not (or no longer) have are passed over.
template <typename F>
void EachRow(const TraceTree& tree, std::string_view ids, F&& each) {
  while (!ids.empty()) {
    const size_t comma = std::min(ids.find(','), ids.size());
    if (const auto row = tree.Find(ids.substr(0, comma))) each(*row);
    ids.remove_prefix(std::min(comma + 1, ids.size()));
  }
}

Result<TraceLook> LookOf(const Call& call, const TraceAnalysis& trace) {
  TraceLook look;
  SKEP_ASSIGN(const int64_t logs, IntOf(call, "logs", 0, 1, 1));
  SKEP_ASSIGN(const int64_t xray, IntOf(call, "xray", 0, 1, 1));
  SKEP_ASSIGN(const int64_t slow, IntOf(call, "slow", 0, 1, 0));
  SKEP_ASSIGN(const int64_t groups, IntOf(call, "groups", 0, 1, 1));
  look.logs = logs == 1;
  look.xray = xray == 1;
  look.path_only = slow == 1;
  look.fold_siblings = groups == 1;
  EachRow(trace.tree, TextOf(call, "fold"), [&](uint32_t row) { look.folded.insert(row); });
  EachRow(trace.tree, TextOf(call, "open"), [&](uint32_t row) {
    if (trace.groups.of_row[row] != kNoRow) look.open_groups.insert(trace.groups.of_row[row]);
  });
  return look;
}

void RenderOwn(const TraceTree& tree, uint32_t at, JsonWriter* json) {
  json->Key("own");
  json->BeginArray();
  for (const auto& [from, to] : OwnTime(tree, at)) {
    json->BeginArray();
    json->Float(from);
    json->Float(to);
    json->EndArray();
  }
  json->EndArray();
}

void RenderViewRow(const TraceAnalysis& trace, const ViewRow& shown, const TraceRow& row,
                   const ItemCounters& counters, JsonWriter* json) {
  json->BeginObject();
  RenderRowFields(row, ExtraOf(trace, shown.row), counters, json);
  json->Field("level", uint64_t{shown.depth});
  json->Field("parent_of", uint64_t{trace.tree.row(shown.row).size - 1});
  json->Field("open_in_view", shown.open);
  if (shown.group != kNoRow) {
    json->Key("folded");
    RenderGroup(trace.tree, trace.groups.groups[shown.group], json);
  } else {
    RenderOwn(trace.tree, shown.row, json);
  }
  json->EndObject();
}

Status RenderPage(const Call& call, const LongTrace& trace, const TraceLook& look, size_t offset,
                  size_t limit, JsonWriter* json) {
  const std::vector<ViewRow> all = RowsInSight(trace.analysis, look);
  const size_t begin = std::min(offset, all.size());
  const size_t end = std::min(all.size(), begin + limit);
  std::vector<TraceRow> rows;
  for (size_t i = begin; i < end; ++i) rows.push_back(RowOf(trace.analysis.tree, all[i].row));
  SKEP_ASSIGN(const ItemCounters counters, CountersOf(call, rows));
  json->BeginObject();
  FieldAsText("version", trace.version, json);
  json->Field("offset", uint64_t{begin});
  json->Field("total", uint64_t{all.size()});
  json->Key("rows");
  json->BeginArray();
  for (size_t i = begin; i < end; ++i)
    RenderViewRow(trace.analysis, all[i], rows[i - begin], counters, json);
  json->EndArray();
  json->Field("elapsed_ms", call.ElapsedMs());
  json->EndObject();
  return {};
}

void RenderMinimap(const TraceTree& tree, JsonWriter* json) {
  const Minimap map = DrawMinimap(tree);
  json->BeginObject();
  json->Field("columns", uint64_t{map.columns});
  json->Key("lanes");
  json->BeginArray();
  for (const MinimapLane& lane : map.lanes) {
    json->BeginObject();
    json->Field("door", skep::NameOf(lane.door));
    json->Field("levels", std::string_view(lane.levels));
    json->EndObject();
  }
  json->EndArray();
  json->Key("marks");
  json->BeginArray();
  for (const MinimapMark& mark : map.marks) {
    json->BeginObject();
    json->Field("column", uint64_t{mark.column});
    json->Field("error", mark.error);
    json->Field("severity", uint64_t{mark.severity});
    json->Field("door", skep::NameOf(mark.door));
    json->EndObject();
  }
  json->EndArray();
  json->EndObject();
}

bool IsErrorRow(const TraceTree& tree, const TreeRow& row) {
  return row.kind == TraceRowKind::kError ||
         (row.kind == TraceRowKind::kEvent && tree.Text(row.name) == "exception");
}

void RenderRowList(std::string_view name, const TraceAnalysis& trace,
                   const std::vector<uint32_t>& at, const std::vector<TraceRow>& rows, size_t first,
                   const ItemCounters& counters, JsonWriter* json) {
  json->Key(name);
  json->BeginArray();
  for (size_t i = 0; i < at.size(); ++i) {
    json->BeginObject();
    RenderRowFields(rows[first + i], ExtraOf(trace, at[i]), counters, json);
    json->EndObject();
  }
  json->EndArray();
}

}  // namespace

Result<TraceAsked> TraceAskedOf(const Call& call, std::string_view trace_id) {
  TraceAsked asked;
  asked.question.project = call.parts.project;
  SKEP_ASSIGN(asked.question.trace_id, TraceIdOf(trace_id));
  SKEP_ASSIGN(asked.question.by_evidence, ByEvidenceOf(call));
  const std::string skew = TextOf(call, "skew");
  if (!skew.empty() && skew != "measured" && skew != "corrected")
    return Error(Code::kInvalidArgument, "skew is measured or corrected.");
  asked.corrected = skew == "corrected";
  return asked;
}

Status RenderLong(const Call& call, const LongTrace& trace, JsonWriter* json) {
  json->Key("rows");
  json->BeginArray();
  json->EndArray();
  RenderFindings(trace.analysis, trace.skews, json);
  json->Key("minimap");
  RenderMinimap(trace.analysis.tree, json);
  SKEP_ASSIGN(const TraceLook look, LookOf(call, trace.analysis));
  json->Key("page");
  return RenderPage(call, trace, look, 0, kFirstRows, json);
}

Result<std::string> AnswerTraceRows(Call& call) {
  SKEP_ASSIGN(const auto trace, LongTraceOf(call));
  SKEP_ASSIGN(const TraceLook look, LookOf(call, trace->analysis));
  SKEP_ASSIGN(const int64_t offset,
              IntOf(call, "offset", 0, std::numeric_limits<int32_t>::max(), 0));
  SKEP_ASSIGN(const int64_t limit, IntOf(call, "limit", 1, kPageMax, kFirstRows));
  JsonWriter json;
  SKEP_TRY(RenderPage(call, *trace, look, static_cast<size_t>(offset), static_cast<size_t>(limit),
                      &json));
  return json.Take();
}

Result<std::string> AnswerTraceRow(Call& call) {
  SKEP_ASSIGN(const auto trace, LongTraceOf(call));
  const TraceTree& tree = trace->analysis.tree;
  const auto found = tree.Find(TextOf(call, "row"));
  if (!found) return Error(Code::kNotFound, "The trace has no such row.");
  // Lines and errors of a span are those under it; of a line those of its span.
  const uint32_t parent = tree.row(*found).parent;
  const uint32_t from = tree.row(*found).IsSpan() || parent == kNoRow ? *found : parent;
  std::vector<uint32_t> lines;
  std::vector<uint32_t> errors;
  for (uint32_t at = from; at < from + tree.row(from).size; ++at) {
    if (tree.row(at).kind == TraceRowKind::kLog && lines.size() < kLinesMax) lines.push_back(at);
    if (IsErrorRow(tree, tree.row(at)) && errors.size() < kErrorsMax) errors.push_back(at);
  }
  std::vector<uint32_t> wanted = {*found};
  wanted.insert(wanted.end(), lines.begin(), lines.end());
  wanted.insert(wanted.end(), errors.begin(), errors.end());
  SKEP_ASSIGN(const std::vector<TraceRow> rows,
              ReadTraceRows(*call.parts.reader, call.parts.project, *trace, wanted, call.cancel));
  SKEP_ASSIGN(const ItemCounters counters, CountersOf(call, rows));
  JsonWriter json;
  json.BeginObject();
  json.Key("row");
  json.BeginObject();
  RenderRowFields(rows.front(), ExtraOf(trace->analysis, *found), counters, &json);
  json.EndObject();
  RenderRowList("logs", trace->analysis, lines, rows, 1, counters, &json);
  RenderRowList("errors", trace->analysis, errors, rows, 1 + lines.size(), counters, &json);
  json.Field("elapsed_ms", call.ElapsedMs());
  json.EndObject();
  return json.Take();
}

Result<std::string> AnswerTraceFind(Call& call) {
  SKEP_ASSIGN(const auto trace, LongTraceOf(call));
  const TraceAnalysis& analysis = trace->analysis;
  SKEP_ASSIGN(TraceLook look, LookOf(call, analysis));
  TraceSearch search;
  search.text = TextOf(call, "text");
  search.row = analysis.tree.Find(TextOf(call, "row"));
  search.after = analysis.tree.Find(TextOf(call, "after"));
  SKEP_ASSIGN(const int64_t errors, IntOf(call, "error", 0, 1, 0));
  search.errors = errors == 1;
  SKEP_ASSIGN(const TraceHit hit, FindInTrace(*call.parts.reader, call.parts.project, *trace,
                                              search, &look, call.cancel));
  JsonWriter json;
  json.BeginObject();
  FieldAsText("version", trace->version, &json);
  json.Field("count", hit.count);
  if (hit.row) {
    json.Field("row", analysis.tree.Id(*hit.row));
    json.Field("nth", hit.nth);
    json.Field("index", hit.index);
  }
  const auto ids = [&](std::string_view name, const auto& set, auto&& row_of) {
    json.Key(name);
    json.BeginArray();
    for (const uint32_t at : set) json.String(analysis.tree.Id(row_of(at)));
    json.EndArray();
  };
  ids("fold", look.folded, [](uint32_t row) { return row; });
  ids("open", look.open_groups,
      [&](uint32_t group) { return analysis.groups.groups[group].rows.front(); });
  json.Field("elapsed_ms", call.ElapsedMs());
  json.EndObject();
  return json.Take();
}

}  // namespace skep::ui
