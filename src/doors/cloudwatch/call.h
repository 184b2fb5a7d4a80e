// SPDX-License-Identifier: Apache-2.0
// Call: one request to an operation of the Logs API while it is answered: who asks, what for, and
// the answer so far. One thread, one request.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/cancel.h"
#include "base/result.h"
#include "doors/cloudwatch/door.h"
#include "doors/cloudwatch/input.h"
#include "wire/json.h"

namespace skep::cloudwatch {

struct Call {
  const Parts& parts;
  Input input;
  std::string project = "default";
  std::string_view region;  // of the request's credential
  int64_t now_ms = 0;
  CancelToken cancel;
  JsonWriter output{};  // stays empty for operations without output
  std::string type{};   // of the error, where its code does not say it

  // An error of this type.
  Error Fail(std::string_view error_type, std::string message) {
    type = error_type;
    return {Code::kInvalidArgument, std::move(message)};
  }
  // What is wrong with the input, if anything.
  Status CheckInput() {
    if (input.misformed()) type = "SerializationException";
    return input.status();
  }
};

inline DoorCounters& CountersOf(const Parts& parts) {
  return parts.counters->door(static_cast<size_t>(Door::kCloudWatch));
}
// The reply to what is refused, counted. `type` as in ErrorReply.
net::Response Refuse(const Parts& parts, std::string_view request_id, const Error& error,
                     std::string_view type = {});

// The group that a request names, by `logGroupName` or, where `identifier` is set, by
// `logGroupIdentifier`, a name or an ARN.
enum class GroupBy { kName, kNameOrIdentifier };
Result<std::string> ReadGroup(Call* call, GroupBy by);

// ARNs of groups, with `:*` behind it or without, and of streams.
std::string GroupArn(const Call& call, std::string_view group);
std::string StreamArn(const Call& call, std::string_view group, std::string_view stream);
// The name in a group's ARN, or the text itself if it is none. Empty for an ARN of something else.
std::string GroupOfIdentifier(std::string_view identifier);

}  // namespace skep::cloudwatch
