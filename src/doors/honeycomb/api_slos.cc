// SPDX-License-Identifier: Apache-2.0
// /1/slos: service level objectives, as stored objects; how they stand is counted when it is asked
// (slo_counts.h).
#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "base/clock.h"
#include "doors/honeycomb/api_dataset.h"
#include "doors/honeycomb/api_parameter.h"
#include "doors/honeycomb/api_tags.h"
#include "doors/honeycomb/slo_counts.h"
#include "model/query_spec.h"

namespace skep::honeycomb {
namespace {

constexpr size_t kDatasetsMax = 10;
constexpr size_t kHistoriesMax = 24;
constexpr int64_t kDayS = 86'400;
constexpr int64_t kBurnS = 4 * 3600;        // that a burn rate is of
constexpr int64_t kHistoryS = 366 * kDayS;  // how long ago a history may begin
// For all questions of one call.
constexpr int64_t kCountingNsMax = 60 * kNsPerS;

// The calculated field that says good or bad: of the dataset, or of all of them.
Result<bool> HasAlias(const ApiCall& call, const std::string& dataset, const std::string& alias) {
  for (const std::string& where : {dataset, std::string(kAllDatasets)}) {
    const auto found =
        call.documents().Find(DocumentKind::kDerivedColumn, call.project(), where, alias);
    if (found) return true;
    if (found.error().code != Code::kNotFound) return found.error();
  }
  return false;
}

// Of an SLO over several datasets those that it names, else the one that it stands in.
Status ReadDatasets(ApiCall* call, Input* in, const std::string& dataset, JsonWriter* body) {
  body->Key("dataset_slugs");
  body->BeginArray();
  if (dataset != kAllDatasets) {
    body->String(SlugOf(dataset));
  } else {
    const std::vector<JsonView> slugs = in->Array("dataset_slugs", kDatasetsMax);
    if (slugs.empty()) in->Missing("dataset_slugs");
    for (const JsonView& slug : slugs) {
      SKEP_ASSIGN(const auto named, FindDataset(*call, slug.text()));
      if (!named) in->Invalid("dataset_slugs", "dataset not found: " + std::string(slug.text()));
      body->String(SlugOf(slug.text()));
    }
  }
  body->EndArray();
  return {};
}

Status Read(ApiCall* call, Input* in, const Document*, Document* document) {
  JsonWriter body;
  body.BeginObject();
  body.Field("name", in->Required("name", 120));
  body.Field("description", in->Text("description", 1023));
  Input sli = in->RequiredObject("sli");
  const std::string alias =
      in->Member("sli").IsObject() ? sli.Required("alias", 255) : std::string();
  if (!alias.empty()) {
    SKEP_ASSIGN(const bool exists, HasAlias(*call, document->dataset, alias));
    if (!exists) sli.Invalid("alias", "there is no calculated field of that name");
  }
  body.Key("sli");
  body.BeginObject();
  body.Field("alias", alias);
  body.EndObject();
  body.Field("time_period_days", in->RequiredInteger("time_period_days", 1, 3650).value_or(0));
  body.Field("target_per_million",
             in->RequiredInteger("target_per_million", 0, 999'999).value_or(0));
  ReadTags(in, &body);
  SKEP_TRY(ReadDatasets(call, in, document->dataset, &body));
  body.EndObject();
  document->body = body.Take();
  return {};
}

// A budget cannot be started anew here.
void Render(const ApiCall&, const Document&, JsonWriter* json) {
  json->Key("reset_at");
  json->Null();
}

constexpr Noun kSlo = {DocumentKind::kSlo, "SLO", Read, Render};
using Handlers = InDataset<kSlo>;

// Whether the SLO is over the dataset of that slug.
bool IsOver(const Document& document, std::string_view slug) {
  const auto body = BodyOf(document);
  if (!body) return false;
  const JsonView slugs = body->root()["dataset_slugs"];
  for (size_t i = 0; i < slugs.size(); ++i)
    if (slugs.At(i).text() == slug) return true;
  return false;
}

// Of all datasets: every one.
Status ListSlos(ApiCall* call) {
  SKEP_ASSIGN(const Place place, DatasetPlace(call));
  SKEP_ASSIGN(const std::vector<Document> all,
              call->documents().ListAll({.kind = DocumentKind::kSlo, .project = call->project()}));
  const std::string slug = SlugOf(place.dataset);
  call->out.BeginArray();
  for (const Document& document : all)
    if (place.dataset == kAllDatasets || IsOver(document, slug))
      RenderDocument(*call, kSlo, document, &call->out);
  call->out.EndArray();
  return {};
}

std::string_view StatusOf(bool has_events, bool has_alerts) {
  if (!has_events) return "no_events";
  return has_alerts ? "normal" : "no_alerts";
}

// What is to be counted; refuses one whose calculated field is gone or has another name by now.
Result<Slo> Countable(ApiCall* call, const Document& document) {
  SKEP_ASSIGN(Slo slo, SloIn(*call, document));
  SKEP_ASSIGN(const bool exists, HasAlias(*call, document.dataset, slo.alias));
  if (!exists)
    return call->Refuse(ConflictProblem("There is no calculated field " + slo.alias + "."));
  return slo;
}

// Whether its budget was kept over its period, and how it burned in the last hours.
Status GetDetailed(ApiCall* call) {
  SKEP_ASSIGN(const Place place, DatasetPlace(call));
  SKEP_ASSIGN(const Document document, Need(call, kSlo, place, call->Argument(1)));
  SKEP_ASSIGN(const Slo slo, Countable(call, document));
  const int64_t until_ns = MonotonicNs() + kCountingNsMax;
  const int64_t now_s = call->now_ns / kNsPerS + 1;  // the second that is now is part of it
  SKEP_ASSIGN(const SloCounts period,
              CountSlo(call, slo, now_s - slo.days * kDayS, now_s, until_ns));
  SKEP_ASSIGN(const SloCounts lately, CountSlo(call, slo, now_s - kBurnS, now_s, until_ns));
  SKEP_ASSIGN(const auto alerts, call->documents().ListAll({.kind = DocumentKind::kBurnAlert,
                                                            .project = call->project(),
                                                            .parent = document.id}));
  JsonWriter stored;
  RenderDocument(*call, kSlo, document, &stored);
  SKEP_ASSIGN(const JsonDocument members, JsonDocument::Parse(stored.text()));
  JsonWriter& json = call->out;
  json.BeginObject();
  for (size_t i = 0; i < members.root().size(); ++i) {
    json.Key(members.root().NameAt(i));
    json.Raw(members.root().At(i).ToJson());
  }
  json.Field("compliance", Compliance(period));
  json.Field("budget_remaining", BudgetRemaining(period, slo.target_per_million));
  json.Field("burn_rate", BurnRate(lately, slo.target_per_million));
  json.Field("status", StatusOf(period.Total() > 0, !alerts.empty()));
  json.EndObject();
  return {};
}

Status GetSlo(ApiCall* call) {
  return FlagParameter(*call, "detailed") ? GetDetailed(call) : Handlers::Get(call);
}

struct HistoryQuestion {
  std::vector<Document> slos;
  int64_t start_s = 0;
  int64_t end_s = 0;
};

Status ReadHistory(ApiCall* call, Input* in, HistoryQuestion* question) {
  const std::vector<JsonView> ids = in->Array("ids", kHistoriesMax);
  if (ids.empty() && in->details()->empty()) in->Missing("ids");
  for (const JsonView& id : ids) {
    auto slo = call->documents().Get(DocumentKind::kSlo, call->project(), std::string(id.text()));
    if (!slo && slo.error().code != Code::kNotFound) return Error(std::move(slo.error()));
    if (!slo) {
      in->Invalid("ids", "SLO not found: " + std::string(id.text()));
    } else if (std::none_of(question->slos.begin(), question->slos.end(),
                            [&](const Document& known) { return known.id == slo->id; })) {
      question->slos.push_back(std::move(*slo));
    }
  }
  const int64_t now_s = call->now_ns / kNsPerS;
  question->start_s =
      in->RequiredInteger("start_time", now_s - kHistoryS, now_s).value_or(now_s - 1);
  question->end_s = in->RequiredInteger("end_time", 0, now_s).value_or(now_s);
  if (in->details()->empty() && question->end_s <= question->start_s)
    in->Invalid("end_time", "must be after start_time");
  return {};
}

// By weeks. Each is counted by itself: its budget is what its own events allow.
Status Historical(ApiCall* call) {
  std::vector<ProblemDetail> details;
  Input in(call->body, &details);
  HistoryQuestion question;
  SKEP_TRY(ReadHistory(call, &in, &question));
  SKEP_TRY(CheckInput(call, in));
  const int64_t until_ns = MonotonicNs() + kCountingNsMax;
  JsonWriter& json = call->out;
  json.BeginObject();
  for (const Document& document : question.slos) {
    SKEP_ASSIGN(const Slo slo, Countable(call, document));
    SKEP_ASSIGN(const auto weeks,
                CountSloWeeks(call, slo, question.start_s, question.end_s, until_ns));
    json.Key(document.id);
    json.BeginArray();
    for (const SloWeek& week : weeks) {
      json.BeginObject();
      json.Field("timestamp", week.start_s);
      json.Field("compliance", Compliance(week.counts));
      json.Field("budget_remaining", BudgetRemaining(week.counts, slo.target_per_million));
      json.EndObject();
    }
    json.EndArray();
  }
  json.EndObject();
  return {};
}

constexpr ApiRoute kRoutes[] = {{"GET", "/1/slos/{}", ListSlos},
                                {"POST", "/1/slos/{}", Handlers::Create},
                                {"GET", "/1/slos/{}/{}", GetSlo},
                                {"PUT", "/1/slos/{}/{}", Handlers::Update},
                                {"DELETE", "/1/slos/{}/{}", Handlers::Delete},
                                {"POST", "/1/reporting/slos/historical", Historical}};

}  // namespace

ApiRoutes SloRoutes() { return kRoutes; }

}  // namespace skep::honeycomb
