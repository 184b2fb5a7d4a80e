// SPDX-License-Identifier: Apache-2.0
// Parameters of a request's query, and pages. Pure.
#pragma once

#include <cstdint>

#include "doors/honeycomb/api_call.h"

namespace skep::honeycomb {

inline constexpr int64_t kPageSize = 20;
inline constexpr int64_t kPageSizeMax = 100;

// A whole number from `min` to `max`; absent or empty: `otherwise`. Refuses what is none.
Result<int64_t> NumberParameter(ApiCall* call, const char* name, int64_t min, int64_t max,
                                int64_t otherwise);

// Whether the flag is given: `?name`, `?name=`, `?name=true`; not with any other value.
bool FlagParameter(const ApiCall& call, std::string_view name);

}  // namespace skep::honeycomb
