// SPDX-License-Identifier: Apache-2.0
#include "query/expression/expression.h"

#include <algorithm>

namespace skep {
namespace {

void Collect(const Expression& expression, std::vector<std::string>* columns) {
  if (expression.kind == Expression::Kind::kColumn &&
      std::find(columns->begin(), columns->end(), expression.column) == columns->end())
    columns->push_back(expression.column);
  for (const Expression& argument : expression.arguments) Collect(argument, columns);
}

}  // namespace

std::vector<std::string> ColumnsOf(const Expression& expression) {
  std::vector<std::string> columns;
  Collect(expression, &columns);
  return columns;
}

}  // namespace skep
