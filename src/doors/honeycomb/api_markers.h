// SPDX-License-Identifier: Apache-2.0
// Markers: what happened and when, drawn over charts; version 2 speaks of the same ones. Pure but
// for the catalog.
#pragma once

#include "doors/honeycomb/api_stored.h"

namespace skep::honeycomb {

extern const Noun kMarkerNoun;

// The colour of the marker's type in its dataset; empty: none is set.
std::string MarkerColor(const ApiCall& call, const Document& marker);

}  // namespace skep::honeycomb
