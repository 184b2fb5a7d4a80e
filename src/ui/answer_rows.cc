// SPDX-License-Identifier: Apache-2.0
// The events themselves that a query matches.
#include "query/event_row.h"
#include "query/explore/matching_rows.h"
#include "ui/api.h"
#include "ui/parameters.h"
#include "ui/question.h"
#include "ui/render.h"

namespace skep::ui {
namespace {

std::string_view SignalName(Signal signal) {
  switch (signal) {
    case Signal::kSpan:
    case Signal::kOpenSpan:
    case Signal::kRepeat:
      return "span";
    case Signal::kSpanEvent:
      return "span_event";
    case Signal::kSpanLink:
      return "span_link";
    case Signal::kLog:
      return "log";
    case Signal::kError:
      return "error";
    case Signal::kMetric:
      return "metric";
    case Signal::kJoin:
      return "join";
    case Signal::kEvent:
      break;
  }
  return "event";
}

void RenderEvent(const EventRow& row, JsonWriter* json) {
  json->BeginObject();
  json->Field("id", std::string_view(row.span_id.empty() ? std::to_string(row.event_id)
                                                         : row.span_id.Hex()));
  FieldAsText("time_ns", row.time_ns, json);
  FieldAsText("duration_ns", row.duration_ns, json);
  json->Field("signal", SignalName(row.signal));
  json->Field("door", NameOf(row.door));
  json->Field("name", std::string_view(row.name));
  json->Field("dataset", std::string_view(row.dataset));
  if (!row.trace_id.empty()) json->Field("trace_id", std::string_view(row.trace_id.Hex()));
  if (!row.span_id.empty()) json->Field("span_id", std::string_view(row.span_id.Hex()));
  if (row.status == SpanStatus::kError) json->Field("error", true);
  FieldUnlessEmpty("body", row.body, json);
  RenderAttributes(row.attributes, json);
  json->EndObject();
}

}  // namespace

Result<std::string> AnswerRows(Call& call) {
  SKEP_ASSIGN(const JsonDocument document, JsonDocument::Parse(TextOf(call, "query")));
  MatchingRowsQuestion question;
  question.query.project = call.parts.project;
  question.query.now_ns = call.now_ns;
  if (const std::string dataset = TextOf(call, "dataset"); !dataset.empty())
    question.query.dataset = dataset;
  SKEP_ASSIGN(question.query.spec, SpecIn(call, document.root()));
  question.order = TextOf(call, "order");
  SKEP_TRY(AddKeptFields(call, question.query.dataset, &question.query.spec, {question.order}));
  SKEP_ASSIGN(const int64_t limit, IntOf(call, "limit", 1, 1000, 100));
  question.limit = static_cast<size_t>(limit);
  SKEP_ASSIGN(const int64_t fresh, IntOf(call, "fresh", 0, 1, 1));
  question.query.freshness = fresh == 1 ? Freshness::kFresh : Freshness::kRecent;
  SKEP_ASSIGN(const std::vector<EventRow> rows,
              ReadMatchingRows(*call.parts.reader, question, *call.parts.field_types, call.cancel));
  JsonWriter json;
  json.BeginObject();
  json.Key("events");
  json.BeginArray();
  for (const EventRow& row : rows) RenderEvent(row, &json);
  json.EndArray();
  json.Field("elapsed_ms", call.ElapsedMs());
  json.EndObject();
  return json.Take();
}

}  // namespace skep::ui
