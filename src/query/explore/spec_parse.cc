// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <span>

#include "query/explore/spec_json.h"

namespace skep {
namespace {

constexpr size_t kListMax = 100;       // Honeycomb's, of every list of a query
constexpr size_t kValuesMax = 10'000;  // of one in or not-in
constexpr size_t kNameBytesMax = 1024;
constexpr size_t kErrorsMax = 100;  // that are said of one query
constexpr size_t kErrorFieldBytesMax = 512;
constexpr int64_t kLimitMax = 10'000;
constexpr int64_t kSecondsMax = 8'000'000'000;  // the year 2223: nanoseconds still fit

constexpr auto kInvalid = SpecErrorCode::kInvalid;
constexpr auto kMissing = SpecErrorCode::kMissing;
constexpr auto kIncorrectType = SpecErrorCode::kIncorrectType;
constexpr auto kAlreadyExists = SpecErrorCode::kAlreadyExists;

constexpr int64_t kCompareOffsets[] = {1800, 3600, 7200, 28800, 86400, 604800, 2419200, 15724800};

// A null member is one that is not there.
bool IsThere(const JsonView& json) { return json && json.type() != JsonType::kNull; }

std::string At(const std::string& field, size_t i) { return fmt::format("{}[{}]", field, i); }
std::string In(const std::string& field, std::string_view member) {
  return field.empty() ? std::string(member) : fmt::format("{}.{}", field, member);
}

bool TakesColumn(CalculationOp op) { return op != CalculationOp::kConcurrency; }
bool NeedsColumn(CalculationOp op) { return TakesColumn(op) && op != CalculationOp::kCount; }

class Parser {
 public:
  explicit Parser(SpecErrors* errors) : errors_(*errors) {}

  QuerySpec Spec(const JsonView& json);
  SpecFilter Filter(const JsonView& json, const std::string& field);

 private:
  void Fail(std::string field, SpecErrorCode code, std::string description) {
    if (errors_.size() == kErrorsMax) return;
    field.resize(std::min(field.size(), kErrorFieldBytesMax));  // it may have a client's name in it
    errors_.push_back({std::move(field), code, std::move(description), std::nullopt});
  }
  // Refuses what is no object and members that are none of these.
  bool Object(const JsonView& json, const std::string& field,
              std::span<const std::string_view> members);
  template <typename F>
  void List(const JsonView& json, const std::string& field, F&& each);
  std::optional<std::string> Text(const JsonView& json, const std::string& field, bool required);
  std::optional<int64_t> Whole(const JsonView& json, const std::string& field, int64_t min,
                               int64_t max);
  bool Flag(const JsonView& json, const std::string& field);
  bool AnyFilter(const JsonView& json, const std::string& field);
  SpecValue Value(const JsonView& json, const std::string& field);
  void Values(const JsonView& json, const std::string& field, SpecFilter* filter);
  Calculation OneCalculation(const JsonView& json, const std::string& field);
  std::optional<CalculationOp> Op(const JsonView& json, const std::string& field);
  SpecOrder Order(const JsonView& json, const std::string& field);
  SpecHaving Having(const JsonView& json, const std::string& field);
  template <typename T>
  void Expressions(const JsonView& json, const std::string& field, std::vector<T>* named);
  void Times(const JsonView& json, QuerySpec* spec);
  void CheckCalculations(const QuerySpec& spec);
  void CheckReferences(const QuerySpec& spec);

