// SPDX-License-Identifier: Apache-2.0
// A long trace is read by pages: rows in sight as the page has folded and opened them, one row with
// everything about it, the place of the next match. Thread-safe.
#pragma once

#include <string>

#include "query/trace/trace_screen.h"
#include "ui/api.h"
#include "wire/json.h"

namespace skep::ui {

// Which trace, as whose clocks have it.
struct TraceAsked {
  TraceQuestion question;
  bool corrected = false;
};
Result<TraceAsked> TraceAskedOf(const Call& call, std::string_view trace_id);

// What a Trace has instead of all its rows; within an object.
Status RenderLong(const Call& call, const LongTrace& trace, JsonWriter* json);

Result<std::string> AnswerTraceRows(Call& call);
Result<std::string> AnswerTraceRow(Call& call);
Result<std::string> AnswerTraceFind(Call& call);
// Requests that it may be compared with.
Result<std::string> AnswerTraceLike(Call& call);
Result<std::string> AnswerTraceLinks(Call& call);

}  // namespace skep::ui
