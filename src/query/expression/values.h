// SPDX-License-Identifier: Apache-2.0
// What the types of values mean to each other: what is true, what is a number, what is equal, what
// text a value is. The rules are in README.md; render.cc writes the same ones as SQL. Pure.
#pragma once

#include <optional>
#include <string>

#include "query/expression/expression.h"

namespace skep {

bool IsNull(const ExpressionValue& value);
// Null and empty text.
bool IsEmpty(const ExpressionValue& value);
// An integer or a float.
bool IsNumber(const ExpressionValue& value);
// What counts in arithmetic: numbers, numeric text; nothing for others.
std::optional<double> NumberIn(const ExpressionValue& value);
// Empty for null.
std::string TextOf(const ExpressionValue& value);
// Null equals null, 1 equals 1.0, and nothing equals a value of another type.
bool AreEqual(const ExpressionValue& a, const ExpressionValue& b);
// Below 0, 0, above 0; nothing where they cannot be compared: both must be numbers or both text.
std::optional<int> Compare(const ExpressionValue& a, const ExpressionValue& b);

}  // namespace skep
