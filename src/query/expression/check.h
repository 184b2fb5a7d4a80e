// SPDX-License-Identifier: Apache-2.0
// What a call must be, besides grammatical: the number of its arguments, and which of them must be
// literals of what kind. Used by parse.cc. Pure.
#pragma once

#include "base/result.h"
#include "query/expression/expression.h"

namespace skep {

// kInvalidArgument; `*error_position` is then the argument's place or the call's.
Status CheckArgumentCount(const FunctionInfo& function, const Expression& call,
                          size_t* error_position);
Status CheckLiterals(const FunctionInfo& function, const Expression& call, size_t* error_position);

// A number that stands as a literal.
bool IsNumberLiteral(const Expression& expression);
double NumberLiteral(const Expression& expression);
bool IsTextLiteral(const Expression& expression);
const std::string& TextLiteral(const Expression& expression);

}  // namespace skep
