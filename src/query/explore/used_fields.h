// SPDX-License-Identifier: Apache-2.0
// Used fields: a query may name calculated fields that are kept for its dataset or for all of them
// (Honeycomb's derived columns). Before it runs, those that it uses become fields of its own. Pure.
#pragma once

#include <functional>
#include <set>
#include <string>
#include <vector>

#include "model/query_spec.h"

namespace skep {

// Adds to `spec`, before its own, those of `kept` that it or `also` names, and those that they name
// in turn; what is named stands before what names it. A field of the spec goes instead of a kept
// one of its name, an earlier kept one instead of a later.
void AddUsedFields(const std::vector<CalculatedField>& kept, QuerySpec* spec,
                   const std::set<std::string, std::less<>>& also = {});

}  // namespace skep
