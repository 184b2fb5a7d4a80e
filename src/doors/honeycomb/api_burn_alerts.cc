// SPDX-License-Identifier: Apache-2.0
// /1/burn_alerts: when to say that an SLO's budget goes down, as stored objects. They go with their
// SLO.
#include <string>
#include <utility>

#include "doors/honeycomb/api_alert_recipients.h"
#include "doors/honeycomb/api_dataset.h"

namespace skep::honeycomb {
namespace {

constexpr int64_t kMinutesMax = 1'000'000'000;

void ReadConditions(Input* in, const std::string& type, JsonWriter* body) {
  body->Field("alert_type", type);
  if (type == "exhaustion_time") {
    body->Field("exhaustion_minutes",
                in->RequiredInteger("exhaustion_minutes", 0, kMinutesMax).value_or(0));
    return;
  }
  body->Field("budget_rate_window_minutes",
              in->RequiredInteger("budget_rate_window_minutes", 60, kMinutesMax).value_or(60));
  body->Field(
      "budget_rate_decrease_threshold_per_million",
      in->RequiredInteger("budget_rate_decrease_threshold_per_million", 1, 1'000'000).value_or(1));
}

Status Read(ApiCall* call, Input* in, const Document* before, Document* document) {
  JsonWriter body;
  body.BeginObject();
  ReadConditions(
      in, in->Choice("alert_type", {"exhaustion_time", "budget_rate"}, "exhaustion_time"), &body);
  body.Field("description", in->Text("description", 1023));
  if (in->Has("auto_investigate"))
    body.Field("auto_investigate", in->Bool("auto_investigate", false));
  Input slo = before == nullptr ? in->RequiredObject("slo") : in->Object("slo");
  if (in->Member("slo").IsObject()) {
    const std::string id = slo.Required("id", 64);
    const auto found = call->documents().Get(DocumentKind::kSlo, call->project(), id);
    if (!id.empty() && !found) slo.Invalid("id", "does not exist");
    document->parent = id;
  }
  SKEP_TRY(ReadRecipients(call, in, false, &body));
  body.EndObject();
  document->body = body.Take();
  return {};
}

void Render(const ApiCall&, const Document& document, JsonWriter* json) {
  json->Key("slo");
  json->BeginObject();
  json->Field("id", document.parent);
  json->EndObject();
  json->Field("triggered", false);  // nothing evaluates them here
}

constexpr Noun kBurnAlert = {DocumentKind::kBurnAlert, "Burn alert", Read, Render,
                             RenderRecipients};
using Handlers = InDataset<kBurnAlert>;

Status ListOfSlo(ApiCall* call) {
  SKEP_ASSIGN(Place place, DatasetPlace(call));
  const std::string slo = call->request.QueryParameter("slo_id");
  if (slo.empty()) return call->Refuse(InvalidProblem({{"slo_id", "missing", "cannot be blank"}}));
  if (!call->documents().Get(DocumentKind::kSlo, call->project(), slo))
    return call->Refuse(NotFoundProblem("SLO not found"));
  place.parent = slo;
  return List(call, kBurnAlert, place);
}

constexpr ApiRoute kRoutes[] = {{"GET", "/1/burn_alerts/{}", ListOfSlo},
                                {"POST", "/1/burn_alerts/{}", Handlers::Create},
                                {"GET", "/1/burn_alerts/{}/{}", Handlers::Get},
                                {"PUT", "/1/burn_alerts/{}/{}", Handlers::Update},
                                {"DELETE", "/1/burn_alerts/{}/{}", Handlers::Delete}};

}  // namespace

ApiRoutes BurnAlertRoutes() { return kRoutes; }

}  // namespace skep::honeycomb
