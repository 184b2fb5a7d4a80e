// SPDX-License-Identifier: Apache-2.0
#include "doors/cloudwatch/call.h"

#include <utility>

#include "doors/cloudwatch/reply.h"

namespace skep::cloudwatch {

net::Response Refuse(const Parts& parts, std::string_view request_id, const Error& error,
                     std::string_view type) {
  const bool throttled = error.code == Code::kResourceExhausted || error.code == Code::kUnavailable;
  CountersOf(parts).Add(throttled ? Counter::kThrottled : Counter::kRefused);
  return ErrorReply(request_id, error, type);
}

Result<std::string> ReadGroup(Call* call, GroupBy by) {
  const bool may_identify = by == GroupBy::kNameOrIdentifier;
  if (!may_identify || !call->input.Has("logGroupIdentifier"))
    return call->input.RequiredText("logGroupName", kGroupNameRule);
  if (call->input.Has("logGroupName"))
    return call->Fail("ValidationException",
                      "LogGroup name and LogGroup ARN are mutually exclusive parameters.");
  return GroupOfIdentifier(call->input.Text("logGroupIdentifier", kIdentifierRule));
}

std::string GroupArn(const Call& call, std::string_view group) {
  std::string arn = "arn:aws:logs:";
  arn.append(call.region).append(":").append(call.parts.options.account_id);
  return arn.append(":log-group:").append(group);
}

std::string StreamArn(const Call& call, std::string_view group, std::string_view stream) {
  return GroupArn(call, group).append(":log-stream:").append(stream);
}

std::string GroupOfIdentifier(std::string_view identifier) {
  if (!identifier.starts_with("arn:")) return std::string(identifier);
  constexpr std::string_view kKind = "log-group:";
  for (int part = 0; part < 5; ++part) {  // arn, partition, service, region, account
    const size_t colon = identifier.find(':');
    if (colon == std::string_view::npos) return {};
    identifier.remove_prefix(colon + 1);
  }
  if (!identifier.starts_with(kKind)) return {};
  identifier.remove_prefix(kKind.size());
  if (identifier.ends_with(":*")) identifier.remove_suffix(2);
  return identifier.find(':') == std::string_view::npos ? std::string(identifier) : std::string();
}

}  // namespace skep::cloudwatch
