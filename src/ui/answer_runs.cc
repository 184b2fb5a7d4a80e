// SPDX-License-Identifier: Apache-2.0
// Runs of queries: started, looked at, cancelled.
#include <utility>

#include "query/explore/result_json.h"
#include "query/explore/spec_json.h"
#include "ui/api.h"
#include "ui/parameters.h"
#include "ui/question.h"
#include "ui/run_history.h"

namespace skep::ui {
namespace {

constexpr int64_t kWaitMsMax = 2000;
constexpr int64_t kWaitMs = 500;

Result<int64_t> WaitIn(const JsonView& body) {
  const JsonView wait = body["wait_ms"];
  if (!wait) return kWaitMs;
  if (!wait.IsNumber() || wait.int64() < 0 || wait.int64() > kWaitMsMax)
    return Error(Code::kInvalidArgument,
                 "wait_ms must be a number from 0 to " + std::to_string(kWaitMsMax) + ".");
  return wait.int64();
}

bool BoolIn(const JsonView& body, std::string_view name) {
  const JsonView member = body[name];
  return !member || member.boolean();
}

// The name as a column of an expression.
std::string ColumnText(std::string_view name) {
  std::string text = "$\"";
  for (const char c : name) {
    if (c == '"' || c == '\\') text += '\\';
    text += c;
  }
  return text + '"';
}

// Calculations that the page wants besides; they go behind those of the query. Where formulas are
// answered in place of calculations, one that is just its value stands for each.
Status AddCalculations(Call& call, const JsonView& also, QuerySpec* spec) {
  if (!also || also.size() == 0) return {};
  SKEP_ASSIGN(const JsonDocument more,
              JsonDocument::Parse(R"({"calculations":)" + also.ToJson() + "}"));
  SKEP_ASSIGN(QuerySpec added, SpecIn(call, more.root()));
  if (spec->calculations.empty()) spec->calculations.push_back({});
  const bool formulas = !spec->formulas.empty();
  for (Calculation& calculation : added.calculations) {
    if (formulas) spec->formulas.push_back({calculation.Key(), ColumnText(calculation.Key())});
    spec->calculations.push_back(std::move(calculation));
  }
  return {};
}

void RenderMeasures(const QueryResult& result, const QuerySpec& spec, JsonWriter* json) {
  json->Key("measures");
  json->BeginArray();
  for (size_t i = 0; i < result.keys.size(); ++i) {
    json->BeginObject();
    json->Field("key", std::string_view(result.keys[i]));
    if (result.ops[i]) json->Field("op", NameOf(*result.ops[i]));
    for (const Calculation& calculation : spec.calculations)
      if (result.ops[i] && calculation.Key() == result.keys[i] && calculation.column)
        json->Field("column", std::string_view(*calculation.column));
    json->EndObject();
  }
  json->EndArray();
}

void RenderResult(const QueryResult& result, const QuerySpec& spec, JsonWriter* json) {
  json->BeginObject();
  json->Key("breakdowns");
  json->BeginArray();
  for (const std::string& name : result.breakdowns) json->String(name);
  json->EndArray();
  RenderMeasures(result, spec, json);
  json->Field("start_time", result.start_s);
  json->Field("end_time", result.end_s);
  json->Field("granularity", result.granularity_s);
  json->Key("data");
  RenderQueryResult(result, json);
  json->EndObject();
}

std::string Render(const RunStatus& run) {
  JsonWriter json;
  json.BeginObject();
  json.Field("id", std::string_view(run.id));
  json.Field("state", NameOf(run.state));
  json.Field("rows_read", run.result ? run.result->rows_read : run.rows_read);
  json.Field("rows_total", run.rows_total);
  json.Field("elapsed_ms", run.result ? static_cast<double>(run.result->elapsed_ns) / 1e6
                                      : static_cast<double>(run.elapsed_ms));
  if (run.error) FieldError(*run.error, &json);
  if (run.result) {
    json.Key("result");
    RenderResult(*run.result, run.request->spec, &json);
  }
  json.EndObject();
  return json.Take();
}

Result<std::string> LookAndRender(const Call& call, const std::string& id, int64_t wait_ms) {
  SKEP_ASSIGN(const RunStatus run, call.parts.query_runs->Look(id, wait_ms));
  if (run.state == RunState::kDone || run.state == RunState::kFailed)
    NoteOutcome(*call.parts.documents, call.parts.project, run);
  return Render(run);
}

}  // namespace

Result<std::string> AnswerStartRun(Call& call) {
  SKEP_ASSIGN(const JsonDocument document, BodyOf(call));
  const JsonView body = document.root();
  QueryRequest request;
  request.project = call.parts.project;
  request.now_ns = call.now_ns;
  SKEP_ASSIGN(request.dataset, DatasetIn(body));
  SKEP_ASSIGN(request.spec, SpecIn(call, body["query"]));
  SKEP_ASSIGN(const int64_t wait_ms, WaitIn(body));
  const QuerySpec asked = request.spec;
  const std::string dataset = request.dataset;
  SKEP_TRY(AddCalculations(call, body["also"], &request.spec));
  if (!BoolIn(body, "fresh")) request.freshness = Freshness::kRecent;
  if (const SpecErrors errors = CheckQuery(request, *call.parts.field_types); !errors.empty())
    return Refusal(call, errors);
  SKEP_TRY(AddKeptFields(call, dataset, &request.spec));  // which moves places of errors
  SKEP_ASSIGN(const std::string id, call.parts.query_runs->Start(std::move(request)));
  if (BoolIn(body, "remember"))
    SKEP_TRY(Remember(*call.parts.documents, call.parts.project, dataset, asked, id, call.now_ns));
  return LookAndRender(call, id, wait_ms);
}

Result<std::string> AnswerRun(Call& call) {
  SKEP_ASSIGN(const int64_t wait_ms, IntOf(call, "wait_ms", 0, kWaitMsMax, 0));
  return LookAndRender(call, call.rest, wait_ms);
}

Result<std::string> AnswerCancelRun(Call& call) {
  SKEP_TRY(call.parts.query_runs->Cancel(call.rest));
  return LookAndRender(call, call.rest, 0);
}

}  // namespace skep::ui
