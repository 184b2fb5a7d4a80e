// SPDX-License-Identifier: Apache-2.0
// /1/columns.
#include "doors/honeycomb/api_columns.h"

#include <algorithm>
#include <map>
#include <utility>

#include "doors/honeycomb/api_dataset.h"
#include "doors/honeycomb/api_definitions.h"
#include "fields/catalogue.h"
#include "query/explore/field_sql.h"
#include "wire/sha256.h"

namespace skep::honeycomb {
namespace {

constexpr size_t kIdSize = 11;
constexpr size_t kNameMax = 255;
// Names of Skep's own, which are no columns of a Honeycomb dataset.
constexpr std::string_view kOwnNames[] = {"timestamp", "dataset", "signal",
                                          "door",      "item",    "sample_rate"};

std::string IdOf(const std::string& dataset, std::string_view name) {
  return Sha256Hex(dataset + "\n" + std::string(name)).substr(0, kIdSize);
}

// Honeycomb's one type for what may have several: text takes anything.
std::string TypeNameOf(TypeSet types) {
  if (types.Is(ValueType::kBool)) return "boolean";
  if (types.Is(ValueType::kInt64)) return "integer";
  if (!types.IsEmpty() && !types.Has(ValueType::kString) && !types.Has(ValueType::kBool))
    return "float";
  return "string";
}

// For the types of the names that are columns of every record, without attributes of that name.
class NoAttributes final : public FieldTypes {
 public:
  TypeSet TypesOf(std::string_view, std::string_view) const override { return {}; }
  bool MayBeSampled(std::string_view) const override { return false; }
};

using ByName = std::map<std::string, Column, std::less<>>;

void AddSeen(const ApiCall& call, const std::string& dataset, ByName* columns) {
  const auto add = [&](std::string_view name, TypeSet types, int64_t first_ns, int64_t last_ns) {
    if (last_ns == 0) return;  // of a request that is not committed, or was refused
    Column& column = (*columns)[std::string(name)];
    column.name = name;
    column.type = TypeNameOf(types);
    column.seen = true;
    column.last_written_ns = last_ns;
    column.created_ns = column.updated_ns = first_ns;
  };
  if (call.parts.catalogue == nullptr) return;
  for (const fields::DatasetInfo& info : call.parts.catalogue->Datasets(call.project())) {
    if (info.name != dataset) continue;
    static const NoAttributes kNoAttributes;
    const Fields known(dataset, &kNoAttributes);
    for (const std::string_view name : Fields::KnownNames())
      if (std::find(std::begin(kOwnNames), std::end(kOwnNames), name) == std::end(kOwnNames))
        add(name, known.TypesOf(name), info.first_seen_ns, info.last_seen_ns);
  }
  for (const fields::FieldInfo& field : call.parts.catalogue->List(call.project(), dataset))
    add(field.name, field.types, field.first_seen_ns, field.last_seen_ns);
}

Status AddStored(const ApiCall& call, const std::string& dataset, ByName* columns) {
  SKEP_ASSIGN(const std::vector<Document> all,
              call.documents().ListAll(
                  {.kind = DocumentKind::kColumn, .project = call.project(), .dataset = dataset}));
  for (const Document& document : all) {
    SKEP_ASSIGN(const JsonDocument body, BodyOf(document));
    Column& column = (*columns)[document.name];
    column.name = document.name;
    column.stored = true;
    column.type = body.root()["type"].text();
    column.description = body.root()["description"].text();
    column.hidden = body.root()["hidden"].boolean();
    column.created_ns = document.created_ns;
    column.updated_ns = document.updated_ns;
  }
  return {};
}

void Render(const Column& column, JsonWriter* json) {
  json->BeginObject();
  json->Field("id", column.id);
  json->Field("key_name", column.name);
  json->Field("type", column.type);
  json->Field("description", column.description);
  json->Field("hidden", column.hidden);
  json->Key("last_written");
  if (column.last_written_ns == 0) json->Null();
  if (column.last_written_ns != 0) json->String(ApiTime(column.last_written_ns));
  json->Field("created_at", ApiTime(column.created_ns));
  json->Field("updated_at", ApiTime(column.updated_ns));
  json->EndObject();
}

Result<Column> Need(ApiCall* call, const std::string& dataset, std::string_view id_or_name,
                    bool by_name) {
  SKEP_ASSIGN(std::vector<Column> all, ColumnsOf(*call, dataset));
  for (Column& column : all)
    if ((by_name ? column.name : column.id) == id_or_name) return std::move(column);
  return call->Refuse(NotFoundProblem("Column not found"));
}

Result<std::string> DatasetOf(ApiCall* call) {
  return DatasetNamed(call, call->Argument(0), Span::kOneDataset);
}

Document DocumentOf(const ApiCall& call, const std::string& dataset, const Column& column) {
  JsonWriter body;
  body.BeginObject();
  body.Field("key_name", column.name);
  body.Field("type", column.type);
  body.Field("description", column.description);
  body.Field("hidden", column.hidden);
  body.EndObject();
  Document document;
  document.kind = DocumentKind::kColumn;
  document.id = column.id;
  document.project = call.project();
  document.dataset = dataset;
  document.name = column.name;
  document.body = body.Take();
  return document;
}

void ReadSettings(Input* in, Column* column) {
  column->type =
      in->Choice("type", {"string", "float", "integer", "boolean", "histogram"}, column->type);
  column->description = in->Text("description", kNameMax);
  column->hidden = in->Bool("hidden", false);
}

Status ListOrFind(ApiCall* call) {
  SKEP_ASSIGN(const std::string dataset, DatasetOf(call));
  const std::string name = call->request.QueryParameter("key_name");
  if (!name.empty()) {
    SKEP_ASSIGN(const Column column, Need(call, dataset, name, true));
    Render(column, &call->out);
    return {};
  }
  SKEP_ASSIGN(const std::vector<Column> all, ColumnsOf(*call, dataset));
  call->out.BeginArray();
  for (const Column& column : all) Render(column, &call->out);
  call->out.EndArray();
  return {};
}

Status GetColumn(ApiCall* call) {
  SKEP_ASSIGN(const std::string dataset, DatasetOf(call));
  SKEP_ASSIGN(const Column column, Need(call, dataset, call->Argument(1), false));
  Render(column, &call->out);
  return {};
}

Status CreateColumn(ApiCall* call) {
  SKEP_ASSIGN(const std::string dataset, DatasetOf(call));
  std::vector<ProblemDetail> details;
  Input in(call->body, &details);
  Column column;
  column.name = in.Required("key_name", kNameMax);
  ReadSettings(&in, &column);
  SKEP_TRY(CheckInput(call, in));
  SKEP_ASSIGN(const bool exists, HasColumn(*call, dataset, column.name));
  if (exists) return call->Refuse(ConflictProblem("A resource by that name already exists."));
  column.id = IdOf(dataset, column.name);
  SKEP_ASSIGN(const Document made, call->documents().Create(DocumentOf(*call, dataset, column)));
  column.created_ns = column.updated_ns = made.created_ns;
  call->status = 201;
  Render(column, &call->out);
  return {};
}

Status UpdateColumn(ApiCall* call) {
  SKEP_ASSIGN(const std::string dataset, DatasetOf(call));
  SKEP_ASSIGN(Column column, Need(call, dataset, call->Argument(1), false));
  std::vector<ProblemDetail> details;
  Input in(call->body, &details);
  const std::string name = in.Text("key_name", kNameMax, column.name);
  if (name != column.name) in.Invalid("key_name", "cannot be changed");
  ReadSettings(&in, &column);
  SKEP_TRY(CheckInput(call, in));
  const Document document = DocumentOf(*call, dataset, column);
  auto changed = column.stored
                     ? call->documents().Modify(DocumentKind::kColumn, call->project(), column.id,
                                                [&](Document& stored) -> Status {
                                                  stored.body = document.body;
                                                  return {};
                                                })
                     : call->documents().Create(document);
  if (!changed) return Error(std::move(changed.error()));
  column.updated_ns = changed->updated_ns;
  column.created_ns = changed->created_ns;
  Render(column, &call->out);
  return {};
}

// What records have stays: only what was said of a column without any can go.
Status DeleteColumn(ApiCall* call) {
  SKEP_ASSIGN(const std::string dataset, DatasetOf(call));
  SKEP_ASSIGN(const Column column, Need(call, dataset, call->Argument(1), false));
  if (column.seen)
    return call->Refuse(ConflictProblem("The column holds data, which this server cannot delete."));
  SKEP_ASSIGN(const bool defined, IsInDefinitions(*call, dataset, column.name));
  if (defined) return call->Refuse(ConflictProblem("Column is in use by the dataset definitions."));
  call->status = 204;
  return call->documents().Delete(DocumentKind::kColumn, call->project(), column.id);
}

constexpr ApiRoute kRoutes[] = {{"GET", "/1/columns/{}", ListOrFind},
                                {"POST", "/1/columns/{}", CreateColumn},
                                {"GET", "/1/columns/{}/{}", GetColumn},
                                {"PUT", "/1/columns/{}/{}", UpdateColumn},
                                {"DELETE", "/1/columns/{}/{}", DeleteColumn}};

}  // namespace

Result<std::vector<Column>> ColumnsOf(const ApiCall& call, const std::string& dataset) {
  ByName columns;
  AddSeen(call, dataset, &columns);
  SKEP_TRY(AddStored(call, dataset, &columns));
  std::vector<Column> all;
  for (auto& [name, column] : columns) {
    column.id = IdOf(dataset, name);
    all.push_back(std::move(column));
  }
  return all;
}

Result<bool> HasColumn(const ApiCall& call, const std::string& dataset, std::string_view name) {
  SKEP_ASSIGN(const std::vector<Column> all, ColumnsOf(call, dataset));
  return std::any_of(all.begin(), all.end(),
                     [&](const Column& column) { return column.name == name; });
}

ApiRoutes ColumnRoutes() { return kRoutes; }

}  // namespace skep::honeycomb
