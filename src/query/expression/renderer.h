// SPDX-License-Identifier: Apache-2.0
// ExpressionRenderer: writes the parts of one expression (render.h says what a part is). Whoever
// consumes a value asks for a Reading of it, which goes through IF, SWITCH and COALESCE to their
// values, so that their conditions stand in the statement once and not once per type. Used by
// render.cc; owned by one call.
#pragma once

#include <initializer_list>
#include <string_view>

#include "base/result.h"
#include "query/expression/column_sql.h"
#include "query/expression/expression.h"
#include "query/expression/types.h"
#include "query/sql_writer.h"

namespace skep {

class ExpressionRenderer {
 public:
  enum class Reading : uint8_t {
    kTruth,         // condition, never null
    kNumber,        // Float64, never null: what counts in arithmetic
    kNumberOrNull,  // the same, but null where the value is no number
    kNumberProper,  // Nullable(Float64): integers and floats only
    kInteger,       // Nullable(Int64): what INT makes of it
    kText,          // Nullable(String): of any type
    kIsNull,        // condition
    kHasValue,      // condition: neither null nor empty text
  };

  ExpressionRenderer(const ColumnSql* columns, SqlWriter* sql)
      : columns_(columns), sql_(sql), types_(columns) {}

  void PartOrNull(const Expression& expression, ValueType type);
  void Read(const Expression& expression, Reading reading);
  // What was written is then of no use.
  bool IsTooLarge() const { return cost_ > kCostMax; }

 private:
  // About the bytes of the statement, of columns exactly. The engine takes 256 KiB.
  static constexpr size_t kCostMax = 100'000;

  bool Spend(size_t cost) { return (cost_ += cost) <= kCostMax; }

  void Either(bool condition, SqlText yes, SqlText no) { sql_->Sql(condition ? yes : no); }
  // Its types have `type`.
  void Part(const Expression& expression, ValueType type);
  void Literal(const ExpressionValue& value);
  void CallPart(const Expression& call, ValueType type);
  void ReadLiteral(const Expression& literal, Reading reading);
  void ReadParts(const Expression& expression, Reading reading);
  void ReadChoice(const Expression& call, Reading reading);
  void Null(ValueType type);

  // multiIf over the values of IF, SWITCH or COALESCE; `write` writes one of them.
  template <typename F>
  void Choice(const Expression& call, F&& write, SqlText otherwise);

  // renderer_conditions.cc: functions that are true or false.
  bool IsCondition(Function function) const;
  void Condition(const Expression& call);
  void Comparison(const Expression& call, SqlText op);
  void Membership(const Expression& call);
  bool Equality(const Expression& a, const Expression& b, bool is_first);
  void AllOf(const Expression& call, SqlText op);
  void TextTest(const Expression& call, SqlText function);

  // renderer_functions.cc: functions that make numbers and text.
  void Arithmetic(const Expression& call);
  void Least(const Expression& call, ValueType type);
  void FirstIsOf(const Expression& call, ValueClass value_class);
  void LeastItem(const Expression& argument, ValueClass value_class);
  void Bucket(const Expression& call);
  void FormattedTime(const Expression& call);
  void Time(const Expression& seconds);
  void Length(const Expression& call);
  void Regex(const Expression& call);

  const ColumnSql* columns_;
  SqlWriter* sql_;
  ExpressionTypes types_;
  size_t cost_ = 0;
};

}  // namespace skep
