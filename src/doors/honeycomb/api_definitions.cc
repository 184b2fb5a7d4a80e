// SPDX-License-Identifier: Apache-2.0
// /1/dataset_definitions.
#include "doors/honeycomb/api_definitions.h"

#include <algorithm>
#include <array>
#include <map>
#include <set>
#include <utility>
#include <vector>

#include "doors/honeycomb/api_columns.h"
#include "doors/honeycomb/api_dataset.h"

namespace skep::honeycomb {
namespace {

constexpr char kDocumentName[] = "definitions";

// A part and the columns that play it unless somebody says otherwise: the first that there is.
struct Part {
  std::string_view name;
  std::array<std::string_view, 4> defaults;
};
constexpr Part kParts[] = {
    {"duration_ms", {"duration_ms", "durationMs", "request_processing_time"}},
    {"error", {"error"}},
    {"name", {"name"}},
    {"parent_id", {"trace.parent_id", "parentId"}},
    {"route", {"http.route", "route", "request_path"}},
    {"service_name", {"service.name", "service_name", "serviceName"}},
    {"span_id", {"trace.span_id", "id"}},
    {"span_kind", {"span.kind", "meta.span_type"}},
    {"annotation_type", {"meta.annotation_type"}},
    {"link_trace_id", {"trace.link.trace_id"}},
    {"link_span_id", {"trace.link.span_id"}},
    {"log_message", {"body"}},
    {"log_severity", {"severity"}},
    {"status",
     {"response.status_code", "http.status_code", "http.response.status_code", "elb_status_code"}},
    {"trace_id", {"trace.trace_id", "traceId"}},
    {"user", {"user.id", "user.email", "request.user.id", "request.user.username"}}};

using Definitions = std::map<std::string, std::string, std::less<>>;  // part to column

struct Stored {
  std::string id;  // empty: there is no document yet
  Definitions parts;
};

Result<Stored> StoredOf(const ApiCall& call, const std::string& dataset) {
  Stored stored;
  auto found = call.documents().Find(DocumentKind::kDatasetDefinition, call.project(), dataset,
                                     kDocumentName);
  if (!found && found.error().code == Code::kNotFound) return stored;
  if (!found) return Error(std::move(found.error()));
  SKEP_ASSIGN(const JsonDocument body, BodyOf(*found));
  stored.id = found->id;
  for (size_t i = 0; i < body.root().size(); ++i)
    stored.parts.emplace(body.root().NameAt(i), body.root().At(i).text());
  return stored;
}

// What a part may be played by.
struct Known {
  std::set<std::string, std::less<>> columns;
  std::set<std::string, std::less<>> derived;
};

Result<Known> KnownOf(const ApiCall& call, const std::string& dataset) {
  Known known;
  SKEP_ASSIGN(const std::vector<Column> columns, ColumnsOf(call, dataset));
  for (const Column& column : columns) known.columns.insert(column.name);
  SKEP_ASSIGN(
      const std::vector<Document> derived,
      call.documents().ListAll(
          {.kind = DocumentKind::kDerivedColumn, .project = call.project(), .dataset = dataset}));
  for (const Document& column : derived) known.derived.insert(column.name);
  return known;
}

std::string ColumnFor(const Part& part, const Definitions& said, const Known& known) {
  if (const auto found = said.find(part.name); found != said.end()) return found->second;
  for (const std::string_view name : part.defaults)
    if (!name.empty() && known.columns.contains(name)) return std::string(name);
  return {};
}

// Parts that no column plays are null.
void Render(const Definitions& said, const Known& known, JsonWriter* json) {
  json->BeginObject();
  for (const Part& part : kParts) {
    json->Key(part.name);
    const std::string column = ColumnFor(part, said, known);
    if (column.empty()) {
      json->Null();
      continue;
    }
    const bool derived = known.derived.contains(column) && !known.columns.contains(column);
    json->BeginObject();
    json->Field("name", column);
    json->Field("column_type", derived ? "derived_column" : "column");
    json->EndObject();
  }
  json->EndObject();
}

Result<std::string> DatasetOf(ApiCall* call) {
  return DatasetNamed(call, call->Argument(0), Span::kOneDataset);
}

Status GetDefinitions(ApiCall* call) {
  SKEP_ASSIGN(const std::string dataset, DatasetOf(call));
  SKEP_ASSIGN(const Stored stored, StoredOf(*call, dataset));
  SKEP_ASSIGN(const Known known, KnownOf(*call, dataset));
  Render(stored.parts, known, &call->out);
  return {};
}

// Changes what the body says; an empty name goes back to the default.
void ReadParts(const JsonView& body, const Known& known, Input* in, Definitions* parts) {
  for (size_t i = 0; i < body.size(); ++i) {
    const std::string_view name = body.NameAt(i);
    const bool exists = std::any_of(std::begin(kParts), std::end(kParts),
                                    [&](const Part& part) { return part.name == name; });
    if (!exists) {
      in->Invalid(name, "is no definition");
      continue;
    }
    if (!in->Has(name)) continue;
    Input part = in->RequiredObject(name);
    const std::string column = part.Text("name", 255);
    part.Choice("column_type", {"column", "derived_column"}, "column");
    if (column.empty()) {
      parts->erase(std::string(name));
    } else if (!known.columns.contains(column) && !known.derived.contains(column)) {
      part.Invalid("name", "The following columns were not found: " + column);
    } else {
      parts->insert_or_assign(std::string(name), column);
    }
  }
}

Status PatchDefinitions(ApiCall* call) {
  SKEP_ASSIGN(const std::string dataset, DatasetOf(call));
  SKEP_ASSIGN(Stored stored, StoredOf(*call, dataset));
  SKEP_ASSIGN(const Known known, KnownOf(*call, dataset));
  std::vector<ProblemDetail> details;
  Input in(call->body, &details);
  ReadParts(call->body, known, &in, &stored.parts);
  SKEP_TRY(CheckInput(call, in));
  JsonWriter body;
  body.BeginObject();
  for (const auto& [part, column] : stored.parts) body.Field(part, column);
  body.EndObject();
  Document document;
  document.kind = DocumentKind::kDatasetDefinition;
  document.project = call->project();
  document.dataset = dataset;
  document.name = kDocumentName;
  document.body = body.Take();
  const auto written = stored.id.empty() ? call->documents().Create(document)
                                         : call->documents().Modify(
                                               DocumentKind::kDatasetDefinition, call->project(),
                                               stored.id, [&](Document& old) -> Status {
                                                 old.body = document.body;
                                                 return {};
                                               });
  if (!written) return written.error();
  Render(stored.parts, known, &call->out);
  return {};
}

constexpr ApiRoute kRoutes[] = {{"GET", "/1/dataset_definitions/{}", GetDefinitions},
                                {"PATCH", "/1/dataset_definitions/{}", PatchDefinitions}};

}  // namespace

Result<bool> IsInDefinitions(const ApiCall& call, const std::string& dataset,
                             std::string_view column) {
  SKEP_ASSIGN(const Stored stored, StoredOf(call, dataset));
  return std::any_of(stored.parts.begin(), stored.parts.end(),
                     [&](const auto& part) { return part.second == column; });
}

ApiRoutes DefinitionRoutes() { return kRoutes; }

}  // namespace skep::honeycomb
