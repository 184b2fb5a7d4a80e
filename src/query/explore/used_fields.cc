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

// One that is used, with the names that its expression has.
struct Used {
  const CalculatedField* field;
  Names names;
};

// Those that no other waits for come first, since a field is only known to what stands behind it.
// A ring has no such order and keeps the one that it has.
std::vector<CalculatedField> InOrder(std::map<std::string_view, Used> waiting) {
  std::vector<CalculatedField> ordered;
  while (!waiting.empty()) {
    const auto is_free = [&](const auto& entry) {
      return std::none_of(
          entry.second.names.begin(), entry.second.names.end(),
          [&](const std::string& name) { return name != entry.first && waiting.contains(name); });
    };
    auto next = std::find_if(waiting.begin(), waiting.end(), is_free);
    if (next == waiting.end()) next = waiting.begin();
    ordered.push_back(*next->second.field);
    waiting.erase(next);
  }
  return ordered;
}

}  // namespace

void AddUsedFields(const std::vector<CalculatedField>& kept, QuerySpec* spec,
                   const std::set<std::string, std::less<>>& also) {
  std::map<std::string, const CalculatedField*, std::less<>> by_name;
  for (const CalculatedField& field : kept) by_name.emplace(field.name, &field);
  for (const CalculatedField& field : spec->calculated_fields) by_name.erase(field.name);
  std::map<std::string_view, Used> used;
  Names open = NamesIn(*spec);
  for (const std::string& name : also) AddName(name, &open);
  while (!open.empty()) {
    Names next;
    for (const std::string& name : open) {
      const auto found = by_name.find(name);
      if (found == by_name.end()) continue;
      Used& added = used[found->second->name];
      added.field = found->second;
      AddExpression(found->second->expression, &added.names);
      next.insert(added.names.begin(), added.names.end());
      by_name.erase(found);
    }
    open = std::move(next);
  }
  const std::vector<CalculatedField> ordered = InOrder(std::move(used));
  spec->calculated_fields.insert(spec->calculated_fields.begin(), ordered.begin(), ordered.end());
}

}  // namespace skep
