// SPDX-License-Identifier: Apache-2.0
// /1/derived_columns: expressions by name, of one dataset or of all, which Honeycomb also calls
// calculated fields; queries find them by fields/kept_fields.h.
#include <utility>

#include "doors/honeycomb/api_dataset.h"
#include "doors/honeycomb/api_definitions.h"
#include "query/expression/parse.h"

namespace skep::honeycomb {
namespace {

Status Read(ApiCall*, Input* in, const Document*, Document* document) {
  document->name = in->Required("alias", 255);
  const std::string expression = in->Required("expression", 4095);
  if (!expression.empty()) {
    size_t position = 0;
    const auto parsed = ParseExpression(expression, &position);
    if (!parsed)
      in->Invalid("expression",
                  parsed.error().message + " (at character " + std::to_string(position + 1) + ")");
  }
  JsonWriter body;
  body.BeginObject();
  body.Field("alias", document->name);
  body.Field("expression", expression);
  body.Field("description", in->Text("description", 255));
  body.EndObject();
  document->body = body.Take();
  return {};
}

constexpr Noun kDerivedColumn = {DocumentKind::kDerivedColumn, "Derived column", Read};
using Handlers = InDataset<kDerivedColumn>;

Status ListOrFind(ApiCall* call) {
  const std::string alias = call->request.QueryParameter("alias");
  if (alias.empty()) return Handlers::List(call);
  SKEP_ASSIGN(const Place place, DatasetPlace(call));
  auto found =
      call->documents().Find(DocumentKind::kDerivedColumn, call->project(), place.dataset, alias);
  if (!found && found.error().code == Code::kNotFound)
    return call->Refuse(NotFoundProblem("Derived column not found"));
  if (!found) return Error(std::move(found.error()));
  RenderDocument(*call, kDerivedColumn, *found, &call->out);
  return {};
}

// Whether an SLO counts by it.
Result<bool> IsIndicator(ApiCall* call, const Document& column) {
  SKEP_ASSIGN(
      const std::vector<Document> slos,
      call->documents().ListAll(
          {.kind = DocumentKind::kSlo, .project = call->project(), .dataset = column.dataset}));
  for (const Document& slo : slos) {
    SKEP_ASSIGN(const JsonDocument body, BodyOf(slo));
    if (body.root()["sli"]["alias"].text() == column.name) return true;
  }
  return false;
}

Status DeleteColumn(ApiCall* call) {
  SKEP_ASSIGN(const Place place, DatasetPlace(call));
  SKEP_ASSIGN(const Document column, Need(call, kDerivedColumn, place, call->Argument(1)));
  SKEP_ASSIGN(const bool indicator, IsIndicator(call, column));
  if (indicator) return call->Refuse(ConflictProblem("Derived column is in use by an SLO."));
  SKEP_ASSIGN(const bool defined, IsInDefinitions(*call, column.dataset, column.name));
  if (defined)
    return call->Refuse(ConflictProblem("Derived column is in use by the dataset definitions."));
  return Delete(call, kDerivedColumn, place, column.id);
}

constexpr ApiRoute kRoutes[] = {{"GET", "/1/derived_columns/{}", ListOrFind},
                                {"POST", "/1/derived_columns/{}", Handlers::Create},
                                {"GET", "/1/derived_columns/{}/{}", Handlers::Get},
                                {"PUT", "/1/derived_columns/{}/{}", Handlers::Update},
                                {"DELETE", "/1/derived_columns/{}/{}", DeleteColumn}};

}  // namespace

ApiRoutes DerivedColumnRoutes() { return kRoutes; }

}  // namespace skep::honeycomb
