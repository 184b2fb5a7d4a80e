// SPDX-License-Identifier: Apache-2.0
// Formulas: expressions over the names of a query's calculations. Computed from a group's measures
// when the answer is assembled, and by the engine where groups are ordered by one. Const use is
// thread-safe.
#pragma once

#include <functional>
#include <vector>

#include "query/explore/query_result.h"
#include "query/explore/spec_error.h"
#include "query/expression/expression.h"
#include "query/sql_writer.h"

namespace skep {

class Formulas {
 public:
  // A formula that is none, or names no calculation that is a number, is an error at its place.
  Formulas(const QuerySpec& spec, SpecErrors* errors);

  size_t size() const { return formulas_.size(); }
  // `measures`: of the calculations. Null where there is no number.
  Measure Compute(size_t formula, const Measures& measures) const;
  // `append_measure` writes a calculation's value.
  void Append(size_t formula, const std::function<void(size_t, SqlWriter*)>& append_measure,
              SqlWriter* sql) const;

 private:
  std::vector<Calculation> calculations_;
  std::vector<Expression> formulas_;
};

}  // namespace skep
