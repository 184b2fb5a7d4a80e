// SPDX-License-Identifier: Apache-2.0
#include "cloudwatch/answers.h"

#include <rapidjson/document.h>

#include <algorithm>

namespace skep::sdk::cloudwatch {
namespace {

using Json = rapidjson::Document;

// Iterative: the nesting of a body cannot exhaust the stack.
bool ParseObject(std::string_view body, Json& json) {
  json.Parse<rapidjson::kParseIterativeFlag>(body.data(), body.size());
  return !json.HasParseError() && json.IsObject();
}

std::string_view Text(const rapidjson::Value& object, const char* name) {
  const auto member = object.FindMember(name);
  if (member == object.MemberEnd() || !member->value.IsString()) return {};
  return {member->value.GetString(), member->value.GetStringLength()};
}

std::optional<uint32_t> Index(const rapidjson::Value& object, const char* name) {
  const auto member = object.FindMember(name);
  if (member == object.MemberEnd() || !member->value.IsUint()) return std::nullopt;
  return member->value.GetUint();
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
  Json json;
  if (!ParseObject(body, json)) return answer;
  answer.next_token = Text(json, "nextSequenceToken");
  const auto info = json.FindMember("rejectedLogEventsInfo");
  if (info == json.MemberEnd() || !info->value.IsObject()) return answer;
  answer.too_new_start = Index(info->value, "tooNewLogEventStartIndex");
  answer.too_old_end = Index(info->value, "tooOldLogEventEndIndex");
  answer.expired_end = Index(info->value, "expiredLogEventEndIndex");
  return answer;
}

AwsError ReadError(std::string_view type_header, std::string_view body) {
  AwsError error;
  error.code = PlainCode(type_header);
  Json json;
  if (!ParseObject(body, json)) return error;
  if (error.code.empty()) error.code = PlainCode(Text(json, "__type"));
  std::string_view message = Text(json, "message");
  if (message.empty()) message = Text(json, "Message");
  error.message = message.substr(0, 512);
  if (error.code == "InvalidSequenceTokenException" ||
      error.code == "DataAlreadyAcceptedException") {
    error.expected_token = Text(json, "expectedSequenceToken");
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
