// SPDX-License-Identifier: Apache-2.0
#include "query/expression/function.h"

#include <algorithm>
#include <array>

namespace skep {
namespace {

constexpr FunctionInfo kFunctions[] = {
    {"IF", Function::kIf, 2, kAnyNumber, "IF(condition, value, …, otherwise)"},
    {"SWITCH", Function::kSwitch, 3, kAnyNumber, "SWITCH($field, \"case\", value, …, otherwise)"},
    {"COALESCE", Function::kCoalesce, 1, kAnyNumber, "COALESCE(first, …)"},
    {"LT", Function::kLess, 2, 2, "LT(a, b)"},
    {"<", Function::kLess, 2, 2, ""},
    {"LTE", Function::kLessEqual, 2, 2, "LTE(a, b)"},
    {"<=", Function::kLessEqual, 2, 2, ""},
    {"GT", Function::kGreater, 2, 2, "GT(a, b)"},
    {">", Function::kGreater, 2, 2, ""},
    {"GTE", Function::kGreaterEqual, 2, 2, "GTE(a, b)"},
    {">=", Function::kGreaterEqual, 2, 2, ""},
    {"EQUALS", Function::kIn, 2, 2, "EQUALS(a, b)"},
    {"=", Function::kIn, 2, 2, ""},
    {"!=", Function::kNotIn, 2, 2, ""},
    {"IN", Function::kIn, 2, kAnyNumber, "IN($field, value, …)"},
    {"AND", Function::kAnd, 1, kAnyNumber, "AND(a, …)"},
    {"OR", Function::kOr, 1, kAnyNumber, "OR(a, …)"},
    {"NOT", Function::kNot, 1, 1, "NOT(a)"},
    {"!", Function::kNot, 1, 1, ""},
    {"EXISTS", Function::kExists, 1, 1, "EXISTS($field)"},
    {"MIN", Function::kMin, 1, kAnyNumber, "MIN(a, …)"},
    {"MAX", Function::kMax, 1, kAnyNumber, "MAX(a, …)"},
    {"SUM", Function::kSum, 1, kAnyNumber, "SUM(a, …)"},
    {"+", Function::kSum, 2, kAnyNumber, ""},
    {"SUB", Function::kSub, 2, 2, "SUB(a, b)"},
    {"-", Function::kSub, 2, 2, ""},
    {"MUL", Function::kMul, 1, kAnyNumber, "MUL(a, …)"},
    {"*", Function::kMul, 2, kAnyNumber, ""},
    {"DIV", Function::kDiv, 2, 2, "DIV(a, b)"},
    {"/", Function::kDiv, 2, 2, ""},
    {"MOD", Function::kMod, 2, 2, "MOD(a, b)"},
    {"%", Function::kMod, 2, 2, ""},
    {"LOG10", Function::kLog10, 1, 1, "LOG10(a)"},
    {"BUCKET", Function::kBucket, 2, 4, "BUCKET($field, size, minimum, maximum)"},
    {"INT", Function::kInt, 1, 1, "INT(a)"},
    {"FLOAT", Function::kFloat, 1, 1, "FLOAT(a)"},
    {"BOOL", Function::kBool, 1, 1, "BOOL(a)"},
    {"STRING", Function::kString, 1, 1, "STRING(a)"},
    {"CONCAT", Function::kConcat, 1, kAnyNumber, "CONCAT(a, …)"},
    {"STARTS_WITH", Function::kStartsWith, 2, 2, "STARTS_WITH(text, begin)"},
    {"ENDS_WITH", Function::kEndsWith, 2, 2, "ENDS_WITH(text, end)"},
    {"CONTAINS", Function::kContains, 2, 2, "CONTAINS(text, part)"},
    {"TO_LOWER", Function::kToLower, 1, 1, "TO_LOWER(text)"},
    {"LENGTH", Function::kLength, 1, 2, "LENGTH(text, \"bytes\")"},
    {"SEARCH", Function::kSearch, 2, 2, "SEARCH($field, \"words\")"},
    {"REG_MATCH", Function::kRegMatch, 2, 2, "REG_MATCH(text, `pattern`)"},
    {"REG_VALUE", Function::kRegValue, 2, 2, "REG_VALUE(text, `pattern`)"},
    {"REG_COUNT", Function::kRegCount, 2, 2, "REG_COUNT(text, `pattern`)"},
    {"UNIX_TIMESTAMP", Function::kUnixTimestamp, 1, 1, "UNIX_TIMESTAMP(text)"},
    {"EVENT_TIMESTAMP", Function::kEventTimestamp, 0, 0, "EVENT_TIMESTAMP()"},
    {"INGEST_TIMESTAMP", Function::kIngestTimestamp, 0, 0, "INGEST_TIMESTAMP()"},
    {"FORMAT_TIME", Function::kFormatTime, 2, 2, "FORMAT_TIME(\"%H:%M\", seconds)"},
};

constexpr std::array<std::string_view, 5> kTimeseries = {"RAW_METRIC", "LAST", "SUMMARIZE",
                                                         "INCREASE", "RATE"};

}  // namespace

std::span<const FunctionInfo> Functions() { return kFunctions; }

const FunctionInfo* FindFunction(std::string_view name) {
  const auto* found = std::find_if(std::begin(kFunctions), std::end(kFunctions),
                                   [name](const FunctionInfo& info) { return info.name == name; });
  return found == std::end(kFunctions) ? nullptr : found;
}

std::string_view NameOf(Function function) {
  if (function == Function::kIn) return "IN";
  for (const FunctionInfo& info : kFunctions) {
    if (info.function == function) return info.name;
  }
  return {};
}

bool IsTimeseriesFunction(std::string_view name) {
  return std::find(kTimeseries.begin(), kTimeseries.end(), name) != kTimeseries.end();
}

}  // namespace skep
