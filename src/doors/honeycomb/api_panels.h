// SPDX-License-Identifier: Apache-2.0
// Panels: what a flexible board shows: queries, SLOs and text on a grid of twelve columns. What a
// panel names must exist. Pure but for the catalog.
#pragma once

#include "doors/honeycomb/api_call.h"
#include "doors/honeycomb/api_input.h"

namespace skep::honeycomb {

// Reads `panels` and writes them as they are stored. A panel without a size, or every panel if
// `automatic`, is given the next free place.
Status ReadPanels(ApiCall* call, Input* in, bool automatic, JsonWriter* body);

}  // namespace skep::honeycomb
