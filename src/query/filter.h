// SPDX-License-Identifier: Apache-2.0
// Filter: what the page's filter line says, as terms that must all hold. `service = backend-flask
// AND duration_ms > 200`: each term is `field op value`, or a text to search for. Parsing knows
// nothing of SQL; condition.h writes it. Pure.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace skep {

enum class FilterOp {
  kEqual,
  kNotEqual,
  kGreater,
  kGreaterEqual,
  kLess,
  kLessEqual,
  kContains,
  kExists
};

struct FilterTerm {
  std::string field;  // empty: search for `value`
  FilterOp op = FilterOp::kContains;
  std::string value;
  bool quoted = false;  // the value stood in quotes: text, also when it looks like a number
  size_t position = 0;  // where in the text the term begins
};

struct Filter {
  std::vector<FilterTerm> terms;
};

// Empty text is a filter without terms. kInvalidArgument; `*error_position` is then the byte where
// it went wrong.
Result<Filter> ParseFilter(std::string_view text, size_t* error_position);

}  // namespace skep
