// SPDX-License-Identifier: Apache-2.0
// Query JSON: text to QuerySpec and back, in Honeycomb's form with nested filters as an extension
// ({"and":[...]}, {"or":[...]}, {"not":{...}} among `filters`). Parsing checks everything that can
// be known without the data; what it lets through can be planned. Pure.
//
//   SpecErrors errors;
//   std::optional<QuerySpec> spec = ParseQuerySpec(document.root(), &errors);
#pragma once

#include <cstddef>
#include <optional>
#include <string>

#include "model/query_spec.h"
#include "query/explore/spec_error.h"
#include "wire/json.h"

namespace skep {

// Names of calculated fields of dataset and environment are no concern of a spec: any name is a
// field. Members that are no part of a query are refused. Nothing, and why, if it is none.
std::optional<QuerySpec> ParseQuerySpec(const JsonView& json, SpecErrors* errors);
// The same, for text; bad JSON is one error with its byte as the position.
std::optional<QuerySpec> ParseQuerySpec(std::string_view text, SpecErrors* errors);

// As Honeycomb echoes it: what is at its default is left out, but `calculations` (COUNT is spelled
// out), `breakdowns` and `filters`... are written when they hold something. Members only: the
// caller has begun the object, and may add its own.
void RenderQuerySpec(const QuerySpec& spec, JsonWriter* json);
std::string RenderQuerySpec(const QuerySpec& spec);

std::string_view NameOf(SpecFilterOp op);
std::optional<SpecFilterOp> FilterOpOf(std::string_view name);
std::optional<CalculationOp> CalculationOpOf(std::string_view name);

// A filter alone, as BubbleUp's selections are said: {column,op,value}, {and}, {or} or {not}.
// `field` is the place for errors.
std::optional<SpecFilter> ParseSpecFilter(const JsonView& json, const std::string& field,
                                          SpecErrors* errors);
void RenderSpecFilter(const SpecFilter& filter, JsonWriter* json);

}  // namespace skep
