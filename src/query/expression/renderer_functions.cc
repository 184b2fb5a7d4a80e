// SPDX-License-Identifier: Apache-2.0
// Functions that make numbers and text.
#include "query/expression/bucket.h"
#include "query/expression/check.h"
#include "query/expression/number_text.h"
#include "query/expression/regex.h"
#include "query/expression/renderer.h"
#include "query/expression/time_format.h"
#include "query/expression/unix_time.h"

namespace skep {

void ExpressionRenderer::Arithmetic(const Expression& call) {
  const auto& arguments = call.arguments;
  const auto number = [&](size_t i) { Read(arguments[i], Reading::kNumber); };
  // SQL's * / % bind alike, as do + and -.
  const auto between = [&](SqlText op) {
    sql_->Sql("(");
    for (size_t i = 0; i < arguments.size(); ++i) {
      if (i > 0) sql_->Sql(op);
      number(i);
    }
    sql_->Sql(")");
  };
  const auto divided = [&](SqlText op) {
    sql_->Sql("(");
    number(0);
    sql_->Sql(op).Sql("nullIf(");
    number(1);
    sql_->Sql(", 0))");
  };
  switch (call.function) {
    case Function::kSum:
      return between(" + ");
    case Function::kSub:
      return between(" - ");
    case Function::kMul:
      return between(" * ");
    case Function::kDiv:
      return divided(" / ");
    case Function::kMod:
      return divided(" % ");
    case Function::kLog10:
      sql_->Sql("log10(nullIf(greatest(");
      number(0);
      sql_->Sql(", 0), 0))");
      return;
    case Function::kFloat:
      return number(0);
    case Function::kUnixTimestamp:
      sql_->Sql("(toUnixTimestamp64Nano(parseDateTime64BestEffortOrNull(extract(");
      Part(arguments[0], ValueType::kString);
      sql_->Sql(", ").Bind(kUnixTimePattern).Sql("), 9, 'UTC')) / 1e9)");
      return;
    default: {
      sql_->Sql("(toUnixTimestamp64Nano(");
      if (call.function == Function::kEventTimestamp) columns_->AppendEventTime(sql_);
      if (call.function == Function::kIngestTimestamp) columns_->AppendIngestTime(sql_);
      sql_->Sql(") / 1e9)");
    }
  }
}

void ExpressionRenderer::LeastItem(const Expression& argument, ValueClass value_class) {
  switch (value_class) {
    case ValueClass::kNumber:
      return Read(argument, Reading::kNumberProper);
    case ValueClass::kBool:
      return Part(argument, ValueType::kBool);
    case ValueClass::kText:
      sql_->Sql("nullIf(");
      Part(argument, ValueType::kString);
      sql_->Sql(", '')");
      return;
  }
}

// Whether the first argument that has a value is of this class.
void ExpressionRenderer::FirstIsOf(const Expression& call, ValueClass value_class) {
  const TypeSet wanted = TypesIn(value_class);
  sql_->Sql("multiIf(");
  for (const Expression& argument : call.arguments) {
    const TypeSet types = types_.Of(argument);
    Read(argument, Reading::kHasValue);
    sql_->Sql(", ");
    if ((types & wanted) == types) {
      sql_->Sql("true");
    } else if ((types & wanted).IsEmpty()) {
      sql_->Sql("false");
    } else if (value_class == ValueClass::kNumber) {
      sql_->Sql("isNotNull(");
      Read(argument, Reading::kNumberProper);
      sql_->Sql(")");
    } else {
      sql_->Sql("isNotNull(");
      Part(argument, value_class == ValueClass::kText ? ValueType::kString : ValueType::kBool);
      sql_->Sql(")");
    }
    sql_->Sql(", ");
  }
  sql_->Sql("false)");
}

// least and greatest pass over nulls.
void ExpressionRenderer::Least(const Expression& call, ValueType type) {
  const ValueClass value_class = type == ValueType::kString ? ValueClass::kText
                                 : type == ValueType::kBool ? ValueClass::kBool
                                                            : ValueClass::kNumber;
  const TypeSet wanted = TypesIn(value_class);
  TypeSet all;
  size_t count = 0;
  for (const Expression& argument : call.arguments) {
    all |= types_.Of(argument);
    if (!(types_.Of(argument) & wanted).IsEmpty()) ++count;
  }
  const bool is_mixed = (all & wanted) != all;
  if (type == ValueType::kBool) sql_->Sql("toBool(");
  if (is_mixed) {
    sql_->Sql("if(");
    FirstIsOf(call, value_class);
    sql_->Sql(", ");
  }
  if (count > 1) Either(call.function == Function::kMin, "least(", "greatest(");
  bool is_first = true;
  for (const Expression& argument : call.arguments) {
    if ((types_.Of(argument) & wanted).IsEmpty()) continue;
    if (!is_first) sql_->Sql(", ");
    is_first = false;
    LeastItem(argument, value_class);
  }
  if (count > 1) sql_->Sql(")");
  if (is_mixed) sql_->Sql(", NULL)");
  if (type == ValueType::kBool) sql_->Sql(")");
}

void ExpressionRenderer::Bucket(const Expression& call) {
  const auto& arguments = call.arguments;
  const auto bound = [&](size_t i) {
    return i < arguments.size() ? std::optional<double>(NumberLiteral(arguments[i])) : std::nullopt;
  };
  const Buckets buckets = MakeBuckets(*bound(1), bound(2), bound(3));
  const auto number = [&] { Read(arguments[0], Reading::kNumberProper); };
  // A null is in no bucket: all of these are then null, and so is the label.
  const auto edge = [&](double behind) {
    sql_->Sql("((").Bind(buckets.origin).Sql(" + (ceil((");
    number();
    sql_->Sql(" * ").Bind(buckets.scale).Sql(" - ").Bind(buckets.origin).Sql(") / ");
    sql_->Bind(buckets.width).Sql(") + ").Bind(behind).Sql(") * ").Bind(buckets.width);
    sql_->Sql(") / ").Bind(buckets.scale).Sql(")");
  };
  if (buckets.min) {
    sql_->Sql("multiIf(");
    number();
    sql_->Sql(" < ").Bind(*buckets.min).Sql(", ").Bind("< " + FloatText(*buckets.min)).Sql(", ");
    number();
    sql_->Sql(" = ").Bind(*buckets.min).Sql(", ").Bind(BucketLabel(buckets, *buckets.min));
    sql_->Sql(", ");
  }
  if (buckets.max) {
    number();
    sql_->Sql(" > ").Bind(*buckets.max).Sql(", ").Bind("> " + FloatText(*buckets.max)).Sql(", ");
  }
  sql_->Sql("concat(toString(");
  edge(-1);
  sql_->Sql("), ' - ', toString(");
  if (buckets.max) sql_->Sql("least(");
  edge(0);
  if (buckets.max) sql_->Sql(", ").Bind(*buckets.max).Sql(")");
  sql_->Sql("))");
  if (buckets.min) sql_->Sql(")");
}

void ExpressionRenderer::Time(const Expression& seconds) {
  sql_->Sql("toDateTime64(accurateCastOrNull(floor(");
  Read(seconds, Reading::kNumberOrNull);
  sql_->Sql("), 'Int64'), 0, 'UTC')");
}

void ExpressionRenderer::FormattedTime(const Expression& call) {
  const auto format = ParseTimeFormat(TextLiteral(call.arguments[0]));
  const Expression& seconds = call.arguments[1];
  const auto wrapped = [&](SqlText before, SqlText after) {
    sql_->Sql(before);
    Time(seconds);
    sql_->Sql(after);
  };
  // concat takes two arguments at least, and an empty format still has a time that may be null.
  sql_->Sql("concat('', formatDateTime(");
  Time(seconds);
  sql_->Sql(", '')");
  for (const TimePiece& piece : format->pieces) {
    sql_->Sql(", ");
    switch (piece.kind) {
      case TimePiece::Kind::kEngine:
        sql_->Sql("formatDateTime(");
        Time(seconds);
        sql_->Sql(", ").Bind(std::string_view(piece.text)).Sql(")");
        break;
      case TimePiece::Kind::kEpoch:
        wrapped("toString(toInt64(toUnixTimestamp64Second(", ")))");
        break;
      case TimePiece::Kind::kDay:
        wrapped("leftPad(toString(toDayOfMonth(", ")), 2, ' ')");
        break;
      case TimePiece::Kind::kHour:
        wrapped("leftPad(toString(toHour(", ")), 2, ' ')");
        break;
      case TimePiece::Kind::kHour12:
        wrapped("leftPad(toString((toHour(", ") + 11) % 12 + 1), 2, ' ')");
        break;
      case TimePiece::Kind::kMeridiem:
        wrapped("lower(formatDateTime(", ", '%p'))");
        break;
      case TimePiece::Kind::kWeekSunday:
        wrapped("leftPad(toString(intDiv(toDayOfYear(", ") + 6 - toDayOfWeek(");
        wrapped("", ") % 7, 7)), 2, '0')");
        break;
      case TimePiece::Kind::kWeekMonday:
        wrapped("leftPad(toString(intDiv(toDayOfYear(", ") + 7 - toDayOfWeek(");
        wrapped("", "), 7)), 2, '0')");
        break;
    }
  }
  sql_->Sql(")");
}

void ExpressionRenderer::Length(const Expression& call) {
  const Expression& text = call.arguments[0];
  if (!types_.Of(text).Has(ValueType::kString)) {
    sql_->Sql("toInt64(0)");
    return;
  }
  const bool in_bytes = call.arguments.size() == 2 && TextLiteral(call.arguments[1]) == "bytes";
  Either(in_bytes, "toInt64(ifNull(length(", "toInt64(ifNull(if(isValidUTF8(");
  Part(text, ValueType::kString);
  if (!in_bytes) {
    sql_->Sql("), lengthUTF8(");
    Part(text, ValueType::kString);
    sql_->Sql("), 0");
  }
  sql_->Sql("), 0))");
}

void ExpressionRenderer::Regex(const Expression& call) {
  const Expression& text = call.arguments[0];
  const std::string pattern = ExpressionRegex::ForEngine(TextLiteral(call.arguments[1]));
  const auto applied = [&](SqlText function) {
    sql_->Sql(function);
    Part(text, ValueType::kString);
    sql_->Sql(", ").Bind(std::string_view(pattern)).Sql(")");
  };
  if (call.function == Function::kRegValue) {
    applied("if(match(");
    applied(", extract(");
    sql_->Sql(", NULL)");
    return;
  }
  if (!types_.Of(text).Has(ValueType::kString)) {
    sql_->Sql("toInt64(0)");
    return;
  }
  applied("toInt64(ifNull(countMatches(");
  sql_->Sql(", 0))");
}

}  // namespace skep
