// SPDX-License-Identifier: Apache-2.0
// Fields to ask by: those that every event may have, the calculated ones that are kept, then the
// attributes of the catalogue.
#include <algorithm>
#include <array>

#include "base/ascii.h"
#include "fields/kept_fields.h"
#include "query/explore/calculated_fields.h"
#include "query/explore/field_sql.h"
#include "query/explore/used_fields.h"
#include "ui/api.h"
#include "ui/parameters.h"
#include "ui/question.h"

namespace skep::ui {
namespace {

// By ValueType.
constexpr std::array<ValueType, fields::kValueTypes> kTypes = {
    ValueType::kInt64, ValueType::kFloat64, ValueType::kBool, ValueType::kString};

std::string_view TypeName(ValueType type) {
  switch (type) {
    case ValueType::kInt64:
      return "integer";
    case ValueType::kFloat64:
      return "float";
    case ValueType::kBool:
      return "boolean";
    case ValueType::kString:
      break;
  }
  return "string";
}

void RenderTypes(const TypeSet& types, JsonWriter* json) {
  json->Key("types");
  json->BeginArray();
  for (const ValueType type : kTypes)
    if (types.Has(type)) json->String(TypeName(type));
  json->EndArray();
}

void RenderField(std::string_view name, const TypeSet& types, const fields::FieldInfo* info,
                 JsonWriter* json) {
  json->BeginObject();
  json->Field("name", name);
  RenderTypes(types, json);
  if (info != nullptr) json->Field("rows", info->rows());
  json->Key("examples");
  json->BeginArray();
  if (info != nullptr)
    for (const std::string& example : info->examples) json->String(example);
  json->EndArray();
  json->EndObject();
}

// A query that names all of them.
Result<QuerySpec> AllKept(const Call& call, const std::string& dataset) {
  SKEP_ASSIGN(const std::vector<CalculatedField> kept,
              fields::KeptFields(*call.parts.documents, call.parts.project, dataset));
  std::set<std::string, std::less<>> names;
  for (const CalculatedField& field : kept) names.insert(field.name);
  QuerySpec spec;
  AddUsedFields(kept, &spec, names);
  return spec;
}

}  // namespace

Result<std::string> AnswerColumns(Call& call) {
  std::string dataset = TextOf(call, "dataset");
  if (dataset.empty()) dataset = kAllDatasets;
  const std::string wanted = ToLower(TextOf(call, "contains"));
  const auto matches = [&](std::string_view name) {
    return wanted.empty() || ToLower(name).find(wanted) != std::string::npos;
  };
  const fields::Catalogue& catalogue = *call.parts.field_catalogue;
  SKEP_ASSIGN(const QuerySpec kept, AllKept(call, dataset));
  SpecErrors none;  // what is wrong with a kept one is said by the query that uses it
  const Fields known = FieldsOf(kept, dataset, *call.parts.field_types, &none);
  JsonWriter json;
  json.BeginObject();
  json.Key("fields");
  json.BeginArray();
  const auto& known_names = Fields::KnownNames();
  std::vector<std::string_view> names(known_names.begin(), known_names.end());
  for (const CalculatedField& field : kept.calculated_fields) names.push_back(field.name);
  for (const std::string_view name : names)
    if (matches(name)) RenderField(name, known.TypesOf(name), nullptr, &json);
  for (const fields::FieldInfo& info : catalogue.List(call.parts.project, dataset))
    if (matches(info.name) && std::find(names.begin(), names.end(), info.name) == names.end())
      RenderField(info.name, info.types, &info, &json);
  json.EndArray();
  json.Key("datasets");
  json.BeginArray();
  for (const fields::DatasetInfo& info : catalogue.Datasets(call.parts.project))
    json.String(info.name);
  json.EndArray();
  json.EndObject();
  return json.Take();
}

}  // namespace skep::ui
