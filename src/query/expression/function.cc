// SPDX-License-Identifier: Apache-2.0
#include "query/expression/function.h"

#include <algorithm>
#include <array>

namespace skep {
namespace {

constexpr FunctionInfo kFunctions[] = {
    {"IF", Function::kIf, 2, kAnyNumber},
    {"SWITCH", Function::kSwitch, 3, kAnyNumber},
    {"COALESCE", Function::kCoalesce, 1, kAnyNumber},
    {"LT", Function::kLess, 2, 2},
    {"<", Function::kLess, 2, 2},
    {"LTE", Function::kLessEqual, 2, 2},
    {"<=", Function::kLessEqual, 2, 2},
    {"GT", Function::kGreater, 2, 2},
    {">", Function::kGreater, 2, 2},
    {"GTE", Function::kGreaterEqual, 2, 2},
    {">=", Function::kGreaterEqual, 2, 2},
    {"EQUALS", Function::kIn, 2, 2},
    {"=", Function::kIn, 2, 2},
    {"!=", Function::kNotIn, 2, 2},
    {"IN", Function::kIn, 2, kAnyNumber},
    {"AND", Function::kAnd, 1, kAnyNumber},
    {"OR", Function::kOr, 1, kAnyNumber},
    {"NOT", Function::kNot, 1, 1},
    {"!", Function::kNot, 1, 1},
    {"EXISTS", Function::kExists, 1, 1},
    {"MIN", Function::kMin, 1, kAnyNumber},
    {"MAX", Function::kMax, 1, kAnyNumber},
    {"SUM", Function::kSum, 1, kAnyNumber},
    {"+", Function::kSum, 2, kAnyNumber},
    {"SUB", Function::kSub, 2, 2},
    {"-", Function::kSub, 2, 2},
    {"MUL", Function::kMul, 1, kAnyNumber},
    {"*", Function::kMul, 2, kAnyNumber},
    {"DIV", Function::kDiv, 2, 2},
    {"/", Function::kDiv, 2, 2},
    {"MOD", Function::kMod, 2, 2},
    {"%", Function::kMod, 2, 2},
    {"LOG10", Function::kLog10, 1, 1},
    {"BUCKET", Function::kBucket, 2, 4},
    {"INT", Function::kInt, 1, 1},
    {"FLOAT", Function::kFloat, 1, 1},
    {"BOOL", Function::kBool, 1, 1},
    {"STRING", Function::kString, 1, 1},
    {"CONCAT", Function::kConcat, 1, kAnyNumber},
    {"STARTS_WITH", Function::kStartsWith, 2, 2},
    {"ENDS_WITH", Function::kEndsWith, 2, 2},
    {"CONTAINS", Function::kContains, 2, 2},
    {"TO_LOWER", Function::kToLower, 1, 1},
    {"LENGTH", Function::kLength, 1, 2},
    {"SEARCH", Function::kSearch, 2, 2},
    {"REG_MATCH", Function::kRegMatch, 2, 2},
    {"REG_VALUE", Function::kRegValue, 2, 2},
    {"REG_COUNT", Function::kRegCount, 2, 2},
    {"UNIX_TIMESTAMP", Function::kUnixTimestamp, 1, 1},
    {"EVENT_TIMESTAMP", Function::kEventTimestamp, 0, 0},
    {"INGEST_TIMESTAMP", Function::kIngestTimestamp, 0, 0},
    {"FORMAT_TIME", Function::kFormatTime, 2, 2},
};

constexpr std::array<std::string_view, 5> kTimeseries = {"RAW_METRIC", "LAST", "SUMMARIZE",
                                                         "INCREASE", "RATE"};

}  // namespace

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
