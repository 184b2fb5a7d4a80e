// SPDX-License-Identifier: Apache-2.0
// Log lines of every door.
#include "query/log_lines.h"
#include "ui/api.h"
#include "ui/parameters.h"
#include "ui/render.h"

namespace skep::ui {

Result<std::string> AnswerLogs(Call& call) {
  LinesQuestion question;
  question.project = call.parts.project;
  SKEP_ASSIGN(question.range, RangeOf(call));
  question.text = TextOf(call, "text");
  SKEP_ASSIGN(const int64_t severity, IntOf(call, "severity", 0, 24, 0));
  question.severity_min = static_cast<Severity>(severity);
  question.source = TextOf(call, "source");
  if (const std::string id = TextOf(call, "trace_id"); !id.empty()) {
    SKEP_ASSIGN(question.trace_id, TraceIdOf(id));
  }
  SKEP_ASSIGN(const int64_t limit, IntOf(call, "limit", 1, 1000, 100));
  question.limit = static_cast<size_t>(limit);
  SKEP_ASSIGN(question.before, LineCursorOf(call));
  SKEP_TRY(Refresh(call));
  SKEP_ASSIGN(const LinePage page, ListLines(*call.parts.reader, question, call.cancel));
  JsonWriter json;
  json.BeginObject();
  json.Key("lines");
  json.BeginArray();
  for (const LogLine& line : page.lines) RenderLine(line, &json);
  json.EndArray();
  if (page.next) json.Field("next", std::string_view(CursorText(*page.next)));
  json.Field("elapsed_ms", call.ElapsedMs());
  json.EndObject();
  return json.Take();
}

}  // namespace skep::ui
