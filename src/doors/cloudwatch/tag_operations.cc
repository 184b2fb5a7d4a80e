// SPDX-License-Identifier: Apache-2.0
// Tags of groups, by ARN and, as older clients do, by name. Both see the same tags.
#include <utility>

#include "doors/cloudwatch/operations.h"

namespace skep::cloudwatch {
namespace {

constexpr TextRule kTagKeyRule = {1, 128};

// The group whose ARN `resourceArn` is. Nothing else here has tags.
Result<std::string> ReadResource(Call* call) {
  const std::string arn = call->input.RequiredText("resourceArn", kResourceArnRule);
  SKEP_TRY(call->CheckInput());
  std::string group = arn.starts_with("arn:") ? GroupOfIdentifier(arn) : std::string();
  if (group.empty()) return Error(Code::kNotFound, "The specified resource does not exist.");
  return group;
}

Status PutTags(Call* call, const std::string& group) {
  if (!call->input.Has("tags")) call->input.violations().Missing("tags");
  const LogTags tags = call->input.Tags("tags");
  SKEP_TRY(call->CheckInput());
  Status added = call->parts.groups->AddTags(call->project, group, tags);
  if (!added && added.error().code == Code::kOutOfRange)
    return call->Fail("TooManyTagsException", std::move(added.error().message));
  return added;
}

Status RemoveTags(Call* call, const std::string& group, std::string_view member, size_t min) {
  if (!call->input.Has(member)) call->input.violations().Missing(member);
  const auto keys = call->input.TextList(member, min, LogGroups::kTagsMax, kTagKeyRule);
  SKEP_TRY(call->CheckInput());
  return call->parts.groups->RemoveTags(call->project, group, keys);
}

Status WriteTags(Call* call, const std::string& group) {
  SKEP_TRY(call->CheckInput());
  SKEP_ASSIGN(const LogTags tags, call->parts.groups->Tags(call->project, group));
  call->output.BeginObject();
  call->output.Key("tags");
  call->output.BeginObject();
  for (const auto& [key, value] : tags) call->output.Field(key, value);
  call->output.EndObject();
  call->output.EndObject();
  return {};
}

}  // namespace

Status TagResource(Call* call) {
  SKEP_ASSIGN(const std::string group, ReadResource(call));
  return PutTags(call, group);
}

Status UntagResource(Call* call) {
  SKEP_ASSIGN(const std::string group, ReadResource(call));
  return RemoveTags(call, group, "tagKeys", 0);
}

Status ListTagsForResource(Call* call) {
  SKEP_ASSIGN(const std::string group, ReadResource(call));
  return WriteTags(call, group);
}

Status TagLogGroup(Call* call) {
  SKEP_ASSIGN(const std::string group, ReadGroup(call, GroupBy::kName));
  return PutTags(call, group);
}

Status UntagLogGroup(Call* call) {
  SKEP_ASSIGN(const std::string group, ReadGroup(call, GroupBy::kName));
  return RemoveTags(call, group, "tags", 1);
}

Status ListTagsLogGroup(Call* call) {
  SKEP_ASSIGN(const std::string group, ReadGroup(call, GroupBy::kName));
  return WriteTags(call, group);
}

}  // namespace skep::cloudwatch
