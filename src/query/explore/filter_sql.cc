// SPDX-License-Identifier: Apache-2.0
#include "query/explore/filter_sql.h"

#include <fmt/format.h>

#include <charconv>
#include <cmath>

#include "base/hex.h"
#include "model/ids.h"
#include "query/expression/number_text.h"

namespace skep {
namespace {

constexpr int64_t kExactMax = int64_t{1} << 53;  // whole numbers up to here are exact as doubles

std::string TextOf(const SpecValue& value) {
  if (const auto* flag = std::get_if<bool>(&value)) return *flag ? "true" : "false";
  if (const auto* whole = std::get_if<int64_t>(&value)) return fmt::format("{}", *whole);
  if (const auto* real = std::get_if<double>(&value)) return FloatText(*real);
  if (const auto* text = std::get_if<std::string>(&value)) return *text;
  return {};
}

std::optional<double> NumberOf(const SpecValue& value) {
  if (const auto* whole = std::get_if<int64_t>(&value)) return static_cast<double>(*whole);
  if (const auto* real = std::get_if<double>(&value)) return *real;
  return std::nullopt;
}

// Whether a number or a bool could have this canonical text. If not, only text needs to be read.
bool CouldBeNoText(std::string_view text) {
  if (text == "true" || text == "false" || text == "nan" || text == "inf" || text == "-inf")
    return true;
  double number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  return !text.empty() && end == text.data() + text.size() && error != std::errc::invalid_argument;
}

template <size_t kSize>
bool AppendIdEquals(SqlText column, std::string_view text, SqlWriter* sql) {
  Id<kSize> id;
  if (text.size() != 2 * kSize || !DecodeHex(text, id.bytes.data(), kSize)) return false;
  // Zeros say that there is none, and what is shown has small letters.
  if (id.empty() || id.Hex() != text)
    sql->Sql("false");
  else
    sql->Sql(column).Sql(" = ").Bind(id);
  return true;
}

// Ids that stand in attributes are no hex, so that these never match one; the index is used.
bool AppendKnownId(std::string_view column, std::string_view text, SqlWriter* sql) {
  if (column == "trace.trace_id") return AppendIdEquals<16>("trace_id", text, sql);
  if (column == "trace.span_id") return AppendIdEquals<8>("span_id", text, sql);
  if (column == "trace.parent_id") return AppendIdEquals<8>("parent_id", text, sql);
  return false;
}

void AppendTextReading(std::string_view column, std::string_view text, const Fields& fields,
                       SqlWriter* sql) {
  if (CouldBeNoText(text))
    fields.Append(column, Reading::kText, sql);
  else
    fields.AppendTyped(column, ValueType::kString, sql);
}

void AppendEquals(std::string_view column, const SpecValue& value, const Fields& fields,
                  SqlWriter* sql) {
  if (const auto* flag = std::get_if<bool>(&value)) {
    if (fields.TypesOf(column).Is(ValueType::kBool) && fields.HasWords(column))
      return fields.AppendIsWord(column, TextOf(value), sql);
    fields.Append(column, Reading::kTruth, sql);
    sql->Sql(*flag ? SqlText(" = true") : SqlText(" = false"));
    return;
  }
  const auto* whole = std::get_if<int64_t>(&value);
  const bool exact = whole == nullptr || (*whole <= kExactMax && *whole >= -kExactMax);
  if (const std::optional<double> number = NumberOf(value); number && exact) {
    fields.Append(column, Reading::kNumber, sql);
    sql->Sql(" = ").Bind(*number);
    return;
  }
  const std::string text = TextOf(value);
  if (AppendKnownId(column, text, sql)) return;
  if (fields.HasWords(column)) return fields.AppendIsWord(column, text, sql);
  AppendTextReading(column, text, fields, sql);
  sql->Sql(" = ").Bind(text);
}

void AppendCompare(const SpecFilter& filter, SqlText op, const Fields& fields, SqlWriter* sql) {
  if (const std::optional<double> number = NumberOf(filter.values.front())) {
    fields.Append(filter.column, Reading::kNumber, sql);
    sql->Sql(op).Bind(*number);
    return;
  }
  fields.Append(filter.column, Reading::kText, sql);
  sql->Sql(op).Bind(TextOf(filter.values.front()));
}

void AppendTextTest(const SpecFilter& filter, SqlText function, SqlText end, const Fields& fields,
                    SqlWriter* sql) {
  const std::string text = TextOf(filter.values.front());
  sql->Sql(function);
  fields.Append(filter.column, Reading::kText, sql);
  sql->Sql(", ").Bind(text).Sql(end);
}

// Numbers in one set, text in another one; what is neither (a bool), an id or a known word by
// itself.
void AppendIn(const SpecFilter& filter, const Fields& fields, SqlWriter* sql) {
  std::vector<double> numbers;
  std::vector<std::string> texts;
  std::vector<SpecValue> others;
  bool only_text = true;
  const bool by_itself = filter.column.starts_with("trace.") || fields.HasWords(filter.column);
  for (const SpecValue& value : filter.values) {
    const auto* text = std::get_if<std::string>(&value);
    const auto* whole = std::get_if<int64_t>(&value);
    const bool exact = whole == nullptr || (*whole <= kExactMax && *whole >= -kExactMax);
    if (const auto number = NumberOf(value); number && exact) {
      numbers.push_back(*number);
    } else if (text != nullptr && !by_itself) {
      only_text = only_text && !CouldBeNoText(*text);
      texts.push_back(*text);
    } else {
      others.push_back(value);
    }
  }
  bool first = true;
  const auto separate = [&] {
    if (!first) sql->Sql(" OR ");
    first = false;
  };
  if (!numbers.empty()) {
    separate();
    fields.Append(filter.column, Reading::kNumber, sql);
    sql->Sql(" IN ").BindArray(numbers);
  }
  if (!texts.empty()) {
    separate();
    if (only_text)
      fields.AppendTyped(filter.column, ValueType::kString, sql);
    else
      fields.Append(filter.column, Reading::kText, sql);
    sql->Sql(" IN ").BindArray(texts);
  }
  for (const SpecValue& value : others) {
    separate();
    AppendEquals(filter.column, value, fields, sql);
  }
  if (first) sql->Sql("false");
}

bool IsNegative(SpecFilterOp op) {
  return op == SpecFilterOp::kNotEqual || op == SpecFilterOp::kDoesNotStartWith ||
         op == SpecFilterOp::kDoesNotEndWith || op == SpecFilterOp::kDoesNotContain ||
         op == SpecFilterOp::kDoesNotExist || op == SpecFilterOp::kNotIn;
}

// The positive form of the operator.
void AppendPositive(const SpecFilter& filter, const Fields& fields, SqlWriter* sql) {
  switch (filter.op) {
    case SpecFilterOp::kEqual:
    case SpecFilterOp::kNotEqual:
      return AppendEquals(filter.column, filter.values.front(), fields, sql);
    case SpecFilterOp::kGreater:
      return AppendCompare(filter, " > ", fields, sql);
    case SpecFilterOp::kGreaterOrEqual:
      return AppendCompare(filter, " >= ", fields, sql);
    case SpecFilterOp::kLess:
      return AppendCompare(filter, " < ", fields, sql);
    case SpecFilterOp::kLessOrEqual:
      return AppendCompare(filter, " <= ", fields, sql);
    case SpecFilterOp::kStartsWith:
    case SpecFilterOp::kDoesNotStartWith:
      return AppendTextTest(filter, "startsWith(", ")", fields, sql);
    case SpecFilterOp::kEndsWith:
    case SpecFilterOp::kDoesNotEndWith:
      return AppendTextTest(filter, "endsWith(", ")", fields, sql);
    case SpecFilterOp::kContains:
    case SpecFilterOp::kDoesNotContain:
      return AppendTextTest(filter, "position(", ") > 0", fields, sql);
    case SpecFilterOp::kExists:
    case SpecFilterOp::kDoesNotExist:
      return fields.AppendExists(filter.column, sql);
    case SpecFilterOp::kIn:
    case SpecFilterOp::kNotIn:
      return AppendIn(filter, fields, sql);
  }
}

}  // namespace

void AppendFilter(const SpecFilter& filter, const Fields& fields, SqlWriter* sql) {
  switch (filter.kind) {
    case SpecFilter::Kind::kAnd:
      return AppendFilters(filter.parts, false, fields, sql);
    case SpecFilter::Kind::kOr:
      return AppendFilters(filter.parts, true, fields, sql);
    case SpecFilter::Kind::kNot:
      sql->Sql("NOT ifNull(");
      AppendFilter(filter.parts.front(), fields, sql);
      sql->Sql(", false)");
      return;
    case SpecFilter::Kind::kCondition:
      break;
  }
  const bool negative = IsNegative(filter.op);
  sql->Sql(negative ? SqlText("NOT ifNull(") : SqlText("("));
  AppendPositive(filter, fields, sql);
  sql->Sql(negative ? SqlText(", false)") : SqlText(")"));
}

void AppendFilters(const std::vector<SpecFilter>& filters, bool any, const Fields& fields,
                   SqlWriter* sql) {
  if (filters.empty()) {
    sql->Sql("true");
    return;
  }
  sql->Sql("(");
  for (size_t i = 0; i < filters.size(); ++i) {
    if (i > 0) sql->Sql(any ? SqlText(" OR ") : SqlText(" AND "));
    AppendFilter(filters[i], fields, sql);
  }
  sql->Sql(")");
}

}  // namespace skep
