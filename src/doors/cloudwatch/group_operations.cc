// SPDX-License-Identifier: Apache-2.0
// Groups, streams and how long they are kept.
#include <algorithm>
#include <array>
#include <charconv>
#include <optional>
#include <utility>

#include "doors/cloudwatch/operations.h"
#include "query/log_events.h"
#include "wire/base64.h"

namespace skep::cloudwatch {
namespace {

constexpr size_t kPageMax = 50;
constexpr std::array<std::string_view, 4> kClasses = {"STANDARD", "INFREQUENT_ACCESS", "DELIVERY",
                                                      "ESSENTIALS"};
constexpr char kClassSet[] = "[DELIVERY, INFREQUENT_ACCESS, STANDARD, ESSENTIALS]";
constexpr std::array<int64_t, 22> kRetentionDays = {1,    3,    5,    7,    14,   30,  60,  90,
                                                    120,  150,  180,  365,  400,  545, 731, 1096,
                                                    1827, 2192, 2557, 2922, 3288, 3653};

constexpr TextRule kFreeRule = {0, 4096};
constexpr TextRule kTokenRule = {1, 8192};
constexpr TextRule kKmsKeyRule = {0, 256};

std::string ReadClass(Call* call) {
  const std::string name = call->input.Text("logGroupClass", kFreeRule);
  if (call->input.Has("logGroupClass") &&
      std::find(kClasses.begin(), kClasses.end(), name) == kClasses.end())
    call->input.violations().NotInSet("logGroupClass", name, kClassSet);
  return name;
}

size_t ReadPageLimit(Call* call) {
  return static_cast<size_t>(call->input.Int("limit", 1, kPageMax).value_or(kPageMax));
}

Error BadToken() { return {Code::kInvalidArgument, "The specified nextToken is invalid."}; }

// Where the next page begins: opaque to clients, who may not even expect text.
Result<std::string> ReadToken(Call* call) {
  const std::string token = call->input.Text("nextToken", kTokenRule);
  if (token.empty()) return std::string();
  auto text = DecodeBase64(token);
  if (!text || text->empty()) return BadToken();
  return std::move(*text);
}

void WriteToken(Call* call, std::string_view place) {
  call->output.Field("nextToken", EncodeBase64(place));
}

Result<std::optional<LogStreamPosition>> ReadStreamToken(Call* call) {
  SKEP_ASSIGN(const std::string text, ReadToken(call));
  if (text.empty()) return std::optional<LogStreamPosition>();
  LogStreamPosition position;
  const char* const end = text.data() + text.size();
  const auto [next, error] = std::from_chars(text.data(), end, position.last_event_ms);
  if (error != std::errc() || next == end || *next != ':') return BadToken();
  position.name.assign(next + 1, end);
  return std::optional(std::move(position));
}

void WriteGroup(Call* call, const LogGroup& group, bool brief) {
  JsonWriter& out = call->output;
  const std::string arn = GroupArn(*call, group.name);
  out.BeginObject();
  out.Field("arn", arn + ":*");
  out.Field("creationTime", group.created_ms);
  if (!brief) out.Field("deletionProtectionEnabled", group.deletion_protected);
  if (!group.kms_key.empty()) out.Field("kmsKeyId", group.kms_key);
  out.Field("logGroupArn", arn);
  out.Field("logGroupClass", group.log_class);
  out.Field("logGroupName", group.name);
  out.Field("metricFilterCount", 0);
  if (group.retention_days != 0) out.Field("retentionInDays", group.retention_days);
  if (!brief) out.Field("storedBytes", group.stored_bytes);
  out.EndObject();
}

void WriteStream(Call* call, const std::string& group, const LogStream& stream) {
  JsonWriter& out = call->output;
  out.BeginObject();
  out.Field("arn", StreamArn(*call, group, stream.name));
  out.Field("creationTime", stream.created_ms);
  if (stream.events != 0) {
    out.Field("firstEventTimestamp", stream.first_event_ms);
    out.Field("lastEventTimestamp", stream.last_event_ms);
    out.Field("lastIngestionTime", stream.last_ingestion_ms);
  }
  out.Field("logStreamName", stream.name);
  out.Field("storedBytes", 0);  // AWS says this of every stream since 2019
  if (stream.events != 0)
    out.Field("uploadSequenceToken", std::to_string(stream.last_ingestion_ms));
  out.EndObject();
}

// What the catalog says must be true of what was acknowledged just now.
Status SettleEvents(Call* call) { return LogEvents(call->parts.reader).Settle(); }

// Groups and streams with events stay; AWS has this error for groups that are protected.
Status Deleted(Call* call, Status status) {
  if (!status && status.error().code == Code::kFailedPrecondition)
    return call->Fail("ValidationException", std::move(status.error().message));
  return status;
}

}  // namespace

Status CreateLogGroup(Call* call) {
  LogGroup group;
  group.project = call->project;
  SKEP_ASSIGN(group.name, ReadGroup(call, GroupBy::kName));
  group.created_ms = call->now_ms;
  group.kms_key = call->input.Text("kmsKeyId", kKmsKeyRule);
  const std::string log_class = ReadClass(call);
  if (!log_class.empty()) group.log_class = log_class;
  group.deletion_protected = call->input.Bool("deletionProtectionEnabled", false);
  const LogTags tags = call->input.Tags("tags");
  SKEP_TRY(call->CheckInput());
  return call->parts.groups->CreateGroup(group, tags);
}

Status DeleteLogGroup(Call* call) {
  SKEP_ASSIGN(const std::string group, ReadGroup(call, GroupBy::kName));
  SKEP_TRY(call->CheckInput());
  SKEP_TRY(SettleEvents(call));
  return Deleted(call, call->parts.groups->DeleteGroup(call->project, group));
}

Status DescribeLogGroups(Call* call) {
  LogGroupFilter filter;
  filter.project = call->project;
  filter.prefix = call->input.Text("logGroupNamePrefix", kGroupNameRule);
  TextRule pattern_rule = kGroupNameRule;
  pattern_rule.min = 0;
  filter.contains = call->input.Text("logGroupNamePattern", pattern_rule);
  filter.log_class = ReadClass(call);
  for (const std::string& identifier :
       call->input.TextList("logGroupIdentifiers", 1, kPageMax, kIdentifierRule))
    filter.names.push_back(GroupOfIdentifier(identifier));
  const size_t limit = ReadPageLimit(call);
  SKEP_ASSIGN(const std::string after, ReadToken(call));
  SKEP_TRY(call->CheckInput());
  if (!filter.prefix.empty() && !filter.contains.empty())
    return Error(Code::kInvalidArgument,
                 "LogGroup name prefix and LogGroup name pattern are mutually exclusive "
                 "parameters.");
  SKEP_TRY(SettleEvents(call));
  SKEP_ASSIGN(const LogGroupPage page, call->parts.groups->ListGroups(filter, after, limit));
  call->output.BeginObject();
  call->output.Key("logGroups");
  call->output.BeginArray();
  for (const LogGroup& group : page.groups) WriteGroup(call, group, !filter.contains.empty());
  call->output.EndArray();
  if (page.more) WriteToken(call, page.groups.back().name);
  call->output.EndObject();
  return {};
}

Status CreateLogStream(Call* call) {
  SKEP_ASSIGN(const std::string group, ReadGroup(call, GroupBy::kName));
  const std::string stream = call->input.RequiredText("logStreamName", kStreamNameRule);
  SKEP_TRY(call->CheckInput());
  return call->parts.groups->CreateStream(call->project, group, stream, call->now_ms);
}

Status DeleteLogStream(Call* call) {
  SKEP_ASSIGN(const std::string group, ReadGroup(call, GroupBy::kName));
  const std::string stream = call->input.RequiredText("logStreamName", kStreamNameRule);
  SKEP_TRY(call->CheckInput());
  SKEP_TRY(SettleEvents(call));
  return Deleted(call, call->parts.groups->DeleteStream(call->project, group, stream));
}

Status DescribeLogStreams(Call* call) {
  LogStreamFilter filter;
  filter.project = call->project;
  SKEP_ASSIGN(filter.group, ReadGroup(call, GroupBy::kNameOrIdentifier));
  filter.prefix = call->input.Text("logStreamNamePrefix", kStreamNameRule);
  const std::string order = call->input.Text("orderBy", kFreeRule);
  if (call->input.Has("orderBy") && order != "LogStreamName" && order != "LastEventTime")
    call->input.violations().NotInSet("orderBy", order, "[LogStreamName, LastEventTime]");
  if (order == "LastEventTime") filter.order = LogStreamOrder::kLastEvent;
  filter.descending = call->input.Bool("descending", false);
  const size_t limit = ReadPageLimit(call);
  SKEP_ASSIGN(const std::optional<LogStreamPosition> after, ReadStreamToken(call));
  SKEP_TRY(call->CheckInput());
  if (filter.order == LogStreamOrder::kLastEvent && !filter.prefix.empty())
    return Error(Code::kInvalidArgument,
                 "Cannot order by LastEventTime with a logStreamNamePrefix.");
  SKEP_TRY(SettleEvents(call));
  SKEP_ASSIGN(const LogStreamPage page, call->parts.groups->ListStreams(filter, after, limit));
  call->output.BeginObject();
  call->output.Key("logStreams");
  call->output.BeginArray();
  for (const LogStream& stream : page.streams) WriteStream(call, filter.group, stream);
  call->output.EndArray();
  if (page.more) {
    const LogStream& last = page.streams.back();
    WriteToken(call, std::to_string(last.last_event_ms) + ':' + last.name);
  }
  call->output.EndObject();
  return {};
}

Status PutRetentionPolicy(Call* call) {
  SKEP_ASSIGN(const std::string group, ReadGroup(call, GroupBy::kName));
  const auto days = call->input.RequiredInt("retentionInDays", INT32_MIN, INT32_MAX);
  if (days &&
      std::find(kRetentionDays.begin(), kRetentionDays.end(), *days) == kRetentionDays.end())
    call->input.violations().NotInSet(
        "retentionInDays", std::to_string(*days),
        "[1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, "
        "2922, 3288, 3653]");
  SKEP_TRY(call->CheckInput());
  return call->parts.groups->SetRetention(call->project, group, *days);
}

Status DeleteRetentionPolicy(Call* call) {
  SKEP_ASSIGN(const std::string group, ReadGroup(call, GroupBy::kName));
  SKEP_TRY(call->CheckInput());
  return call->parts.groups->SetRetention(call->project, group, 0);
}

}  // namespace skep::cloudwatch
