// SPDX-License-Identifier: Apache-2.0
// The events themselves that a query matches.
#include <functional>
#include <set>

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

constexpr size_t kColumnsMax = 20;

void RenderEvent(const MatchingRow& matching, const std::vector<std::string>& columns,
                 JsonWriter* json) {
  const EventRow& row = matching.event;
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
  if (!columns.empty()) {
    json->Key("columns");
    json->BeginObject();
    for (size_t i = 0; i < columns.size(); ++i)
      if (matching.columns[i]) json->Field(columns[i], std::string_view(*matching.columns[i]));
    json->EndObject();
  }
  json->EndObject();
}

// Names of fields, a JSON array.
Result<std::vector<std::string>> ColumnsIn(const Call& call) {
  std::vector<std::string> names;
  const std::string text = TextOf(call, "columns");
  if (text.empty()) return names;
  SKEP_ASSIGN(const JsonDocument document, JsonDocument::Parse(text));
  const JsonView list = document.root();
  if (!list.IsArray() || list.size() > kColumnsMax)
    return Error(Code::kInvalidArgument,
                 "columns must be a list of at most " + std::to_string(kColumnsMax) + " names.");
  for (size_t i = 0; i < list.size(); ++i) {
    if (!list.At(i).IsString() || list.At(i).text().empty())
      return Error(Code::kInvalidArgument, "Each of columns must be the name of a field.");
    names.emplace_back(list.At(i).text());
  }
  return names;
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
  SKEP_ASSIGN(question.columns, ColumnsIn(call));
  std::set<std::string, std::less<>> named(question.columns.begin(), question.columns.end());
  named.insert(question.order);
  SKEP_TRY(AddKeptFields(call, question.query.dataset, &question.query.spec, named));
  SKEP_ASSIGN(const int64_t limit, IntOf(call, "limit", 1, 1000, 100));
  question.limit = static_cast<size_t>(limit);
  SKEP_ASSIGN(const int64_t fresh, IntOf(call, "fresh", 0, 1, 1));
  question.query.freshness = fresh == 1 ? Freshness::kFresh : Freshness::kRecent;
  SKEP_ASSIGN(const std::vector<MatchingRow> rows,
              ReadMatchingRows(*call.parts.reader, question, *call.parts.field_types, call.cancel));
  JsonWriter json;
  json.BeginObject();
  json.Key("events");
  json.BeginArray();
  for (const MatchingRow& row : rows) RenderEvent(row, question.columns, &json);
  json.EndArray();
  json.Field("elapsed_ms", call.ElapsedMs());
  json.EndObject();
  return json.Take();
}

}  // namespace skep::ui
