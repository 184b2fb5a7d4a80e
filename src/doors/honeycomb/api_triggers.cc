// SPDX-License-Identifier: Apache-2.0
// /1/triggers.
#include "doors/honeycomb/api_triggers.h"

#include <algorithm>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/ascii.h"
#include "doors/honeycomb/api_alert_recipients.h"
#include "doors/honeycomb/api_dataset.h"
#include "doors/honeycomb/api_queries.h"
#include "doors/honeycomb/api_tags.h"
#include "query/explore/spec_json.h"

namespace skep::honeycomb {
namespace {

constexpr int64_t kDayS = 86'400;

// What a trigger's query may not have, which a query may.
void CheckQuery(const QuerySpec& spec, int64_t frequency, Input* in) {
  const auto refuse = [&](const char* member, const char* why) {
    in->Invalid(std::string("query.") + member, why);
  };
  if (spec.calculations.size() > 1 && spec.formulas.size() != 1)
    refuse("calculations", "a trigger has exactly one calculation or one formula");
  if (spec.formulas.size() > 1) refuse("formulas", "a trigger has at most one formula");
  for (const Calculation& calculation : spec.calculations)
    if (calculation.op == CalculationOp::kHeatmap)
      refuse("calculations", "a trigger cannot have a HEATMAP");
  if (!spec.orders.empty()) refuse("orders", "a trigger's query cannot have orders");
  if (spec.limit) refuse("limit", "a trigger's query cannot have a limit");
  if (spec.start_time || spec.end_time)
    refuse("start_time", "a trigger's query ends when it runs: it has only a time_range");
  if (spec.compare_time_offset_seconds)
    refuse("compare_time_offset_seconds", "a trigger compares by its baseline_details");
  if (spec.usage_mode) refuse("usage_mode", "a trigger's query cannot have it");
  const int64_t range = spec.time_range.value_or(0);
  if (range > kDayS) refuse("time_range", "must be no greater than 86400");
  if (range > 4 * frequency) refuse("time_range", "must be no greater than 4 times the frequency");
}

// The query, given whole or by id, and its id.
Status ReadQuery(ApiCall* call, Input* in, const std::string& dataset, int64_t frequency,
                 JsonWriter* body) {
  const std::string id = in->Text("query_id", 64);
  const JsonView whole = in->Member("query");
  std::optional<QuerySpec> spec;
  if (!id.empty() && whole) in->Invalid("query_id", "a trigger has either a query or a query_id");
  if (id.empty() && !whole) in->Missing("query", "a trigger needs a query or a query_id");
  if (id.empty() == !whole) return {};
  if (whole) {
    SpecErrors errors;
    spec = ParseQuerySpec(whole, &errors);
    if (spec) errors = CheckKept(*call, dataset, *spec);
    NoteErrors(errors, in->PlaceOf("query"), in->details());
  } else {
    SKEP_ASSIGN(spec, KeptQuery(*call, dataset, id));
    if (!spec) in->Invalid("query_id", "does not exist");
  }
  if (!spec) return {};
  if (whole && !spec->time_range) spec->time_range = frequency;
  CheckQuery(*spec, frequency, in);
  if (!in->details()->empty()) return {};
  std::string kept = id;
  if (kept.empty()) {
    SKEP_ASSIGN(kept, KeepQuery(call, dataset, *spec));
  }
  body->Key("query");
  body->Raw(RenderQuerySpec(*spec));
  body->Field("query_id", kept);
  return {};
}

void ReadThreshold(Input* in, JsonWriter* body) {
  Input threshold = in->RequiredObject("threshold");
  if (!in->Member("threshold").IsObject()) return;
  body->Key("threshold");
  body->BeginObject();
  body->Field("op", threshold.Choice("op", {">", ">=", "<", "<="}));
  body->Field("value", threshold.RequiredNumber("value").value_or(0));
  body->Field("exceeded_limit", threshold.Integer("exceeded_limit", 1, 5).value_or(1));
  body->EndObject();
}

// HH:MM of a day, with or without a leading zero.
bool IsTimeOfDay(std::string_view text) {
  const size_t colon = text.find(':');
  if (colon == std::string_view::npos || colon == 0 || colon > 2 || text.size() != colon + 3)
    return false;
  for (const char c : text)
    if (!IsDigit(c) && c != ':') return false;
  if (text.substr(colon + 1).find(':') != std::string_view::npos) return false;
  const int hour = colon == 1 ? text[0] - '0' : (text[0] - '0') * 10 + text[1] - '0';
  return hour < 24 && text[colon + 1] < '6';
}

void CheckWindow(Input* window) {
  const std::vector<JsonView> days = window->Array("days_of_week", 7);
  if (days.empty()) window->Missing("days_of_week");
  static constexpr std::string_view kDays[] = {"sunday",   "monday", "tuesday", "wednesday",
                                               "thursday", "friday", "saturday"};
  for (const JsonView& day : days)
    if (std::find(std::begin(kDays), std::end(kDays), day.text()) == std::end(kDays))
      window->Invalid("days_of_week", "must be days of the week, as sunday");
  for (const char* name : {"start_time", "end_time"}) {
    const std::string time = window->Required(name, 16);
    if (!time.empty() && !IsTimeOfDay(time)) window->Invalid(name, "must be a time, as 13:00");
  }
}

void ReadSchedule(Input* in, JsonWriter* body) {
  const bool given = in->Member("evaluation_schedule").IsObject();
  const std::string type = in->Choice("evaluation_schedule_type", {"frequency", "window"},
                                      given ? "window" : "frequency");
  body->Field("evaluation_schedule_type", type);
  if (type == "frequency") {
    if (given) in->Invalid("evaluation_schedule", "belongs to the type window");
    return;
  }
  Input schedule = in->RequiredObject("evaluation_schedule");
  Input window = schedule.RequiredObject("window");
  if (!schedule.Member("window").IsObject()) return;
  CheckWindow(&window);
  body->Key("evaluation_schedule");
  body->Raw(in->Member("evaluation_schedule").ToJson());
}

// Honeycomb's Go client does not send them with a change, so they stay until `{}` takes them away.
void ReadBaseline(Input* in, const JsonView& old, JsonWriter* body) {
  if (!in->Has("baseline_details")) {
    if (!old.IsObject()) return;
    body->Key("baseline_details");
    body->Raw(old.ToJson());
    return;
  }
  Input baseline = in->Object("baseline_details");
  if (in->Member("baseline_details").size() == 0) return;
  const int64_t offset = baseline.RequiredInteger("offset_minutes", 1, 1'000'000).value_or(60);
  if (offset != 60 && offset != 1440 && offset != 10080 && offset != 40320)
    baseline.Invalid("offset_minutes", "must be one of 60, 1440, 10080, 40320");
  body->Key("baseline_details");
  body->BeginObject();
  body->Field("type", baseline.Choice("type", {"percentage", "value"}));
  body->Field("offset_minutes", offset);
  body->EndObject();
}

Status Read(ApiCall* call, Input* in, const Document* before, Document* document) {
  JsonDocument old;  // what a change does not say stays
  if (before != nullptr) {
    SKEP_ASSIGN(old, BodyOf(*before));
  }
  JsonWriter body;
  body.BeginObject();
  body.Field("name", in->Required("name", 120));
  body.Field("description", in->Text("description", 1023));
  body.Field("disabled", in->Bool("disabled", old.root()["disabled"].boolean()));
  const int64_t frequency = in->Integer("frequency", 60, kDayS).value_or(900);
  if (frequency % 60 != 0) in->Invalid("frequency", "must be a multiple of 60");
  body.Field("frequency", frequency);
  body.Field("alert_type", in->Choice("alert_type", {"on_change", "on_true"}, "on_change"));
  ReadThreshold(in, &body);
  ReadSchedule(in, &body);
  ReadBaseline(in, old.root()["baseline_details"], &body);
  ReadTags(in, &body);
  if (in->Has("auto_investigate"))
    body.Field("auto_investigate", in->Bool("auto_investigate", false));
  SKEP_TRY(ReadQuery(call, in, document->dataset, frequency, &body));
  SKEP_TRY(ReadRecipients(call, in, true, &body));
  body.EndObject();
  document->body = body.Take();
  return {};
}

void Render(const ApiCall&, const Document& document, JsonWriter* json) {
  const bool all = document.dataset == kAllDatasets;
  json->Field("dataset_slug", all ? document.dataset : SlugOf(document.dataset));
  json->Field("triggered", false);  // nothing evaluates them here
}

using Handlers = InDataset<kTriggerNoun>;

constexpr ApiRoute kRoutes[] = {{"GET", "/1/triggers/{}", Handlers::List},
                                {"POST", "/1/triggers/{}", Handlers::Create},
                                {"GET", "/1/triggers/{}/{}", Handlers::Get},
                                {"PUT", "/1/triggers/{}/{}", Handlers::Update},
                                {"DELETE", "/1/triggers/{}/{}", Handlers::Delete}};

}  // namespace

const Noun kTriggerNoun = {DocumentKind::kTrigger, "Trigger", Read, Render, RenderRecipients};

ApiRoutes TriggerRoutes() { return kRoutes; }

}  // namespace skep::honeycomb
