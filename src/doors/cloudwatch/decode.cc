// SPDX-License-Identifier: Apache-2.0
#include "doors/cloudwatch/decode.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <utility>

#include "base/clock.h"
#include "doors/cloudwatch/constraints.h"
#include "doors/cloudwatch/line_decoder.h"

namespace skep::cloudwatch {
namespace {

constexpr int64_t kTimeMaxMs = INT64_MAX / kNsPerMs;
constexpr std::string_view kTypeNames[] = {"NULL",   "BOOLEAN", "NUMBER", "NUMBER",
                                           "NUMBER", "STRING",  "ARRAY",  "STRUCT"};

bool IsNumber(const JsonTape::Token& token) {
  return token.type == JsonType::kInt64 || token.type == JsonType::kUInt64 ||
         token.type == JsonType::kFloat64;
}

// Milliseconds that a DateTime64(9) can be; what is beyond is later than any window.
int64_t TimeOf(const JsonTape::Token& token) {
  if (token.type == JsonType::kInt64) return std::min(token.int64, kTimeMaxMs);
  if (!(token.float64 < static_cast<double>(kTimeMaxMs))) return kTimeMaxMs;  // NaN, too
  return token.float64 < 0 ? -1 : static_cast<int64_t>(token.float64);
}

std::string MemberName(size_t index, std::string_view member) {
  return "logEvents." + std::to_string(index + 1) + ".member." + std::string(member);
}

// Calls f(name, index of the value) for each member of the object at `token`, until it is false.
template <typename F>
bool ForEachMember(const JsonTape& tape, size_t token, F&& f) {
  const auto& tokens = tape.tokens();
  for (size_t at = token + 1; at < tokens[token].next; at = tokens[at + 1].next)
    if (!f(tape.Raw(tokens[at]), at + 1)) return false;
  return true;
}

}  // namespace

std::string FormatWindow(const EventWindow& window) {
  return std::to_string(window.too_old_before) + ' ' + std::to_string(window.expired_before) + ' ' +
         std::to_string(window.too_new_after);
}

Result<EventWindow> ParseWindow(std::string_view text) {
  EventWindow window;
  if (text.empty()) return window;
  const char* at = text.data();
  const char* const end = at + text.size();
  for (int64_t* bound : {&window.too_old_before, &window.expired_before, &window.too_new_after}) {
    if (at != text.data() && (at == end || *at++ != ' '))
      return Error(Code::kInvalidArgument, "the context is no window");
    const auto [next, error] = std::from_chars(at, end, *bound);
    if (error != std::errc()) return Error(Code::kInvalidArgument, "the context is no window");
    at = next;
  }
  if (at != end) return Error(Code::kInvalidArgument, "the context is no window");
  return window;
}

bool PutLogEventsBody::Fail(std::string message) {
  problem_ = {false, std::move(message)};
  return false;
}

bool PutLogEventsBody::FailSerialization(std::string_view message) {
  problem_ = {true, std::string(message)};
  return false;
}

std::string_view PutLogEventsBody::TextOf(const JsonTape::Token& token) {
  const std::string_view raw = tape_.Raw(token);
  if (!token.escaped) return raw;
  char* const plain = batch_.arena().Allocate(raw.size());
  return {plain, JsonTape::Unescape(raw, plain)};
}

bool PutLogEventsBody::ReadText(size_t token, std::string_view* text) {
  const JsonTape::Token& value = tape_.tokens()[token];
  if (value.type != JsonType::kString)
    return FailSerialization(std::string(kTypeNames[static_cast<size_t>(value.type)]) +
                             "_VALUE can not be converted to a String");
  *text = TextOf(value);
  return true;
}

bool PutLogEventsBody::Parse(Bytes body, const Limits& limits) {
  limits_ = limits;
  batch_ = RecordBatch(std::move(body));
  if (batch_.body().size() > limits.body_bytes_max) return Fail("The body is too large.");
  if (!tape_.Parse(batch_.body(), limits.depth_max))
    return FailSerialization("The body is not JSON that this operation can read.");
  if (tape_.tokens().front().type != JsonType::kObject)
    return FailSerialization("The body is not a JSON object.");
  return ReadRoot();
}

bool PutLogEventsBody::ReadRoot() {
  bool has_events = false;
  const bool read = ForEachMember(tape_, 0, [&](std::string_view name, size_t value) {
    if (tape_.tokens()[value].type == JsonType::kNull) return true;
    if (name == "logGroupName") return has_group_ = ReadText(value, &group_);
    if (name == "logStreamName") return has_stream_ = ReadText(value, &stream_);
    if (name == "sequenceToken") return ReadText(value, &sequence_token_);
    if (name == "logEvents") return has_events = ReadEvents(value);
    return true;  // entity, and what a newer client may send
  });
  return read && Validate(has_events);
}

bool PutLogEventsBody::ReadEvents(size_t token) {
  const JsonTape::Token& list = tape_.tokens()[token];
  if (list.type != JsonType::kArray)
    return FailSerialization("logEvents can not be converted to a List");
  events_.clear();
  for (size_t at = token + 1; at < list.next; at = tape_.tokens()[at].next) {
    Event& event = events_.emplace_back();
    if (!ReadEvent(at, &event)) return false;
  }
  return true;
}

bool PutLogEventsBody::ReadEvent(size_t token, Event* event) {
  if (tape_.tokens()[token].type != JsonType::kObject)
    return FailSerialization("A log event can not be converted to a Structure");
  return ForEachMember(tape_, token, [&](std::string_view name, size_t at) {
    const JsonTape::Token& value = tape_.tokens()[at];
    if (value.type == JsonType::kNull) return true;
    if (name == "timestamp") {
      if (!IsNumber(value))
        return FailSerialization(std::string(kTypeNames[static_cast<size_t>(value.type)]) +
                                 "_VALUE can not be converted to a Long");
      event->time_ms = TimeOf(value);
      event->has_time = true;
    } else if (name == "message") {
      if (value.type != JsonType::kString)
        return FailSerialization(std::string(kTypeNames[static_cast<size_t>(value.type)]) +
                                 "_VALUE can not be converted to a String");
      event->message = static_cast<uint32_t>(at);
      event->has_message = true;
    }
    return true;
  });
}

bool PutLogEventsBody::Validate(bool has_events) {
  Violations violations;
  if (has_group_) {
    violations.Text("logGroupName", group_, kGroupNameRule);
  } else {
    violations.Missing("logGroupName");
  }
  if (has_stream_) {
    violations.Text("logStreamName", stream_, kStreamNameRule);
  } else {
    violations.Missing("logStreamName");
  }
  if (!has_events) {
    violations.Missing("logEvents");
  } else {
    violations.Size("logEvents", "[]", events_.size(), 1, limits_.records_max);
  }
  bool ordered = true;
  for (size_t i = 0; i < events_.size() && violations.empty(); ++i) {
    const Event& event = events_[i];
    if (!event.has_time) violations.Missing(MemberName(i, "timestamp"));
    if (event.time_ms < 0)
      violations.Range(MemberName(i, "timestamp"), event.time_ms, 0, kTimeMaxMs);
    if (!event.has_message) {
      violations.Missing(MemberName(i, "message"));
      continue;
    }
    const size_t size = tape_.Raw(tape_.tokens()[event.message]).size();
    if (size == 0 || size > limits_.string_bytes_max)
      violations.Size(MemberName(i, "message"), "", size, 1, limits_.string_bytes_max);
    ordered = ordered && (i == 0 || event.time_ms >= events_[i - 1].time_ms);
  }
  if (!violations.empty()) return Fail(violations.Message());
  if (!ordered)
    return Fail("Log events in a single PutLogEvents request must be in chronological order.");
  return true;
}

RejectedEvents PutLogEventsBody::Rejected(const EventWindow& window) const {
  RejectedEvents rejected;
  for (size_t i = 0; i < events_.size(); ++i) {
    const int64_t time = events_[i].time_ms;
    if (time < window.too_old_before) {
      rejected.too_old_end = i;
    } else if (time < window.expired_before) {
      rejected.expired_end = i;
    } else if (time > window.too_new_after && !rejected.too_new_start) {
      rejected.too_new_start = i;
    }
  }
  return rejected;
}

RecordBatch PutLogEventsBody::ToBatch(const EventWindow& window) {
  batch_.BeginShared();
  batch_.AddShared(kGroupAttribute, Value::String(group_));
  batch_.AddShared(kStreamAttribute, Value::String(stream_));
  const SharedSet shared = batch_.EndShared();
  LineDecoder lines(&batch_, limits_);
  const int64_t from = std::max(window.too_old_before, window.expired_before);
  for (const Event& event : events_) {
    if (event.time_ms < from || event.time_ms > window.too_new_after) continue;
    Record& record = batch_.BeginRecord(shared);
    record.signal = Signal::kLog;
    record.time_ns = event.time_ms * kNsPerMs;
    record.dataset = group_;
    record.body = TextOf(tape_.tokens()[event.message]);
    lines.AddLine(&record);
    batch_.EndRecord();
  }
  return std::move(batch_);
}

Result<RecordBatch> DecodePutLogEvents(Bytes body, const DecodeContext& context,
                                       const Limits& limits) {
  SKEP_ASSIGN(const EventWindow window, ParseWindow(context.context));
  PutLogEventsBody request;
  if (!request.Parse(std::move(body), limits))
    return Error(Code::kInvalidArgument, request.problem().message);
  return request.ToBatch(window);
}

}  // namespace skep::cloudwatch