  SpecErrors& errors_;
};

bool Parser::Object(const JsonView& json, const std::string& field,
                    std::span<const std::string_view> members) {
  if (!json.IsObject()) {
    Fail(field, kIncorrectType, "must be an object");
    return false;
  }
  for (size_t i = 0; i < json.size(); ++i)
    if (std::find(members.begin(), members.end(), json.NameAt(i)) == members.end())
      Fail(In(field, json.NameAt(i)), kInvalid, "is not a part of a query");
  return true;
}

template <typename F>
void Parser::List(const JsonView& json, const std::string& field, F&& each) {
  if (!IsThere(json)) return;
  if (!json.IsArray()) return Fail(field, kIncorrectType, "must be an array");
  if (json.size() > kListMax)
    return Fail(field, kInvalid, fmt::format("may have {} entries at most", kListMax));
  for (size_t i = 0; i < json.size(); ++i) each(json.At(i), At(field, i));
}

std::optional<std::string> Parser::Text(const JsonView& json, const std::string& field,
                                        bool required) {
  if (!IsThere(json)) {
    if (required) Fail(field, kMissing, "is required");
    return std::nullopt;
  }
  if (!json.IsString()) {
    Fail(field, kIncorrectType, "must be text");
    return std::nullopt;
  }
  if (json.text().empty()) {
    if (required) Fail(field, kMissing, "cannot be blank");
    return std::nullopt;
  }
  return std::string(json.text());
}

std::optional<int64_t> Parser::Whole(const JsonView& json, const std::string& field, int64_t min,
                                     int64_t max) {
  if (!IsThere(json)) return std::nullopt;
  if (!json.IsNumber() || std::floor(json.float64()) != json.float64()) {
    Fail(field, kIncorrectType, "must be a whole number");
    return std::nullopt;
  }
  const int64_t number = json.int64(INT64_MIN);
  if (number < min || number > max) {
    Fail(field, kInvalid, fmt::format("must be from {} to {}", min, max));
    return std::nullopt;
  }
  return number;
}

bool Parser::Flag(const JsonView& json, const std::string& field) {
  if (IsThere(json) && json.type() != JsonType::kBool)
    Fail(field, kIncorrectType, "must be true or false");
  return json.boolean();
}

bool Parser::AnyFilter(const JsonView& json, const std::string& field) {
  const std::optional<std::string> text = Text(json, field, false);
  if (text && *text != "AND" && *text != "OR") Fail(field, kInvalid, "must be AND or OR");
  return text == "OR";
}

SpecValue Parser::Value(const JsonView& json, const std::string& field) {
  switch (json.type()) {
    case JsonType::kBool:
      return json.boolean();
    case JsonType::kInt64:
      return json.int64();
    case JsonType::kUInt64:
    case JsonType::kFloat64:
      if (std::isfinite(json.float64())) return json.float64();
      Fail(field, kInvalid, "must be finite");
      return 0.0;
    case JsonType::kString:
      return std::string(json.text());
    case JsonType::kNull:
      Fail(field, kMissing, "is required; exists and does-not-exist ask for fields without one");
      return {};
    case JsonType::kArray:
    case JsonType::kObject:
      Fail(field, kIncorrectType, "must be text, a number, true or false");
      return {};
  }
  return {};
}

void Parser::Values(const JsonView& json, const std::string& field, SpecFilter* filter) {
  const std::string at = In(field, "value");
  const JsonView value = json["value"];
  switch (filter->op) {
    case SpecFilterOp::kExists:
    case SpecFilterOp::kDoesNotExist:
      if (IsThere(value)) Fail(at, kInvalid, fmt::format("is not taken by {}", NameOf(filter->op)));
      return;
    case SpecFilterOp::kIn:
    case SpecFilterOp::kNotIn:
      if (!IsThere(value)) return Fail(at, kMissing, "is required");
      if (!value.IsArray()) return Fail(at, kIncorrectType, "must be an array");
      if (value.size() > kValuesMax)
        return Fail(at, kInvalid, fmt::format("may have {} entries at most", kValuesMax));
      for (size_t i = 0; i < value.size(); ++i)
        filter->values.push_back(Value(value.At(i), At(at, i)));
      return;
    default:
      break;
  }
  filter->values.push_back(Value(value, at));
  const bool is_bool = std::holds_alternative<bool>(filter->values.front());
  if (is_bool && filter->op != SpecFilterOp::kEqual && filter->op != SpecFilterOp::kNotEqual)
    Fail(at, kIncorrectType, fmt::format("cannot be true or false for {}", NameOf(filter->op)));
}

SpecFilter Parser::Filter(const JsonView& json, const std::string& field) {
  SpecFilter filter;
  for (const auto& [name, kind] :
       {std::pair("and", SpecFilter::Kind::kAnd), std::pair("or", SpecFilter::Kind::kOr)}) {
    if (!json[name]) continue;
    const std::string_view members[] = {name};
    if (!Object(json, field, members)) return filter;
    filter.kind = kind;
    if (!json[name].IsArray()) Fail(In(field, name), kIncorrectType, "must be an array");
    List(json[name], In(field, name), [&](const JsonView& part, const std::string& at) {
      filter.parts.push_back(Filter(part, at));
    });
    return filter;
  }
  if (json["not"]) {
    constexpr std::string_view kMembers[] = {"not"};
    if (!Object(json, field, kMembers)) return filter;
    filter.kind = SpecFilter::Kind::kNot;
    filter.parts.push_back(Filter(json["not"], In(field, "not")));
    return filter;
  }
  constexpr std::string_view kMembers[] = {"column", "op", "value"};
  if (!Object(json, field, kMembers)) return filter;
  filter.column = Text(json["column"], In(field, "column"), true).value_or("");
  if (filter.column.size() > kNameBytesMax) Fail(In(field, "column"), kInvalid, "is too long");
  const std::optional<std::string> op = Text(json["op"], In(field, "op"), true);
  if (!op) return filter;
  if (const std::optional<SpecFilterOp> known = FilterOpOf(*op)) {
    filter.op = *known;
    Values(json, field, &filter);
  } else {
    Fail(In(field, "op"), kInvalid, fmt::format("{} is not an operator", *op));
  }
  return filter;
}

std::optional<CalculationOp> Parser::Op(const JsonView& json, const std::string& field) {
  const std::optional<std::string> name = Text(json, field, true);
  if (!name) return std::nullopt;
  const std::optional<CalculationOp> op = CalculationOpOf(*name);
  if (!op) Fail(field, kInvalid, fmt::format("{} is not a calculation", *name));
  return op;
}

Calculation Parser::OneCalculation(const JsonView& json, const std::string& field) {
  Calculation calculation;
  constexpr std::string_view kMembers[] = {"op", "column", "name", "filters", "filter_combination"};
  if (!Object(json, field, kMembers)) return calculation;
  const std::optional<CalculationOp> op = Op(json["op"], In(field, "op"));
  calculation.column = Text(json["column"], In(field, "column"), op && NeedsColumn(*op));
  if (op) {
    calculation.op = *op;
    if (calculation.column && !TakesColumn(*op))
      Fail(In(field, "column"), kInvalid, fmt::format("is not taken by {}", NameOf(*op)));
  }
  calculation.name = Text(json["name"], In(field, "name"), false).value_or("");
  List(json["filters"], In(field, "filters"), [&](const JsonView& each, const std::string& at) {
    calculation.filters.push_back(Filter(each, at));
  });
  calculation.any_filter = AnyFilter(json["filter_combination"], In(field, "filter_combination"));
  return calculation;
}

SpecOrder Parser::Order(const JsonView& json, const std::string& field) {
  SpecOrder order;
  constexpr std::string_view kMembers[] = {"column", "op", "order"};
  if (!Object(json, field, kMembers)) return order;
  order.column = Text(json["column"], In(field, "column"), false);
  if (IsThere(json["op"])) order.op = Op(json["op"], In(field, "op"));
  if (!order.column && !IsThere(json["op"])) Fail(field, kMissing, "needs a column or an op");
  const std::optional<std::string> way = Text(json["order"], In(field, "order"), false);
  if (way && *way != "ascending" && *way != "descending")
    Fail(In(field, "order"), kInvalid, "must be ascending or descending");
  order.descending = way == "descending";
  return order;
}

SpecHaving Parser::Having(const JsonView& json, const std::string& field) {
  SpecHaving having;
  constexpr std::string_view kMembers[] = {"calculate_op", "column", "op", "value"};
  if (!Object(json, field, kMembers)) return having;
  if (const auto op = Op(json["calculate_op"], In(field, "calculate_op"))) {
    having.op = *op;
    if (*op == CalculationOp::kHeatmap)
      Fail(In(field, "calculate_op"), kInvalid, "a HEATMAP cannot be compared");
  }
  having.column = Text(json["column"], In(field, "column"), false);
  const std::optional<std::string> compare = Text(json["op"], In(field, "op"), true);
  const std::optional<SpecFilterOp> known = compare ? FilterOpOf(*compare) : std::nullopt;
  if (compare && (!known || *known > SpecFilterOp::kLessOrEqual))
    Fail(In(field, "op"), kInvalid, "must be =, !=, >, >=, < or <=");
  having.compare = known.value_or(SpecFilterOp::kEqual);
  const JsonView value = json["value"];
  if (!IsThere(value))
    Fail(In(field, "value"), kMissing, "is required");
  else if (!value.IsNumber() || !std::isfinite(value.float64()))
    Fail(In(field, "value"), kIncorrectType, "must be a number");
  having.value = value.float64();
  return having;
}

template <typename T>
void Parser::Expressions(const JsonView& json, const std::string& field, std::vector<T>* named) {
  List(json, field, [&](const JsonView& each, const std::string& at) {
    constexpr std::string_view kMembers[] = {"name", "expression"};
    if (!Object(each, at, kMembers)) return;
    const auto name = Text(each["name"], In(at, "name"), true);
    const auto expression = Text(each["expression"], In(at, "expression"), true);
    if (!name || !expression) return;
    for (const T& other : *named)
      if (other.name == *name) Fail(In(at, "name"), kAlreadyExists, "is used twice");
    named->push_back({*name, *expression});
  });
}

void Parser::Times(const JsonView& json, QuerySpec* spec) {
  spec->start_time = Whole(json["start_time"], "start_time", 0, kSecondsMax);
  spec->end_time = Whole(json["end_time"], "end_time", 0, kSecondsMax);
  spec->time_range = Whole(json["time_range"], "time_range", 1, kSecondsMax);
  if (spec->start_time && spec->end_time && spec->time_range)
    Fail("time_range", kInvalid, "cannot stand with both start_time and end_time");
  const int64_t range = spec->time_range.value_or(QuerySpec::kDefaultRangeSeconds);
  int64_t length = range;
  if (spec->start_time && spec->end_time) {
    length = *spec->end_time - *spec->start_time;
    if (length <= 0) Fail("end_time", kInvalid, "must be after start_time");
  }
  spec->granularity = Whole(json["granularity"], "granularity", 0, kSecondsMax).value_or(0);
  if (spec->granularity > 0 && length > 0 &&
      (spec->granularity > length || length / spec->granularity > 1000))
    Fail("granularity", kInvalid,
         fmt::format("must be 0 or from {} to {} for this time range", (length + 999) / 1000,
                     length));
  spec->compare_time_offset_seconds =
      Whole(json["compare_time_offset_seconds"], "compare_time_offset_seconds", 0, kSecondsMax);
  if (!spec->compare_time_offset_seconds) return;
  const int64_t offset = *spec->compare_time_offset_seconds;
  if (std::find(std::begin(kCompareOffsets), std::end(kCompareOffsets), offset) ==
      std::end(kCompareOffsets))
    Fail("compare_time_offset_seconds", kInvalid,
         "must be 1800, 3600, 7200, 28800, 86400, 604800, 2419200 or 15724800");
  else if (offset < length)
    Fail("compare_time_offset_seconds", kInvalid, "must not be less than the time range");
}

void Parser::CheckCalculations(const QuerySpec& spec) {
  for (size_t i = 0; i < spec.calculations.size(); ++i)
    for (size_t j = 0; j < i; ++j)
      if (spec.calculations[i].Key() == spec.calculations[j].Key())
        return Fail(
            At("calculations", i), kAlreadyExists,
            fmt::format("{} is calculated twice; name one of them", spec.calculations[i].Key()));
  for (size_t i = 0; i < spec.breakdowns.size(); ++i)
    if (std::find(spec.breakdowns.begin(), spec.breakdowns.begin() + static_cast<ptrdiff_t>(i),
                  spec.breakdowns[i]) != spec.breakdowns.begin() + static_cast<ptrdiff_t>(i))
      Fail(At("breakdowns", i), kAlreadyExists, "is broken down by twice");
}

// Orders and havings speak of what the query has.
void Parser::CheckReferences(const QuerySpec& spec) {
  const auto calculates = [&](CalculationOp op, const std::optional<std::string>& column) {
    const Calculation count;
    const auto same = [&](const Calculation& each) {
      return each.op == op && each.column == column;
    };
    if (spec.calculations.empty()) return same(count);
    return std::any_of(spec.calculations.begin(), spec.calculations.end(), same);
  };
  const auto is_name = [&](const std::string& name) {
    const auto named = [&](const auto& each) { return each.name == name; };
    return std::find(spec.breakdowns.begin(), spec.breakdowns.end(), name) !=
               spec.breakdowns.end() ||
           std::any_of(spec.calculations.begin(), spec.calculations.end(), named) ||
           std::any_of(spec.formulas.begin(), spec.formulas.end(), named);
  };
  for (size_t i = 0; i < spec.orders.size(); ++i) {
    const SpecOrder& order = spec.orders[i];
    if (order.op == CalculationOp::kHeatmap)
      Fail(In(At("orders", i), "op"), kInvalid, "a HEATMAP has no order");
    else if (order.op && !calculates(*order.op, order.column))
      Fail(At("orders", i), kInvalid, "names no calculation of this query");
    else if (!order.op && order.column && !is_name(*order.column))
      Fail(In(At("orders", i), "column"), kInvalid,
           "names no breakdown, calculation or formula of this query");
  }
  for (size_t i = 0; i < spec.havings.size(); ++i)
    if (!calculates(spec.havings[i].op, spec.havings[i].column))
      Fail(At("havings", i), kInvalid, "names no calculation of this query");
}

QuerySpec Parser::Spec(const JsonView& json) {
  QuerySpec spec;
  // `id` and the chart's settings come back with what a server has answered.
  constexpr std::string_view kMembers[] = {"calculations",
                                           "filters",
                                           "filter_combination",
                                           "breakdowns",
                                           "orders",
                                           "havings",
                                           "limit",
                                           "calculated_fields",
                                           "formulas",
                                           "start_time",
                                           "end_time",
                                           "time_range",
                                           "granularity",
                                           "id",
                                           "usage_mode",
                                           "compare_time_offset_seconds"};
  if (!Object(json, "", kMembers)) return spec;
  List(json["calculations"], "calculations", [&](const JsonView& each, const std::string& at) {
    spec.calculations.push_back(OneCalculation(each, at));
  });
  List(json["filters"], "filters", [&](const JsonView& each, const std::string& at) {
    spec.filters.push_back(Filter(each, at));
  });
  spec.any_filter = AnyFilter(json["filter_combination"], "filter_combination");
  List(json["breakdowns"], "breakdowns", [&](const JsonView& each, const std::string& at) {
    if (auto name = Text(each, at, true)) spec.breakdowns.push_back(std::move(*name));
  });
  List(json["orders"], "orders", [&](const JsonView& each, const std::string& at) {
    spec.orders.push_back(Order(each, at));
  });
  List(json["havings"], "havings", [&](const JsonView& each, const std::string& at) {
    spec.havings.push_back(Having(each, at));
  });
  if (const auto limit = Whole(json["limit"], "limit", 1, kLimitMax))
    spec.limit = static_cast<uint32_t>(*limit);
  Expressions(json["calculated_fields"], "calculated_fields", &spec.calculated_fields);
  Expressions(json["formulas"], "formulas", &spec.formulas);
  Times(json, &spec);
  spec.usage_mode = Flag(json["usage_mode"], "usage_mode");
  if (errors_.empty()) {
    CheckCalculations(spec);
    CheckReferences(spec);
  }
  return spec;
}

}  // namespace

std::optional<QuerySpec> ParseQuerySpec(const JsonView& json, SpecErrors* errors) {
  errors->clear();
  QuerySpec spec = Parser(errors).Spec(json);
  if (!errors->empty()) return std::nullopt;
  return spec;
}

std::optional<QuerySpec> ParseQuerySpec(std::string_view text, SpecErrors* errors) {
  const Result<JsonDocument> document = JsonDocument::Parse(text);
  if (document) return ParseQuerySpec(document->root(), errors);
  errors->assign({{"", SpecErrorCode::kInvalid, document.error().message, std::nullopt}});
  return std::nullopt;
}

std::optional<SpecFilter> ParseSpecFilter(const JsonView& json, const std::string& field,
                                          SpecErrors* errors) {
  const size_t before = errors->size();
  SpecFilter filter = Parser(errors).Filter(json, field);
  if (errors->size() != before) return std::nullopt;
  return filter;
}

}  // namespace skep
