// SPDX-License-Identifier: Apache-2.0
// Evaluate: the value of an expression for one row, with the same answer as its SQL gives. Used for
// formulas over calculations, and by tests as the judge of the SQL. Pure.
#pragma once

#include <string_view>

#include "query/expression/expression.h"

namespace skep {

class ExpressionRow {
 public:
  virtual ~ExpressionRow() = default;
  // Null for a name that the row has not.
  virtual ExpressionValue Column(std::string_view column) const = 0;
  virtual int64_t EventTimeNs() const = 0;
  virtual int64_t IngestTimeNs() const = 0;
};

ExpressionValue Evaluate(const Expression& expression, const ExpressionRow& row);
// Non-zero numbers, true and the text "true".
bool IsTrue(const ExpressionValue& value);

}  // namespace skep
