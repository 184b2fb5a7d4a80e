// SPDX-License-Identifier: Apache-2.0
// One trace with everything that was joined to it: whole, or where it is long its head and first
// rows.
#include "query/trace/trace_screen.h"
#include "ui/answer_long_trace.h"
#include "ui/api.h"
#include "ui/parameters.h"
#include "ui/render.h"
#include "ui/render_trace.h"

namespace skep::ui {
namespace {

template <typename T, typename F>
void RenderAll(std::string_view name, const std::vector<T>& values, JsonWriter* json, F&& render) {
  json->Key(name);
  json->BeginArray();
  for (const T& value : values) render(value);
  json->EndArray();
}

void RenderHead(const Trace& trace, const TraceTree& tree, JsonWriter* json) {
  json->Field("trace_id", std::string_view(trace.trace_id.Hex()));
  RenderAll("other_trace_ids", trace.other_trace_ids, json,
            [&](const TraceId& id) { json->String(id.Hex()); });
  FieldAsText("start_ns", tree.start_ns(), json);
  FieldAsText("duration_ns", tree.end_ns() - tree.start_ns(), json);
  json->Key("request");
  RenderRequest(trace.request, json);
  RenderAll("joins", trace.joins, json, [&](const TraceJoin& join) { RenderJoin(join, json); });
  RenderDoors(trace.request.doors, json);
}

Status RenderRows(const Call& call, const TraceScreen::Whole& whole, JsonWriter* json) {
  SKEP_ASSIGN(const ItemCounters counters, CountersOf(call, whole.trace.rows));
  json->Key("rows");
  json->BeginArray();
  for (uint32_t at = 0; at < whole.trace.rows.size(); ++at) {
    json->BeginObject();
    RenderRowFields(whole.trace.rows[at], ExtraOf(whole.analysis, at), counters, json);
    json->EndObject();
  }
  json->EndArray();
  RenderAll("groups", whole.analysis.groups.groups, json,
            [&](const SiblingGroup& group) { RenderGroup(whole.analysis.tree, group, json); });
  RenderFindings(whole.analysis, whole.skews, json);
  return {};
}

Result<std::string> AnswerWhole(Call& call) {
  SKEP_ASSIGN(const TraceAsked asked, TraceAskedOf(call, call.rest));
  SKEP_TRY(Refresh(call));
  SKEP_ASSIGN(const TraceScreen screen,
              ReadTraceScreen(*call.parts.reader, *call.parts.traces, asked.question,
                              asked.corrected, call.cancel));
  const bool is_long = screen.long_trace != nullptr;
  const Trace& trace = is_long ? screen.long_trace->header : screen.whole->trace;
  SKEP_ASSIGN(const std::vector<LogLine> around,
              LinesAround(*call.parts.reader, asked.question.project, trace, call.cancel));
  JsonWriter json;
  json.BeginObject();
  RenderHead(trace, is_long ? screen.long_trace->analysis.tree : screen.whole->analysis.tree,
             &json);
  if (is_long) {
    SKEP_TRY(RenderLong(call, *screen.long_trace, &json));
  } else {
    SKEP_TRY(RenderRows(call, *screen.whole, &json));
  }
  RenderAll("around", around, &json, [&](const LogLine& line) { RenderLine(line, &json); });
  json.Field("elapsed_ms", call.ElapsedMs());
  json.EndObject();
  return json.Take();
}

}  // namespace

Result<std::string> AnswerTrace(Call& call) {
  const size_t slash = call.rest.find('/');
  if (slash == std::string::npos) return AnswerWhole(call);
  const std::string part = call.rest.substr(slash + 1);
  call.rest.resize(slash);
  if (part == "rows") return AnswerTraceRows(call);
  if (part == "row") return AnswerTraceRow(call);
  if (part == "find") return AnswerTraceFind(call);
  if (part == "like") return AnswerTraceLike(call);
  if (part == "links") return AnswerTraceLinks(call);
  return Error(Code::kNotFound, "A trace has rows, row, find, like and links.");
}

}  // namespace skep::ui
