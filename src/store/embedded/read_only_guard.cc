// SPDX-License-Identifier: Apache-2.0
#include "store/embedded/read_only_guard.h"

#include <algorithm>
#include <array>
#include <string_view>

#include "base/ascii.h"
#include "store/engine_error.h"

namespace skep {
namespace {

// Functions that reach outside and that no grant covers, as EXPLAIN AST shows them.
constexpr std::array<std::string_view, 2> kForbidden = {"function file ", "function catboost"};

}  // namespace

Status CheckReadOnly(EngineConnection& connection, const std::string& sql,
                     const BoundValues& values) {
  const ChdbQueryAnalysis analysis = connection.Classify(sql);
  if (analysis.statement_count > 1)
    return QueryError(
        "Code: 62. DB::Exception: Syntax error (Multi-statements are not allowed). "
        "(SYNTAX_ERROR)");
  if (analysis.query_class != kChdbReadOnlyQuery && analysis.query_class != kChdbUnknownQuery)
    return QueryError(
        "Code: 164. DB::Exception: Cannot execute query in readonly mode. (READONLY)");
  // What does not parse fails here, with the error that it would have got.
  SKEP_ASSIGN(const EngineAnswer tree,
              connection.Run("EXPLAIN AST " + sql, values, "TabSeparatedRaw"));
  if (analysis.query_class == kChdbUnknownQuery)
    return QueryError(
        "Code: 164. DB::Exception: Cannot execute query in readonly mode. (READONLY)");
  const std::string text = ToLower(tree.data.view());
  for (const std::string_view function : kForbidden)
    if (text.find(function) != std::string::npos)
      return QueryError(
          "Code: 497. DB::Exception: Not enough privileges. To execute this query, it's necessary "
          "to have the grant READ ON FILE. (ACCESS_DENIED)");
  return {};
}

}  // namespace skep
