// SPDX-License-Identifier: Apache-2.0
// ExpressionTypes: which types the parts of an expression may have, given those of its columns, and
// which are never null. Remembers what it was asked. Used by the renderer; thread-compatible.
#pragma once

#include <unordered_map>

#include "query/expression/column_sql.h"
#include "query/expression/expression.h"

namespace skep {

// MIN and MAX compare within one of these.
enum class ValueClass : uint8_t { kNumber, kText, kBool };
TypeSet TypesIn(ValueClass value_class);

class ExpressionTypes {
 public:
  // `columns` and the expressions asked for must outlive it.
  explicit ExpressionTypes(const ColumnSql* columns) : columns_(columns) {}

  TypeSet Of(const Expression& expression);
  bool IsNeverNull(const Expression& expression);

 private:
  TypeSet OfCall(const Expression& call);
  // Of the arguments first, first + step, ..., and the last one where it stands alone.
  TypeSet OfValues(const Expression& call, size_t first);

  const ColumnSql* columns_;
  std::unordered_map<const Expression*, TypeSet> known_;
};

// The values among the arguments of IF (first 1) or SWITCH (first 2): every other one, and the last
// where it is an else.
inline bool HasElse(const Expression& call) {
  const size_t tests = call.function == Function::kSwitch ? 1 : 0;
  return (call.arguments.size() - tests) % 2 == 1;
}

}  // namespace skep
