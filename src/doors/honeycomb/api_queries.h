// SPDX-License-Identifier: Apache-2.0
// Queries: specifications that are kept under an id and never change. Pure but for the catalog.
#pragma once

#include <optional>
#include <string>

#include "doors/honeycomb/api_call.h"
#include "doors/honeycomb/api_input.h"
#include "model/query_spec.h"
#include "query/explore/spec_error.h"

namespace skep::honeycomb {

// What is wrong with a query, as details of the refusal; `place` goes before its fields.
void NoteErrors(const SpecErrors& errors, const std::string& place,
                std::vector<ProblemDetail>* details);

// What is wrong with one that can be read, before it is kept: its expressions, formulas, relations.
SpecErrors CheckKept(const ApiCall& call, const std::string& dataset, const QuerySpec& spec);
// Keeps the specification for the dataset of that name. Returns its id.
Result<std::string> KeepQuery(ApiCall* call, const std::string& dataset, const QuerySpec& spec);
// Nothing: there is no such query in the dataset.
Result<std::optional<QuerySpec>> KeptQuery(const ApiCall& call, const std::string& dataset,
                                           const std::string& id);

}  // namespace skep::honeycomb
