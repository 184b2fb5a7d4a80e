// SPDX-License-Identifier: Apache-2.0
#include "query/condition.h"

#include <fmt/format.h>

#include <charconv>
#include <cmath>
#include <functional>
#include <optional>

#include "base/clock.h"
#include "query/entry_fields.h"

namespace skep {
namespace {

// Records of a request that come before its entry (clocks differ) or after it.
constexpr int64_t kBeforeNs = 10 * kNsPerS;
constexpr int64_t kAfterNs = 60 * kNsPerS;

using Append = std::function<void(SqlWriter*)>;

Error Bad(std::string message) { return Error(Code::kInvalidArgument, std::move(message)); }

std::optional<double> NumberOf(const FilterTerm& term) {
  if (term.quoted) return std::nullopt;
  double number = 0;
  const char* end = term.value.data() + term.value.size();
  const auto [stop, error] = std::from_chars(term.value.data(), end, number);
  if (error != std::errc() || stop != end || !std::isfinite(number)) return std::nullopt;
  return number;
}

std::optional<SqlText> SignOf(FilterOp op) {
  switch (op) {
    case FilterOp::kEqual:
      return SqlText(" = ");
    case FilterOp::kNotEqual:
      return SqlText(" != ");
    case FilterOp::kGreater:
      return SqlText(" > ");
    case FilterOp::kGreaterEqual:
      return SqlText(" >= ");
    case FilterOp::kLess:
      return SqlText(" < ");
    case FilterOp::kLessEqual:
      return SqlText(" <= ");
    case FilterOp::kContains:
    case FilterOp::kExists:
      return std::nullopt;
  }
  return std::nullopt;
}

void AppendContains(const Append& text, std::string_view part, SqlWriter* sql) {
  sql->Sql("positionCaseInsensitiveUTF8(");
  text(sql);
  sql->Sql(", ").Bind(part).Sql(") > 0");
}

Status AppendTextTerm(const FilterTerm& term, const Append& text, SqlWriter* sql) {
  if (term.op == FilterOp::kContains) {
    AppendContains(text, term.value, sql);
    return {};
  }
  text(sql);
  if (term.op == FilterOp::kExists) {
    sql->Sql(" != ''");
    return {};
  }
  if (term.op != FilterOp::kEqual && term.op != FilterOp::kNotEqual)
    return Bad(term.field + " is text: it takes = != contains exists.");
  sql->Sql(*SignOf(term.op)).Bind(term.value);
  return {};
}

// `scale`: of one unit of the filter in units of the column.
Status AppendNumberTerm(const FilterTerm& term, const Append& number, double scale,
                        SqlWriter* sql) {
  if (term.op == FilterOp::kExists) {
    number(sql);
    sql->Sql(" != 0");
    return {};
  }
  const std::optional<double> value = NumberOf(term);
  const std::optional<SqlText> sign = SignOf(term.op);
  if (!value || !sign) return Bad(term.field + " takes a number after = != > >= < <=.");
  number(sql);
  sql->Sql(*sign).Bind(*value * scale);
  return {};
}

Status AppendErrorTerm(const FilterTerm& term, SqlWriter* sql) {
  bool wanted = term.op == FilterOp::kExists || term.value == "true" || term.value == "1";
  const bool known = wanted || term.value == "false" || term.value == "0";
  const bool equality =
      term.op == FilterOp::kEqual || term.op == FilterOp::kNotEqual || term.op == FilterOp::kExists;
  if (!known || !equality) return Bad("error is true or false.");
  if (term.op == FilterOp::kNotEqual) wanted = !wanted;
  sql->Sql(wanted ? SqlText("status = 'error'") : SqlText("status != 'error'"));
  return {};
}

// The attribute as text; empty if absent.
void AppendAttributeText(std::string_view path, SqlWriter* sql) {
  sql->Sql("ifNull(toString(").Attribute(path).Sql("), '')");
}

// Whether a value with this text cannot be a number or a truth value.
bool IsTextAlone(std::string_view text) {
  double number = 0;
  const char* end = text.data() + text.size();
  const bool is_number = std::from_chars(text.data(), end, number).ptr == end;
  return !is_number && text != "true" && text != "false";
}

Status AppendAttributeTerm(const FilterTerm& term, SqlWriter* sql) {
  const bool equality = term.op == FilterOp::kEqual || term.op == FilterOp::kNotEqual;
  if (equality && IsTextAlone(term.value)) {
    // The values of one type are read, and may have a column of their own.
    sql->Sql("ifNull(").Attribute(term.field, ValueType::kString);
    sql->Sql(*SignOf(term.op)).Bind(term.value);
    sql->Sql(term.op == FilterOp::kEqual ? SqlText(", 0)") : SqlText(", 1)"));
    return {};
  }
  const Append text = [&](SqlWriter* out) { AppendAttributeText(term.field, out); };
  const std::optional<double> number = NumberOf(term);
  const std::optional<SqlText> sign = SignOf(term.op);
  if (!sign) return AppendTextTerm(term, text, sql);
  if (!number) {
    text(sql);
    sql->Sql(*sign).Bind(term.value);
    // Otherwise a row without the attribute would be less than any text.
    if (term.op != FilterOp::kNotEqual) {
      sql->Sql(" AND ");
      text(sql);
      sql->Sql(" != ''");
    }
    return {};
  }
  // A row without the attribute is not equal to anything, and neither less nor more.
  sql->Sql("ifNull(toFloat64OrNull(");
  text(sql);
  sql->Sql(")").Sql(*sign).Bind(*number).Sql(", ");
  sql->Sql(term.op == FilterOp::kNotEqual ? SqlText("1") : SqlText("0")).Sql(")");
  return {};
}

class TermWriter {
 public:
  TermWriter(const FilterScope& scope, SqlWriter* sql)
      : project_(scope.project),
        range_(scope.range.Widened(kBeforeNs, kAfterNs)),
        by_evidence_(scope.by_evidence),
        sql_(sql) {}

