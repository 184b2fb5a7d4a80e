// SPDX-License-Identifier: Apache-2.0
#include "query/explore/spec_json.h"

namespace skep {
namespace {

void RenderValue(const SpecValue& value, JsonWriter* json) {
  if (const auto* flag = std::get_if<bool>(&value)) return json->Bool(*flag);
  if (const auto* whole = std::get_if<int64_t>(&value)) return json->Int(*whole);
  if (const auto* real = std::get_if<double>(&value)) return json->Float(*real);
  if (const auto* text = std::get_if<std::string>(&value)) return json->String(*text);
  json->Null();
}

void RenderFilters(const std::vector<SpecFilter>& filters, bool any, JsonWriter* json) {
  if (!filters.empty()) {
    json->Key("filters");
    json->BeginArray();
    for (const SpecFilter& filter : filters) RenderSpecFilter(filter, json);
    json->EndArray();
  }
  if (any) json->Field("filter_combination", "OR");
}

void RenderCalculations(const QuerySpec& spec, JsonWriter* json) {
  json->Key("calculations");
  json->BeginArray();
  if (spec.calculations.empty()) {
    json->BeginObject();
    json->Field("op", "COUNT");
    json->EndObject();
  }
  for (const Calculation& calculation : spec.calculations) {
    json->BeginObject();
    json->Field("op", NameOf(calculation.op));
    if (calculation.column) json->Field("column", std::string_view(*calculation.column));
    if (!calculation.name.empty()) json->Field("name", std::string_view(calculation.name));
    RenderFilters(calculation.filters, calculation.any_filter, json);
    json->EndObject();
  }
  json->EndArray();
}

void RenderOrders(const QuerySpec& spec, JsonWriter* json) {
  if (spec.orders.empty()) return;
  json->Key("orders");
  json->BeginArray();
  for (const SpecOrder& order : spec.orders) {
    json->BeginObject();
    if (order.column) json->Field("column", std::string_view(*order.column));
    if (order.op) json->Field("op", NameOf(*order.op));
    if (order.descending) json->Field("order", "descending");
    json->EndObject();
  }
  json->EndArray();
}

void RenderHavings(const QuerySpec& spec, JsonWriter* json) {
  if (spec.havings.empty()) return;
  json->Key("havings");
  json->BeginArray();
  for (const SpecHaving& having : spec.havings) {
    json->BeginObject();
    json->Field("calculate_op", NameOf(having.op));
    if (having.column) json->Field("column", std::string_view(*having.column));
    json->Field("op", NameOf(having.compare));
    json->Field("value", having.value);
    json->EndObject();
  }
  json->EndArray();
}

template <typename T>
void RenderExpressions(std::string_view name, const std::vector<T>& named, JsonWriter* json) {
  if (named.empty()) return;
  json->Key(name);
  json->BeginArray();
  for (const T& each : named) {
    json->BeginObject();
    json->Field("name", std::string_view(each.name));
    json->Field("expression", std::string_view(each.expression));
    json->EndObject();
  }
  json->EndArray();
}

void RenderTimes(const QuerySpec& spec, JsonWriter* json) {
  if (spec.start_time) json->Field("start_time", *spec.start_time);
  if (spec.end_time) json->Field("end_time", *spec.end_time);
  if (spec.time_range)
    json->Field("time_range", *spec.time_range);
  else if (!spec.start_time || !spec.end_time)
    json->Field("time_range", QuerySpec::kDefaultRangeSeconds);
  if (spec.granularity != 0) json->Field("granularity", spec.granularity);
  if (spec.compare_time_offset_seconds)
    json->Field("compare_time_offset_seconds", *spec.compare_time_offset_seconds);
}

}  // namespace

void RenderSpecFilter(const SpecFilter& filter, JsonWriter* json) {
  json->BeginObject();
  switch (filter.kind) {
    case SpecFilter::Kind::kNot:
      json->Key("not");
      RenderSpecFilter(filter.parts.front(), json);
      break;
    case SpecFilter::Kind::kAnd:
    case SpecFilter::Kind::kOr:
      json->Key(filter.kind == SpecFilter::Kind::kAnd ? "and" : "or");
      json->BeginArray();
      for (const SpecFilter& part : filter.parts) RenderSpecFilter(part, json);
      json->EndArray();
      break;
    case SpecFilter::Kind::kCondition:
      json->Field("column", std::string_view(filter.column));
      json->Field("op", NameOf(filter.op));
      if (filter.op == SpecFilterOp::kExists || filter.op == SpecFilterOp::kDoesNotExist) break;
      json->Key("value");
      if (filter.op != SpecFilterOp::kIn && filter.op != SpecFilterOp::kNotIn) {
        RenderValue(filter.values.front(), json);
        break;
      }
      json->BeginArray();
      for (const SpecValue& value : filter.values) RenderValue(value, json);
      json->EndArray();
      break;
  }
  json->EndObject();
}

void RenderQuerySpec(const QuerySpec& spec, JsonWriter* json) {
  if (!spec.breakdowns.empty()) {
    json->Key("breakdowns");
    json->BeginArray();
    for (const std::string& name : spec.breakdowns) json->String(name);
    json->EndArray();
  }
  RenderCalculations(spec, json);
  RenderFilters(spec.filters, spec.any_filter, json);
  RenderOrders(spec, json);
  RenderHavings(spec, json);
  RenderExpressions("calculated_fields", spec.calculated_fields, json);
  RenderExpressions("formulas", spec.formulas, json);
  if (spec.limit) json->Field("limit", int64_t{*spec.limit});
  RenderTimes(spec, json);
  if (spec.usage_mode) json->Field("usage_mode", true);
}

std::string RenderQuerySpec(const QuerySpec& spec) {
  JsonWriter json;
  json.BeginObject();
  RenderQuerySpec(spec, &json);
  json.EndObject();
  return json.Take();
}

}  // namespace skep
