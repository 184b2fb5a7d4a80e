// SPDX-License-Identifier: Apache-2.0
// /1/queries.
#include "doors/honeycomb/api_queries.h"

#include <utility>

#include "doors/honeycomb/api_dataset.h"
#include "doors/honeycomb/api_stored.h"
#include "query/explore/run_query.h"
#include "query/explore/spec_json.h"

namespace skep::honeycomb {
namespace {

void Answer(ApiCall* call, const std::string& id, const QuerySpec& spec) {
  call->out.BeginObject();
  RenderQuerySpec(spec, &call->out);
  call->out.Field("id", id);
  call->out.EndObject();
}

Status CreateQuery(ApiCall* call) {
  SKEP_ASSIGN(const std::string dataset, DatasetNamed(call, call->Argument(0)));
  SpecErrors errors;
  const std::optional<QuerySpec> spec = ParseQuerySpec(call->body, &errors);
  if (spec) errors = CheckKept(*call, dataset, *spec);
  if (!errors.empty()) {
    std::vector<ProblemDetail> details;
    NoteErrors(errors, {}, &details);
    return call->Refuse(InvalidProblem(std::move(details)));
  }
  SKEP_ASSIGN(const std::string id, KeepQuery(call, dataset, *spec));
  Answer(call, id, *spec);
  return {};
}

Status GetQuery(ApiCall* call) {
  SKEP_ASSIGN(const std::string dataset, DatasetNamed(call, call->Argument(0)));
  SKEP_ASSIGN(const auto spec, KeptQuery(*call, dataset, call->Argument(1)));
  if (!spec) return call->Refuse(NotFoundProblem("Query not found"));
  Answer(call, call->Argument(1), *spec);
  return {};
}

constexpr ApiRoute kRoutes[] = {{"POST", "/1/queries/{}", CreateQuery},
                                {"GET", "/1/queries/{}/{}", GetQuery}};

}  // namespace

void NoteErrors(const SpecErrors& errors, const std::string& place,
                std::vector<ProblemDetail>* details) {
  for (const SpecError& error : errors) {
    std::string field = error.field;
    if (!place.empty()) field = field.empty() ? place : place + "." + field;
    details->push_back({std::move(field), std::string(NameOf(error.code)), error.description});
  }
}

SpecErrors CheckKept(const ApiCall& call, const std::string& dataset, const QuerySpec& spec) {
  QueryRequest request;
  request.spec = spec;
  request.project = call.project();
  request.dataset = dataset;
  request.now_ns = call.now_ns;
  request.series = false;  // whoever runs it says, and its size with it
  return CheckQuery(request, *call.parts.types);
}

Result<std::string> KeepQuery(ApiCall* call, const std::string& dataset, const QuerySpec& spec) {
  Document document;
  document.kind = DocumentKind::kQuery;
  document.project = call->project();
  document.dataset = dataset;
  document.body = RenderQuerySpec(spec);
  SKEP_ASSIGN(Document made, call->documents().Create(document));
  return std::move(made.id);
}

Result<std::optional<QuerySpec>> KeptQuery(const ApiCall& call, const std::string& dataset,
                                           const std::string& id) {
  auto document = call.documents().Get(DocumentKind::kQuery, call.project(), id);
  if (!document && document.error().code != Code::kNotFound)
    return Error(std::move(document.error()));
  if (!document || document->dataset != dataset) return std::optional<QuerySpec>();
  SpecErrors errors;
  std::optional<QuerySpec> spec = ParseQuerySpec(document->body, &errors);
  if (!spec) return ErrorOf(errors);
  return spec;
}

ApiRoutes QueryRoutes() { return kRoutes; }

}  // namespace skep::honeycomb
