// SPDX-License-Identifier: Apache-2.0
#include "query/expression/render.h"

#include "query/expression/renderer.h"

namespace skep {
namespace {

Status Finish(const ExpressionRenderer& renderer) {
  if (renderer.IsTooLarge())
    return Error(Code::kInvalidArgument,
                 "The expression is too complex: conditions of mixed type are nested too deeply.");
  return {};
}

}  // namespace

TypeSet TypesOf(const Expression& expression, const ColumnSql& columns) {
  return ExpressionTypes(&columns).Of(expression);
}

Status AppendExpression(const Expression& expression, ValueType type, const ColumnSql& columns,
                        SqlWriter* sql) {
  ExpressionRenderer renderer(&columns, sql);
  renderer.PartOrNull(expression, type);
  return Finish(renderer);
}

Status AppendTruth(const Expression& expression, const ColumnSql& columns, SqlWriter* sql) {
  ExpressionRenderer renderer(&columns, sql);
  renderer.Read(expression, ExpressionRenderer::Reading::kTruth);
  return Finish(renderer);
}

}  // namespace skep
