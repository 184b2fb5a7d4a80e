// SPDX-License-Identifier: Apache-2.0
#include "cloudwatch/answers.h"

#include <algorithm>

#include "core/json_value.h"

namespace skep::sdk::cloudwatch {
namespace {

std::optional<uint32_t> Index(const JsonValue& object, std::string_view name) {
  const JsonValue* member = object.Find(name);
  const std::optional<double> number = member == nullptr ? std::nullopt : member->Number();
  if (!number || !(*number >= 0 && *number <= UINT32_MAX)) return std::nullopt;
  return static_cast<uint32_t>(*number);
}

// "com.amazonaws.logs#Code" and "Code:http://..." are both seen.
std::string PlainCode(std::string_view text) {
  text = text.substr(0, text.find(':'));
  const size_t hash = text.rfind('#');
  return std::string(hash == std::string_view::npos ? text : text.substr(hash + 1));
}

// As in "The next expected sequenceToken is: 49590302" and "... is: null".
std::string LastWord(std::string_view text) {
  const size_t blank = text.rfind(' ');
  std::string word(blank == std::string_view::npos ? text : text.substr(blank + 1));
  return word == "null" ? "" : word;
}

}  // namespace

PutAnswer ReadPutAnswer(std::string_view body) {
  PutAnswer answer;
  const std::optional<JsonValue> json = JsonValue::Parse(body);
  if (!json) return answer;
  answer.next_token = json->TextOf("nextSequenceToken");
  const JsonValue* info = json->Find("rejectedLogEventsInfo");
  if (info == nullptr) return answer;
  answer.too_new_start = Index(*info, "tooNewLogEventStartIndex");
  answer.too_old_end = Index(*info, "tooOldLogEventEndIndex");
  answer.expired_end = Index(*info, "expiredLogEventEndIndex");
  return answer;
}

AwsError ReadError(std::string_view type_header, std::string_view body) {
  AwsError error;
  error.code = PlainCode(type_header);
  const std::optional<JsonValue> json = JsonValue::Parse(body);
  if (!json) return error;
  if (error.code.empty()) error.code = PlainCode(json->TextOf("__type"));
  std::string_view message = json->TextOf("message");
  if (message.empty()) message = json->TextOf("Message");
  error.message = message.substr(0, 512);
  if (error.code == "InvalidSequenceTokenException" ||
      error.code == "DataAlreadyAcceptedException") {
    error.expected_token = json->TextOf("expectedSequenceToken");
    if (error.expected_token.empty()) error.expected_token = LastWord(message);
  }
  return error;
}

uint32_t RejectedEvents(const PutAnswer& answer, uint32_t records) {
  // An end of 0 is said by those who mean the last index, for one event.
  auto front = [](std::optional<uint32_t> end) { return end ? std::max(*end, 1u) : 0u; };
  const uint64_t old = std::max(front(answer.too_old_end), front(answer.expired_end));
  const uint64_t young =
      answer.too_new_start && *answer.too_new_start < records ? records - *answer.too_new_start : 0;
  return static_cast<uint32_t>(std::min<uint64_t>(records, old + young));
}

}  // namespace skep::sdk::cloudwatch
