// SPDX-License-Identifier: Apache-2.0
// Triggers, as stored objects: a query, a threshold, how often, and whom to tell. Pure but for the
// catalog.
#pragma once

#include "doors/honeycomb/api_stored.h"

namespace skep::honeycomb {

extern const Noun kTriggerNoun;

}  // namespace skep::honeycomb
