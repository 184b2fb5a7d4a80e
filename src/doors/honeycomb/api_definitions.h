// SPDX-License-Identifier: Apache-2.0
// Dataset definitions: which column plays which part (the duration, the trace's id ...) in a
// dataset. Pure but for the catalog.
#pragma once

#include <string>
#include <string_view>

#include "doors/honeycomb/api_call.h"

namespace skep::honeycomb {

// Whether somebody has given the column a part.
Result<bool> IsInDefinitions(const ApiCall& call, const std::string& dataset,
                             std::string_view column);

}  // namespace skep::honeycomb
