// SPDX-License-Identifier: Apache-2.0
// Function: the functions of Honeycomb's calculated fields, and how many arguments each takes.
// Operators are functions: `a + b` is SUM(a, b). Names are upper case. Pure.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

namespace skep {

enum class Function : uint8_t {
  kIf,
  kSwitch,
  kCoalesce,
  kLess,
  kLessEqual,
  kGreater,
  kGreaterEqual,
  kIn,     // EQUALS and = are IN with one candidate
  kNotIn,  // !=
  kAnd,
  kOr,
  kNot,
  kExists,
  kMin,
  kMax,
  kSum,
  kSub,
  kMul,
  kDiv,
  kMod,
  kLog10,
  kBucket,
  kInt,
  kFloat,
  kBool,
  kString,
  kConcat,
  kStartsWith,
  kEndsWith,
  kContains,
  kToLower,
  kLength,
  kSearch,
  kRegMatch,
  kRegValue,
  kRegCount,
  kUnixTimestamp,
  kEventTimestamp,
  kIngestTimestamp,
  kFormatTime,
};

struct FunctionInfo {
  std::string_view name;
  Function function;
  size_t arguments_min;
  size_t arguments_max;
  std::string_view usage;  // `LT(a, b)`, for people who write one; empty for signs such as `<`
};

inline constexpr size_t kAnyNumber = SIZE_MAX;

// All of them, those with more than one name once for each.
std::span<const FunctionInfo> Functions();
// By the name that stands in an expression; nothing when there is none.
const FunctionInfo* FindFunction(std::string_view name);
// The name as it is written with parentheses.
std::string_view NameOf(Function function);
// Functions of metrics (RATE, INCREASE, ...), which mean nothing for one event.
bool IsTimeseriesFunction(std::string_view name);

}  // namespace skep
