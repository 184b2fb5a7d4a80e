// SPDX-License-Identifier: Apache-2.0
// ReadOccurrence: what happened, out of an item's `data.body`: a trace, a chain of traces, a
// message or a crash report, in the words of errors/. Refuses what Rollbar refuses
// (https://docs.rollbar.com/reference/create-item), in its words. Pure.
#pragma once

#include "base/result.h"
#include "doors/rollbar/tape_view.h"
#include "errors/occurrence.h"

namespace skep::rollbar {

struct ItemContent {
  ErrorOccurrence occurrence;  // kind, exceptions and text; the rest is the caller's
  std::string_view message;    // what people read first; may be empty
  // Fields that some clients put beside the message or trace instead of in `data.custom`.
  TapeView extra;
};

// kFailedPrecondition: no body, or not exactly one of its forms, or one without what it must have.
Result<ItemContent> ReadOccurrence(TapeView data);

}  // namespace skep::rollbar
