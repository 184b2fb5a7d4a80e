// SPDX-License-Identifier: Apache-2.0
// Tags: `tags` of boards, triggers and SLOs, at most ten pairs. Pure.
#pragma once

#include "doors/honeycomb/api_input.h"
#include "wire/json.h"

namespace skep::honeycomb {

// Writes the member if there are any: none and no member is the same to clients.
void ReadTags(Input* in, JsonWriter* body);

}  // namespace skep::honeycomb
