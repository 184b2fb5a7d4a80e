// SPDX-License-Identifier: Apache-2.0
// The states of an item and what moves it: an occurrence makes it, counts on it and wakes it when
// it was resolved (unless it comes from a version before the one it was resolved in); muted stays
// muted; people set any state but archived.
//   none -> active <-> resolved, active <-> muted, resolved -> muted.   Pure.
#pragma once

#include <cstdint>
#include <string>

#include "base/result.h"
#include "catalog/item.h"

namespace skep {

// An ItemTransition: what `occurrence` does to `item`, which is new while total_occurrences is 0.
void AddOccurrence(Item& item, const ItemOccurrence& occurrence);

// What a person does. resolved_in_version matters for kResolved only; empty: every later occurrence
// wakes it. kInvalidArgument: a version over 40 bytes. kFailedPrecondition: from or to archived.
Status SetItemStatus(Item& item, ItemStatus status, int64_t now_ns,
                     const std::string& resolved_in_version = {});

}  // namespace skep
