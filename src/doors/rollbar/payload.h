// SPDX-License-Identifier: Apache-2.0
// Payload: the body of one request to the item path, parsed: `{"access_token":…, "data":{…}}` as
// JSON, or the same JSON in the field `payload` of a form, as old clients send it. Content types
// are not looked at, because PHP's and Ruby's clients send JSON under the form's type. Owned by one
// thread.
#pragma once

#include <string>

#include "base/arena.h"
#include "base/bytes.h"
#include "base/limits.h"
#include "base/result.h"
#include "doors/rollbar/tape_view.h"
#include "wire/json_tape.h"

namespace skep::rollbar {

struct Payload {
  Bytes body;                // JSON, also of a form: what the journal keeps
  JsonTape tape;             // of the body
  std::string access_token;  // in the body or the form; empty if there is none

  TapeView Root(Arena* arena) const { return {&tape, arena, 0}; }
};

// kInvalidArgument: no JSON object.
Result<Payload> ParsePayload(Bytes body, const Limits& limits);

}  // namespace skep::rollbar
