// SPDX-License-Identifier: Apache-2.0
// What the questions of Explore and Boards have in common: a JSON body, a query in it, and what is
// wrong with one, said with its place.
#pragma once

#include <functional>
#include <set>
#include <string>
#include <string_view>

#include "model/query_spec.h"
#include "query/explore/spec_error.h"
#include "ui/api.h"
#include "wire/json.h"

namespace skep::ui {

// The call's body, an object.
Result<JsonDocument> BodyOf(const Call& call);
// A member that must be text of at most `bytes_max`; empty where it is absent.
Result<std::string> TextIn(const JsonView& body, std::string_view name, size_t bytes_max);
// `dataset` of a body, else all.
Result<std::string> DatasetIn(const JsonView& body);

// The query; what is wrong with it is the error, and its place the call's error_field.
Result<QuerySpec> SpecIn(Call& call, const JsonView& json);
Error Refusal(Call& call, const SpecErrors& errors);

// Adds the calculated fields kept for the dataset (fields/kept_fields.h) that the query or `also`
// names.
Status AddKeptFields(const Call& call, const std::string& dataset, QuerySpec* spec,
                     const std::set<std::string, std::less<>>& also = {});

// Why a run failed.
void FieldError(const Error& error, JsonWriter* json);

// The query as a member of its own.
void FieldSpec(std::string_view name, const QuerySpec& spec, JsonWriter* json);

}  // namespace skep::ui
