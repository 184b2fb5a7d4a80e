// SPDX-License-Identifier: Apache-2.0
// Two traces, or two groups of traces, path by path; and what a trace may be compared with.
#include <array>
#include <optional>

#include "query/trace/trace_groups.h"
#include "ui/answer_long_trace.h"
#include "ui/api.h"
#include "ui/parameters.h"
#include "ui/render.h"

namespace skep::ui {
namespace {

constexpr int64_t kTracesMax = 1000;
constexpr std::array<std::string_view, 7> kChangeNames = {"added",  "removed", "more",  "fewer",
                                                          "slower", "faster",  "errors"};

struct DiffSide {
  std::optional<RequestSummary> request;  // of a single trace
  std::string filter;                     // of a group
  TraceGroup group;
};

// "a" names a trace, "a_filter" a group.
Result<DiffSide> AddSide(Call& call, std::string_view name, size_t side, PathDiff* diff) {
  DiffSide made;
  const std::string id = TextOf(call, name);
  if (!id.empty()) {
    SKEP_ASSIGN(const TraceAsked asked, TraceAskedOf(call, id));
    SKEP_ASSIGN(const TraceScreen screen, ReadTraceScreen(*call.parts.reader, *call.parts.traces,
                                                          asked.question, false, call.cancel));
    made.request = screen.whole ? screen.whole->trace.request : screen.long_trace->header.request;
    made.group.traces = 1;
    made.group.more = !diff->Add(side, SpansOf(screen.whole ? screen.whole->analysis.tree
                                                            : screen.long_trace->analysis.tree));
    return made;
  }
  made.filter = TextOf(call, std::string(name) + "_filter");
  RequestsQuestion question;
  question.project = call.parts.project;
  SKEP_ASSIGN(question.range, RangeOf(call));
  SKEP_ASSIGN(question.by_evidence, ByEvidenceOf(call));
  SKEP_ASSIGN(const int64_t limit, IntOf(call, "limit", 1, kTracesMax, 200));
  question.limit = static_cast<size_t>(limit);
  size_t position = 0;
  auto filter = ParseFilter(made.filter, &position);
  if (filter) {
    question.filter = std::move(*filter);
    auto group = AddGroup(*call.parts.reader, question, side, diff, call.cancel, &position);
    if (group) {
      made.group = *group;
      return made;
    }
    if (group.error().code == Code::kInvalidArgument) call.error_position = position;
    return Error(group.error());
  }
  call.error_position = position;
  return Error(filter.error());
}

void RenderSide(const DiffSide& side, JsonWriter* json) {
  json->BeginObject();
  if (side.request) {
    json->Key("request");
    RenderRequest(*side.request, json);
  } else {
    json->Field("filter", std::string_view(side.filter));
  }
  json->Field("traces", side.group.traces);
  if (side.group.more) json->Field("more", true);
  json->EndObject();
}

void RenderPathSide(const PathSide& side, JsonWriter* json) {
  json->BeginObject();
  json->Field("traces", side.traces);
  json->Field("spans", side.spans);
  json->Field("errors", side.errors);
  FieldAsText("total_ns", side.total_ns, json);
  FieldAsText("median_ns", side.median_ns, json);
  FieldAsText("p95_ns", side.p95_ns, json);
  json->EndObject();
}

void RenderDiffRow(const DiffRow& row, JsonWriter* json) {
  json->BeginObject();
  json->Field("service", std::string_view(row.service));
  json->Field("name", std::string_view(row.name));
  json->Field("depth", uint64_t{row.depth});
  json->Key("a");
  RenderPathSide(row.sides[0], json);
  json->Key("b");
  RenderPathSide(row.sides[1], json);
  json->Key("changes");
  json->BeginArray();
  for (const PathChange change : row.changes)
    json->String(kChangeNames[static_cast<size_t>(change)]);
  json->EndArray();
  json->EndObject();
}

}  // namespace

Result<std::string> AnswerDiff(Call& call) {
  SKEP_TRY(Refresh(call));
  PathDiff diff;
  SKEP_ASSIGN(const DiffSide a, AddSide(call, "a", 0, &diff));
  SKEP_ASSIGN(const DiffSide b, AddSide(call, "b", 1, &diff));
  JsonWriter json;
  json.BeginObject();
  json.Key("a");
  RenderSide(a, &json);
  json.Key("b");
  RenderSide(b, &json);
  json.Key("rows");
  json.BeginArray();
  for (const DiffRow& row : diff.Rows()) RenderDiffRow(row, &json);
  json.EndArray();
  json.Field("elapsed_ms", call.ElapsedMs());
  json.EndObject();
  return json.Take();
}

Result<std::string> AnswerTraceLike(Call& call) {
  SKEP_ASSIGN(const TraceAsked asked, TraceAskedOf(call, call.rest));
  SKEP_TRY(Refresh(call));
  SKEP_ASSIGN(const TraceScreen screen, ReadTraceScreen(*call.parts.reader, *call.parts.traces,
                                                        asked.question, false, call.cancel));
  const RequestSummary& request =
      screen.whole ? screen.whole->trace.request : screen.long_trace->header.request;
  SKEP_ASSIGN(const LikeRequests like,
              FindLike(*call.parts.reader, call.parts.project, request, call.cancel));
  JsonWriter json;
  json.BeginObject();
  json.Field("of", like.of);
  if (like.previous) {
    json.Key("previous");
    RenderRequest(*like.previous, &json);
  }
  if (like.median) {
    json.Key("median");
    RenderRequest(*like.median, &json);
  }
  json.Field("elapsed_ms", call.ElapsedMs());
  json.EndObject();
  return json.Take();
}

}  // namespace skep::ui
