// SPDX-License-Identifier: Apache-2.0
// Recent requests, their histogram, and the values that they have in a field.
#include "query/field_values.h"
#include "query/histogram.h"
#include "query/requests.h"
#include "ui/api.h"
#include "ui/parameters.h"
#include "ui/render.h"

namespace skep::ui {
namespace {

Result<RequestsQuestion> QuestionOf(Call& call) {
  RequestsQuestion question;
  question.project = call.parts.project;
  SKEP_ASSIGN(question.range, RangeOf(call));
  SKEP_ASSIGN(question.filter, FilterOf(call));
  SKEP_ASSIGN(question.by_evidence, ByEvidenceOf(call));
  return question;
}

void RenderNumbers(std::string_view name, const std::vector<double>& numbers, JsonWriter* json) {
  json->Key(name);
  json->BeginArray();
  for (const double number : numbers) json->Float(number);
  json->EndArray();
}

std::string RenderHistogram(const RequestHistogram& histogram, double elapsed_ms) {
  JsonWriter json;
  json.BeginObject();
  FieldAsText("from_ns", histogram.range.from_ns, &json);
  FieldAsText("to_ns", histogram.range.to_ns, &json);
  FieldAsText("bucket_ns", histogram.bucket_ns, &json);
  RenderNumbers("counts", histogram.counts, &json);
  RenderNumbers("errors", histogram.errors, &json);
  json.Field("total", histogram.total);
  json.Field("total_errors", histogram.total_errors);
  if (histogram.total > 0) FieldAsText("p95_ns", histogram.p95_ns, &json);
  json.Key("routes_p95");
  json.BeginArray();
  for (const RouteDuration& route : histogram.routes) {
    json.BeginObject();
    json.Field("route", std::string_view(route.route));
    FieldUnlessEmpty("method", route.method, &json);
    FieldAsText("p95_ns", route.p95_ns, &json);
    json.EndObject();
  }
  json.EndArray();
  json.Field("elapsed_ms", elapsed_ms);
  json.EndObject();
  return json.Take();
}

}  // namespace

Result<std::string> AnswerRequests(Call& call) {
  SKEP_ASSIGN(RequestsQuestion question, QuestionOf(call));
  SKEP_ASSIGN(const int64_t limit, IntOf(call, "limit", 1, 1000, 100));
  question.limit = static_cast<size_t>(limit);
  SKEP_ASSIGN(question.before, RequestCursorOf(call));
  SKEP_TRY(Refresh(call));
  size_t position = static_cast<size_t>(-1);
  auto page = ListRequests(*call.parts.reader, question, call.cancel, &position);
  if (!page && position != static_cast<size_t>(-1)) call.error_position = position;
  if (!page) return Error(std::move(page.error()));
  JsonWriter json;
  json.BeginObject();
  json.Key("requests");
  json.BeginArray();
  for (const RequestSummary& request : page->requests) RenderRequest(request, &json);
  json.EndArray();
  if (page->next) json.Field("next", std::string_view(CursorText(*page->next)));
  json.Field("elapsed_ms", call.ElapsedMs());
  json.EndObject();
  return json.Take();
}

Result<std::string> AnswerHistogram(Call& call) {
  SKEP_ASSIGN(const RequestsQuestion question, QuestionOf(call));
  SKEP_ASSIGN(const int64_t buckets, IntOf(call, "buckets", 1, 500, 120));
  SKEP_TRY(Refresh(call));
  size_t position = static_cast<size_t>(-1);
  auto histogram = CountRequests(*call.parts.reader, question, static_cast<size_t>(buckets),
                                 call.cancel, &position);
  if (!histogram && position != static_cast<size_t>(-1)) call.error_position = position;
  if (!histogram) return Error(std::move(histogram.error()));
  return RenderHistogram(*histogram, call.ElapsedMs());
}

Result<std::string> AnswerFieldValues(Call& call) {
  RequestsQuestion question;
  question.project = call.parts.project;
  SKEP_ASSIGN(question.range, RangeOf(call));
  SKEP_ASSIGN(question.by_evidence, ByEvidenceOf(call));
  SKEP_ASSIGN(const int64_t limit, IntOf(call, "limit", 1, 1000, 100));
  question.limit = static_cast<size_t>(limit);
  const std::string field = TextOf(call, "field");
  if (field.empty()) return Error(Code::kInvalidArgument, "field is missing.");
  SKEP_TRY(Refresh(call));
  SKEP_ASSIGN(const FieldValues found,
              ReadFieldValues(*call.parts.reader, question, field, call.cancel));
  JsonWriter json;
  json.BeginObject();
  json.Key("values");
  json.BeginArray();
  for (const FieldValue& value : found.values) {
    json.BeginObject();
    json.Field("value", std::string_view(value.value));
    json.Field("count", value.count);
    json.EndObject();
  }
  json.EndArray();
  json.Field("total", found.total);
  json.Field("distinct", found.distinct);
  json.Field("elapsed_ms", call.ElapsedMs());
  json.EndObject();
  return json.Take();
}

}  // namespace skep::ui
