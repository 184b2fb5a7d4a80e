// SPDX-License-Identifier: Apache-2.0
// For the property test: whether a row passes filters, and the other spans of a trace that a
// relational prefix means. Only tests use it.
#pragma once

#include <algorithm>

#include "query/explore/naive_rows.h"

namespace skep::naive {

// What fmt and the engine write for the numbers that the test makes up.
inline std::string TextOfSpec(const SpecValue& value) {
  if (const auto* flag = std::get_if<bool>(&value)) return *flag ? "true" : "false";
  if (const auto* whole = std::get_if<int64_t>(&value)) return fmt::format("{}", *whole);
  if (const auto* real = std::get_if<double>(&value)) return fmt::format("{}", *real);
  if (const auto* text = std::get_if<std::string>(&value)) return *text;
  return {};
}

inline std::optional<double> NumberOfSpec(const SpecValue& value) {
  if (const auto* whole = std::get_if<int64_t>(&value)) return static_cast<double>(*whole);
  if (const auto* real = std::get_if<double>(&value)) return *real;
  return std::nullopt;
}

// A number is compared with numbers, text with text, a bool with truth. An integer that no float
// holds is compared by its digits.
inline bool Equals(const Row& row, std::string_view column, const SpecValue& value,
                   const Names& names) {
  if (const auto* flag = std::get_if<bool>(&value)) return names.Truth(row, column) == *flag;
  const auto* whole = std::get_if<int64_t>(&value);
  const bool is_exact = whole == nullptr || std::abs(*whole) <= int64_t{1} << 53;
  const auto number = NumberOfSpec(value);
  if (number && is_exact) return names.Number(row, column) == *number;
  return names.Text(row, column) == TextOfSpec(value);
}

inline bool Positive(const SpecFilter& filter, const Row& row, const Names& names) {
  const auto text = names.Text(row, filter.column);
  const auto any = [&] {
    return std::any_of(filter.values.begin(), filter.values.end(), [&](const SpecValue& value) {
      return Equals(row, filter.column, value, names);
    });
  };
  const auto order = [&]() -> std::optional<int> {
    const SpecValue& value = filter.values.front();
    if (const auto limit = NumberOfSpec(value)) {
      const auto number = names.Number(row, filter.column);
      if (!number) return std::nullopt;
      return *number < *limit ? -1 : *number > *limit ? 1 : 0;
    }
    return text ? std::optional(text->compare(TextOfSpec(value))) : std::nullopt;
  };
  const auto part = [&] { return TextOfSpec(filter.values.front()); };
  switch (filter.op) {
    case SpecFilterOp::kGreater:
      return order().value_or(0) > 0;
    case SpecFilterOp::kGreaterOrEqual:
      return order().value_or(-1) >= 0;
    case SpecFilterOp::kLess:
      return order().value_or(0) < 0;
    case SpecFilterOp::kLessOrEqual:
      return order().value_or(1) <= 0;
    case SpecFilterOp::kStartsWith:
    case SpecFilterOp::kDoesNotStartWith:
      return text && text->starts_with(part());
    case SpecFilterOp::kEndsWith:
    case SpecFilterOp::kDoesNotEndWith:
      return text && text->ends_with(part());
    case SpecFilterOp::kContains:
    case SpecFilterOp::kDoesNotContain:
      return text && text->find(part()) != std::string::npos;
    case SpecFilterOp::kExists:
    case SpecFilterOp::kDoesNotExist:
      return text.has_value();
    default:
      return any();
  }
}

inline bool Passes(const std::vector<SpecFilter>& filters, bool any, const Row& row,
                   const Names& names);

inline bool Passes(const SpecFilter& filter, const Row& row, const Names& names) {
  switch (filter.kind) {
    case SpecFilter::Kind::kAnd:
      return Passes(filter.parts, false, row, names);
    case SpecFilter::Kind::kOr:
      return Passes(filter.parts, true, row, names);
    case SpecFilter::Kind::kNot:
      return !Passes(filter.parts.front(), row, names);
    case SpecFilter::Kind::kCondition:
      break;
  }
  switch (filter.op) {
    case SpecFilterOp::kNotEqual:
    case SpecFilterOp::kDoesNotStartWith:
    case SpecFilterOp::kDoesNotEndWith:
    case SpecFilterOp::kDoesNotContain:
    case SpecFilterOp::kDoesNotExist:
    case SpecFilterOp::kNotIn:
      return !Positive(filter, row, names);
    default:
      return Positive(filter, row, names);
  }
}

// No filters pass everything.
inline bool Passes(const std::vector<SpecFilter>& filters, bool any, const Row& row,
                   const Names& names) {
  const auto passes = [&](const SpecFilter& filter) { return Passes(filter, row, names); };
  if (filters.empty()) return true;
  return any ? std::any_of(filters.begin(), filters.end(), passes)
             : std::all_of(filters.begin(), filters.end(), passes);
}

// The filters of one relation, without its prefix.
inline std::vector<SpecFilter> Of(Relation relation, const std::vector<SpecFilter>& filters) {
  std::vector<SpecFilter> of;
  for (const SpecFilter& filter : filters) {
    const bool is_condition = filter.kind == SpecFilter::Kind::kCondition;
    const RelatedName related =
        is_condition ? SplitRelation(filter.column) : RelatedName{Relation::kSelf, {}};
    if (related.relation != relation) continue;
    of.push_back(filter);
    if (is_condition) of.back().column = std::string(related.name);
  }
  return of;
}

// The spans that a prefix means for this row and that pass all filters with it: the earliest first.
inline std::vector<const Row*> RelatedSpans(const std::vector<Row>& rows, const Row& row,
                                            Relation relation,
                                            const std::vector<SpecFilter>& filters,
                                            const Names& names) {
  std::vector<const Row*> found;
  if (row.trace == 0) return found;
  for (const Row& other : rows) {
    if (other.signal != Signal::kSpan || other.trace != row.trace) continue;
    bool is_meant = true;
    if (relation == Relation::kRoot) is_meant = other.parent == 0;
    if (relation == Relation::kParent) is_meant = other.span == row.parent;
    if (relation == Relation::kChild) is_meant = other.parent != 0 && other.parent == row.span;
    if (relation >= Relation::kAny && relation <= Relation::kAny3) is_meant = &other != &row;
    if (is_meant && Passes(Of(relation, filters), false, other, names)) found.push_back(&other);
  }
  std::sort(found.begin(), found.end(), [](const Row* a, const Row* b) {
    return std::pair(a->time_ns, a->span) < std::pair(b->time_ns, b->span);
  });
  return found;
}

inline bool PassesWhere(const QuerySpec& spec, const std::vector<Row>& rows, const Row& row,
                        const Names& names) {
  if (!Passes(Of(Relation::kSelf, spec.filters), spec.any_filter, row, names)) return false;
  for (const Relation relation : {Relation::kRoot, Relation::kParent, Relation::kChild,
                                  Relation::kAny, Relation::kAny2, Relation::kAny3}) {
    if (!Of(relation, spec.filters).empty() &&
        RelatedSpans(rows, row, relation, spec.filters, names).empty())
      return false;
  }
  if (Of(Relation::kNone, spec.filters).empty()) return true;
  return row.trace != 0 && RelatedSpans(rows, row, Relation::kNone, spec.filters, names).empty();
}

}  // namespace skep::naive
