// SPDX-License-Identifier: Apache-2.0
// Reading events back: a stream's (GetLogEvents) and a group's (FilterLogEvents).
#include <algorithm>
#include <optional>
#include <utility>

#include "doors/cloudwatch/event_id.h"
#include "doors/cloudwatch/operations.h"
#include "query/log_events.h"

namespace skep::cloudwatch {
namespace {

constexpr int64_t kEventsMax = 10'000;
constexpr int64_t kDayMs = 86'400'000;
constexpr size_t kStreamNamesMax = 100;
constexpr TextRule kTokenRule = {1, 8192};
constexpr TextRule kPatternRule = {0, 1024};

Error BadToken() { return {Code::kInvalidArgument, "The specified nextToken is invalid."}; }

Result<std::optional<PageToken>> ReadPageToken(Call* call) {
  const std::string text = call->input.Text("nextToken", kTokenRule);
  if (text.empty()) return std::optional<PageToken>();
  const auto token = ParsePageToken(text);
  if (!token) return BadToken();
  return token;
}

// What both operations have in common. A group's events are gone for its readers when they expire.
void ReadRange(Call* call, LogEventsQuery* query) {
  query->project = call->project;
  query->from_ms = call->input.Int("startTime", 0, INT64_MAX).value_or(0);
  query->limit = static_cast<size_t>(call->input.Int("limit", 1, kEventsMax).value_or(kEventsMax));
  call->input.Bool("unmask", false);  // nothing is masked here
}
void HideExpired(Call* call, const LogGroup& group, LogEventsQuery* query) {
  if (group.retention_days == 0) return;
  query->from_ms = std::max(query->from_ms, call->now_ms - group.retention_days * kDayMs);
}

// GetLogEvents always gives both tokens. One that comes back as it was sent says that there is
// nothing more that way.
struct PageTokens {
  PageToken forward;
  PageToken backward;
};
PageTokens TokensOf(const std::vector<LogEvent>& ascending, const LogEventsQuery& query,
                    const std::optional<PageToken>& asked) {
  if (!ascending.empty())
    return {{true, ascending.back().position}, {false, ascending.front().position}};
  if (!asked) {
    const LogEventPosition start{query.from_ms, 0};
    return {{true, start}, {false, start}};
  }
  if (asked->forward) return {*asked, {false, NextPosition(asked->position)}};
  return {{true, PreviousPosition(asked->position)}, *asked};
}

// Patterns that match every event; others are refused, never ignored.
bool MatchesAll(std::string_view pattern) {
  const auto blank = [](std::string_view text) {
    return text.find_first_not_of(' ') == std::string_view::npos;
  };
  if (blank(pattern)) return true;
  return pattern.size() >= 2 && pattern.front() == '"' && pattern.back() == '"' &&
         blank(pattern.substr(1, pattern.size() - 2));
}

Status ReadStreams(Call* call, LogEventsQuery* query) {
  query->streams = call->input.TextList("logStreamNames", 1, kStreamNamesMax, kStreamNameRule);
  query->stream_prefix = call->input.Text("logStreamNamePrefix", kStreamNameRule);
  if (!query->streams.empty() && !query->stream_prefix.empty())
    return Error(Code::kInvalidArgument,
                 "LogStream names and LogStream name prefix are mutually exclusive parameters.");
  return {};
}

void WriteEvent(Call* call, const LogEvent& event, bool filtered) {
  JsonWriter& out = call->output;
  out.BeginObject();
  if (filtered) {
    out.Field("eventId", EventIdDigits(event.position));
    out.Field("logStreamName", event.stream);
  }
  out.Field("timestamp", event.position.time_ms);
  out.Field("message", event.message);
  out.Field("ingestionTime", event.ingestion_ms);
  out.EndObject();
}

void WriteEvents(Call* call, const std::vector<LogEvent>& events, bool filtered) {
  call->output.BeginObject();
  call->output.Key("events");
  call->output.BeginArray();
  for (const LogEvent& event : events) WriteEvent(call, event, filtered);
  call->output.EndArray();
}

}  // namespace

Status GetLogEvents(Call* call) {
  LogEventsQuery query;
  SKEP_ASSIGN(query.group, ReadGroup(call, GroupBy::kNameOrIdentifier));
  const std::string stream = call->input.RequiredText("logStreamName", kStreamNameRule);
  ReadRange(call, &query);
  query.until_ms = call->input.Int("endTime", 0, INT64_MAX).value_or(INT64_MAX);
  query.newest_first = !call->input.Bool("startFromHead", false);
  SKEP_ASSIGN(const std::optional<PageToken> token, ReadPageToken(call));
  SKEP_TRY(call->CheckInput());
  SKEP_ASSIGN(const LogGroup group, call->parts.groups->GetGroup(call->project, query.group));
  SKEP_TRY(call->parts.groups->GetStream(call->project, query.group, stream));
  query.streams = {stream};
  HideExpired(call, group, &query);
  if (token) {
    query.newest_first = !token->forward;
    query.after = token->position;
  }
  SKEP_ASSIGN(LogEventPage page, LogEvents(call->parts.reader).Read(query, call->cancel));
  if (query.newest_first) std::reverse(page.events.begin(), page.events.end());
  WriteEvents(call, page.events, false);
  const PageTokens tokens = TokensOf(page.events, query, token);
  call->output.Field("nextForwardToken", FormatPageToken(tokens.forward));
  call->output.Field("nextBackwardToken", FormatPageToken(tokens.backward));
  call->output.EndObject();
  return {};
}

Status FilterLogEvents(Call* call) {
  LogEventsQuery query;
  SKEP_ASSIGN(query.group, ReadGroup(call, GroupBy::kNameOrIdentifier));
  SKEP_TRY(ReadStreams(call, &query));
  ReadRange(call, &query);
  const int64_t end_ms = call->input.Int("endTime", 0, INT64_MAX).value_or(INT64_MAX);
  query.until_ms = end_ms == INT64_MAX ? INT64_MAX : end_ms + 1;  // inclusive here
  query.newest_first = !call->input.Bool("startFromHead", true);
  call->input.Bool("interleaved", true);  // AWS ignores it, too
  const std::string pattern = call->input.Text("filterPattern", kPatternRule);
  SKEP_ASSIGN(const std::optional<PageToken> token, ReadPageToken(call));
  SKEP_TRY(call->CheckInput());
  if (!MatchesAll(pattern))
    return Error(Code::kInvalidArgument,
                 "This server has no filter patterns yet: leave filterPattern out.");
  SKEP_ASSIGN(const LogGroup group, call->parts.groups->GetGroup(call->project, query.group));
  for (const std::string& stream : query.streams)
    SKEP_TRY(call->parts.groups->GetStream(call->project, query.group, stream));
  HideExpired(call, group, &query);
  if (token) {
    if (token->forward == query.newest_first) return BadToken();
    query.after = token->position;
  }
  SKEP_ASSIGN(const LogEventPage page, LogEvents(call->parts.reader).Read(query, call->cancel));
  WriteEvents(call, page.events, true);
  call->output.Key("searchedLogStreams");
  call->output.BeginArray();
  call->output.EndArray();
  if (page.more)
    call->output.Field("nextToken",
                       FormatPageToken({!query.newest_first, page.events.back().position}));
  call->output.EndObject();
  return {};
}

}  // namespace skep::cloudwatch
