// SPDX-License-Identifier: Apache-2.0
// Expression: a parsed and checked expression of Honeycomb's calculated-field language, as a tree.
// Operators are calls; chains of + * AND OR are one call with all their operands. Formulas are the
// same language over names of calculations. A value; parse.h makes it, render.h writes it as SQL,
// evaluate.h computes it for one row.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <variant>
#include <vector>

#include "query/expression/function.h"

namespace skep {

// std::monostate is null.
using ExpressionValue = std::variant<std::monostate, int64_t, double, bool, std::string>;

struct Expression {
  enum class Kind : uint8_t { kLiteral, kColumn, kCall };

  Kind kind = Kind::kLiteral;
  Function function = Function::kCoalesce;  // of a call
  size_t position = 0;                      // byte of the text at which it begins
  ExpressionValue literal;
  std::string column;
  std::vector<Expression> arguments;  // of a call
};

// The names of its columns, each once, in the order in which they stand.
std::vector<std::string> ColumnsOf(const Expression& expression);

}  // namespace skep
