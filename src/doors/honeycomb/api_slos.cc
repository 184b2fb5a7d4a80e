// SPDX-License-Identifier: Apache-2.0
// /1/slos: service level objectives, as stored objects; and what would need their evaluation.
#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "doors/honeycomb/api_dataset.h"
#include "doors/honeycomb/api_tags.h"
#include "model/query_spec.h"

namespace skep::honeycomb {
namespace {

constexpr size_t kDatasetsMax = 10;
constexpr char kNotEvaluated[] = "This server does not evaluate SLOs.";

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

constexpr Noun kSlo = {DocumentKind::kSlo, "SLO", Read};
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

Status GetSlo(ApiCall* call) {
  if (call->request.QueryParameter("detailed") == "true")
    return call->Refuse(ForbiddenProblem(kNotEvaluated));
  return Handlers::Get(call);
}

Status Historical(ApiCall* call) { return call->Refuse(ForbiddenProblem(kNotEvaluated)); }

constexpr ApiRoute kRoutes[] = {{"GET", "/1/slos/{}", ListSlos},
                                {"POST", "/1/slos/{}", Handlers::Create},
                                {"GET", "/1/slos/{}/{}", GetSlo},
                                {"PUT", "/1/slos/{}/{}", Handlers::Update},
                                {"DELETE", "/1/slos/{}/{}", Handlers::Delete},
                                {"POST", "/1/reporting/slos/historical", Historical}};

}  // namespace

ApiRoutes SloRoutes() { return kRoutes; }

}  // namespace skep::honeycomb
