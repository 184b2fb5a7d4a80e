// SPDX-License-Identifier: Apache-2.0
// What a key that was made here must be allowed to do for a path of version 1. Pure.
// https://docs.honeycomb.io/api/permissions
#pragma once

#include "doors/honeycomb/api_call.h"

namespace skep::honeycomb {

// Refuses a call whose key lacks the permission of its path. Keys of which nothing is known may do
// everything; an ingest key may do nothing but send and ask what it is.
Status CheckPermission(ApiCall* call);

}  // namespace skep::honeycomb
