// SPDX-License-Identifier: Apache-2.0
// Derived columns, which Honeycomb also calls calculated fields: expressions by name, of one
// dataset or of all. Pure but for the catalog.
#pragma once

#include <string>
#include <vector>

#include "doors/honeycomb/api_call.h"
#include "model/query_spec.h"

namespace skep::honeycomb {

// Those that a query of the dataset can name: its own before those of all datasets.
Result<std::vector<CalculatedField>> KeptFields(const ApiCall& call, const std::string& dataset);

}  // namespace skep::honeycomb
