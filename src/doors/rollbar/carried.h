// SPDX-License-Identifier: Apache-2.0
// FindItemIds: the trace and span that an item says it happened in: in `custom` (or what some
// clients have in its place), in rollbar.js' `attributes`, in the text of a message, or in the
// headers of the request that it names. Pure.
#pragma once

#include <string_view>

#include "doors/rollbar/tape_view.h"
#include "model/carried_ids.h"

namespace skep::rollbar {

// What the program says of itself goes before what its caller sent along. `message` is empty where
// the item is no message.
CarriedIds FindItemIds(TapeView data, TapeView custom, std::string_view message);

}  // namespace skep::rollbar
