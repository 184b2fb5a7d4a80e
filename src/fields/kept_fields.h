// SPDX-License-Identifier: Apache-2.0
// Kept fields: the calculated fields that people keep under a name for a dataset or for all of them
// (Honeycomb's derived columns), as documents of the catalog. Whoever runs a query adds those that
// it names (query/explore/used_fields.h). Thread-safe, as Documents is.
#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "catalog/documents.h"
#include "model/query_spec.h"

namespace skep::fields {

// Those that a query of the dataset can name: its own before those of all datasets.
Result<std::vector<CalculatedField>> KeptFields(const Documents& documents,
                                                const std::string& project,
                                                const std::string& dataset);

}  // namespace skep::fields
