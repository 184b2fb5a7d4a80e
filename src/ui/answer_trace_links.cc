// SPDX-License-Identifier: Apache-2.0
// Links of a trace, both ways.
#include "query/trace/trace_links.h"
#include "ui/answer_long_trace.h"
#include "ui/api.h"
#include "ui/parameters.h"
#include "ui/render.h"

namespace skep::ui {

Result<std::string> AnswerTraceLinks(Call& call) {
  SKEP_ASSIGN(const TraceId trace, TraceIdOf(call.rest));
  SKEP_ASSIGN(const TimeRange range, RangeOf(call));
  SKEP_TRY(Refresh(call));
  SKEP_ASSIGN(const std::vector<TraceLink> links,
              ReadTraceLinks(*call.parts.reader, call.parts.project, trace, range, call.cancel));
  JsonWriter json;
  json.BeginObject();
  json.Key("links");
  json.BeginArray();
  for (const TraceLink& link : links) {
    json.BeginObject();
    json.Field("incoming", link.incoming);
    if (!link.span_id.empty()) json.Field("row", std::string_view(link.span_id.Hex()));
    json.Field("trace_id", std::string_view(link.other_trace_id.Hex()));
    json.Field("span_id", std::string_view(link.other_span_id.Hex()));
    json.Field("found", link.found);
    FieldUnlessEmpty("service", link.service, &json);
    FieldUnlessEmpty("name", link.name, &json);
    if (link.found) FieldAsText("time_ns", link.time_ns, &json);
    json.EndObject();
  }
  json.EndArray();
  json.Field("elapsed_ms", call.ElapsedMs());
  json.EndObject();
  return json.Take();
}

}  // namespace skep::ui
