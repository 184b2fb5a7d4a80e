// SPDX-License-Identifier: Apache-2.0
// ParseExpression: text to a checked Expression. Precedence, tight to loose: ! ; * / % ; - ; + ;
// < <= > >= ; = != ; AND ; OR. Minus binds tighter than plus, as in Honeycomb's own grammar
// (honeycombio/honeycomb-derived-column-validator): 10 - 2 + 3 - 1 is (10 - 2) + (3 - 1). Pure.
#pragma once

#include <cstddef>
#include <string_view>

#include "base/result.h"
#include "query/expression/expression.h"

namespace skep {

struct ExpressionLimits {
  size_t bytes_max = 4095;  // Honeycomb's
  size_t depth_max = 100;
  size_t nodes_max = 2000;
};

// kInvalidArgument with a sentence; `*error_position` (may be null) is then the byte where it went
// wrong. Checked besides the grammar: functions and their number of arguments, and what must be a
// literal (candidates of SWITCH, sizes of BUCKET, regular expressions, formats of times).
Result<Expression> ParseExpression(std::string_view text, size_t* error_position,
                                   const ExpressionLimits& limits = {});

}  // namespace skep
