// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <utility>

#include "query/explore/spec_json.h"

namespace skep {
namespace {

constexpr std::array<std::string_view, 16> kFilterOps = {"=",           "!=",
                                                         ">",           ">=",
                                                         "<",           "<=",
                                                         "starts-with", "does-not-start-with",
                                                         "ends-with",   "does-not-end-with",
                                                         "contains",    "does-not-contain",
                                                         "exists",      "does-not-exist",
                                                         "in",          "not-in"};

}  // namespace

std::string_view NameOf(SpecFilterOp op) { return kFilterOps[static_cast<size_t>(op)]; }

std::optional<SpecFilterOp> FilterOpOf(std::string_view name) {
  const auto* found = std::find(kFilterOps.begin(), kFilterOps.end(), name);
  if (found == kFilterOps.end()) return std::nullopt;
  return static_cast<SpecFilterOp>(found - kFilterOps.begin());
}

std::optional<CalculationOp> CalculationOpOf(std::string_view name) {
  for (const CalculationOpName& each : kCalculationOps)
    if (each.name == name) return each.op;
  return std::nullopt;
}

}  // namespace skep
