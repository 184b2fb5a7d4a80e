// SPDX-License-Identifier: Apache-2.0
#include "query/explore/used_fields.h"

#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <string_view>

#include "query/explore/field_sql.h"
#include "query/expression/parse.h"

namespace skep {
namespace {

using Names = std::set<std::string, std::less<>>;

void AddName(std::string_view column, Names* names) {
  names->emplace(SplitRelation(column).name);
  names->emplace(column);
}

void AddFilter(const SpecFilter& filter, Names* names) {
  if (filter.kind == SpecFilter::Kind::kCondition) AddName(filter.column, names);
  for (const SpecFilter& part : filter.parts) AddFilter(part, names);
}

void AddExpression(const std::string& text, Names* names) {
  const auto expression = ParseExpression(text, nullptr);
  if (!expression) return;  // whoever runs the query says what is wrong
  for (const std::string& column : ColumnsOf(*expression)) AddName(column, names);
}

Names NamesIn(const QuerySpec& spec) {
  Names names;
  for (const Calculation& calculation : spec.calculations) {
    if (calculation.column) AddName(*calculation.column, &names);
    for (const SpecFilter& filter : calculation.filters) AddFilter(filter, &names);
  }
  for (const SpecFilter& filter : spec.filters) AddFilter(filter, &names);
  for (const std::string& breakdown : spec.breakdowns) AddName(breakdown, &names);
  for (const CalculatedField& field : spec.calculated_fields)
    AddExpression(field.expression, &names);
  return names;
}

}  // namespace

void AddUsedFields(const std::vector<CalculatedField>& kept, QuerySpec* spec) {
  std::map<std::string, const CalculatedField*, std::less<>> by_name;
  for (const CalculatedField& field : kept) by_name.emplace(field.name, &field);
  for (const CalculatedField& field : spec->calculated_fields) by_name.erase(field.name);
  Names open = NamesIn(*spec);
  while (!open.empty()) {
    Names next;
    for (const std::string& name : open) {
      const auto found = by_name.find(name);
      if (found == by_name.end()) continue;
      spec->calculated_fields.push_back(*found->second);
      AddExpression(found->second->expression, &next);
      by_name.erase(found);
    }
    open = std::move(next);
  }
}

}  // namespace skep