  Status Append(const FilterTerm& term) {
    if (term.field.empty()) return AppendSearch(term.value);
    if (term.field == "service")
      return AppendTextTerm(term, [](SqlWriter* out) { out->Sql("toString(dataset)"); }, sql_);
    if (term.field == "route") return AppendTextTerm(term, AppendRoute, sql_);
    if (term.field == "method") return AppendTextTerm(term, AppendMethod, sql_);
    if (term.field == "status") return AppendNumberTerm(term, AppendStatusCode, 1, sql_);
    if (term.field == "duration_ms")
      return AppendNumberTerm(term, [](SqlWriter* out) { out->Sql("duration_ns"); }, 1e6, sql_);
    if (term.field == "error") return AppendErrorTerm(term, sql_);
    if (term.field == "user") return AppendUserTerm(term);
    if (term.field == "door") return AppendDoorTerm(term);
    return AppendAttributeTerm(term, sql_);
  }

 private:
  void AppendScope() { AppendProjectAndTime(project_, range_, sql_); }

  // `trace_id IN (...)`: traces with a line or an occurrence that meets `condition`, by its own id
  // or by a join.
  void AppendTracesOf(const skep::Append& condition) {
    sql_->Sql("trace_id IN (SELECT trace_id FROM events WHERE ");
    AppendScope();
    sql_->Sql(" AND trace_id != toFixedString('', 16) AND ");
    condition(sql_);
    sql_->Sql(")");
    if (!by_evidence_) return;
    sql_->Sql(" OR trace_id IN (SELECT trace_id FROM events WHERE ");
    AppendScope();
    sql_->Sql(" AND signal = 'join' AND ").Attribute("join.event_id", ValueType::kInt64);
    sql_->Sql(" IN (SELECT toInt64(event_id) FROM events WHERE ");
    AppendScope();
    sql_->Sql(" AND signal IN ('log', 'error') AND ");
    condition(sql_);
    sql_->Sql("))");
  }

  Status AppendSearch(std::string_view text) {
    AppendContains(AppendRoute, text, sql_);
    sql_->Sql(" OR ");
    AppendContains([](SqlWriter* out) { out->Sql("toString(name)"); }, text, sql_);
    sql_->Sql(" OR ");
    AppendTracesOf([&](SqlWriter* out) {
      out->Sql("(signal IN ('log', 'error') AND ");
      AppendContains([](SqlWriter* body) { body->Sql("body"); }, text, out);
      out->Sql(" OR signal = 'span_event' AND ");
      AppendContains([](SqlWriter* o) { AppendAttributeText("exception.message", o); }, text, out);
      out->Sql(")");
    });
    return {};
  }

  Status AppendUserTerm(const FilterTerm& term) {
    if (term.op == FilterOp::kNotEqual) return AppendTextTerm(term, AppendUser, sql_);
    SKEP_TRY(AppendTextTerm(term, AppendUser, sql_));
    sql_->Sql(" OR ");
    Status status;
    AppendTracesOf([&](SqlWriter* out) {
      out->Sql("(signal = 'error' AND ");
      status =
          AppendTextTerm(term, [](SqlWriter* o) { AppendAttributeText("enduser.id", o); }, out);
      out->Sql(")");
    });
    return status;
  }

  Status AppendDoorTerm(const FilterTerm& term) {
    bool known = false;
    for (const DoorName& door : kDoorNames) known = known || door.name == term.value;
    if (!known || (term.op != FilterOp::kEqual && term.op != FilterOp::kNotEqual))
      return Bad("door is = or != otlp, xray, cloudwatch, rollbar or honeycomb.");
    if (term.op == FilterOp::kNotEqual) sql_->Sql("NOT ");
    sql_->Sql("trace_id IN (SELECT trace_id FROM events WHERE ");
    AppendScope();
    sql_->Sql(" AND trace_id != toFixedString('', 16) AND (toString(door) = ").Bind(term.value);
    sql_->Sql(" OR signal = 'join' AND toString(").Attribute("join.role").Sql(") = 'host'");
    sql_->Sql(" AND toString(").Attribute("join.door").Sql(") = ").Bind(term.value);
    if (!by_evidence_) sql_->Sql(" AND toString(").Attribute("join.kind").Sql(") != 'evidence'");
    sql_->Sql("))");
    return {};
  }

  const std::string& project_;
  TimeRange range_;
  bool by_evidence_;
  SqlWriter* sql_;
};

}  // namespace

Status AppendFilter(const Filter& filter, const FilterScope& scope, SqlWriter* sql,
                    size_t* error_position) {
  TermWriter writer(scope, sql);
  for (const FilterTerm& term : filter.terms) {
    sql->Sql(" AND (");
    Status status = writer.Append(term);
    sql->Sql(")");
    if (status) continue;
    if (error_position != nullptr) *error_position = term.position;
    return status;
  }
  return {};
}

}  // namespace skep
