// SPDX-License-Identifier: Apache-2.0
// BubbleUps: what sets a selection apart from the rest; started, looked at while they grow,
// cancelled.
#include "query/bubbleup/bubbleup_json.h"
#include "query/bubbleup/bubbleup_runs.h"
#include "query/bubbleup/field_choice.h"
#include "ui/api.h"
#include "ui/parameters.h"
#include "ui/question.h"
#include "ui/run_history.h"

namespace skep::ui {
namespace {

constexpr int64_t kWaitMsMax = 2000;

std::string Render(const BubbleUpStatus& run) {
  JsonWriter json;
  json.BeginObject();
  json.Field("id", std::string_view(run.id));
  json.Field("state", NameOf(run.state));
  json.Field("steps", run.steps);
  json.Field("elapsed_ms", run.elapsed_ms);
  if (run.error) FieldError(*run.error, &json);
  if (run.result) {
    json.Key("result");
    json.BeginObject();
    RenderBubbleUp(*run.result, &json);
    json.EndObject();
  }
  json.EndObject();
  return json.Take();
}

Result<std::string> LookAndRender(const Call& call, const std::string& id) {
  SKEP_ASSIGN(const int64_t wait_ms, IntOf(call, "wait_ms", 0, kWaitMsMax, 0));
  SKEP_ASSIGN(const int64_t steps, IntOf(call, "steps", 0, 1'000'000, 0));
  SKEP_ASSIGN(const BubbleUpStatus run,
              call.parts.bubbleup_runs->Look(id, wait_ms, static_cast<uint64_t>(steps)));
  return Render(run);
}

}  // namespace

Result<std::string> AnswerStartBubbleUp(Call& call) {
  SKEP_ASSIGN(const JsonDocument document, BodyOf(call));
  SpecErrors errors;
  std::optional<BubbleUpRequest> request = ParseBubbleUp(document.root(), &errors);
  if (!request) return Refusal(call, errors);
  request->project = call.parts.project;
  request->now_ns = call.now_ns;
  errors = CheckBubbleUp(*request, *call.parts.field_types);
  if (!errors.empty()) return Refusal(call, errors);
  SKEP_TRY(AddKeptFields(call, request->dataset, &request->spec, SelectedBy(*request)));
  SKEP_ASSIGN(const std::string id, call.parts.bubbleup_runs->Start(std::move(*request)));
  return LookAndRender(call, id);
}

Result<std::string> AnswerBubbleUp(Call& call) { return LookAndRender(call, call.rest); }

Result<std::string> AnswerCancelBubbleUp(Call& call) {
  SKEP_TRY(call.parts.bubbleup_runs->Cancel(call.rest));
  return LookAndRender(call, call.rest);
}

}  // namespace skep::ui
