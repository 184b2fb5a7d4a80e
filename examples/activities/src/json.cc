// SPDX-License-Identifier: Apache-2.0
#include "json.h"

#include <rapidjson/document.h>
#include <rapidjson/stringbuffer.h>
#include <rapidjson/writer.h>

namespace activities {
namespace {

// What a client sent as text may be no UTF-8: the writer would pass it on, so the reader refuses
// it.
constexpr unsigned kParseFlags =
    rapidjson::kParseIterativeFlag | rapidjson::kParseValidateEncodingFlag;

using Writer = rapidjson::Writer<rapidjson::StringBuffer>;

void Text(Writer& writer, std::string_view text) {
  writer.String(text.data(), static_cast<rapidjson::SizeType>(text.size()));
}

void Member(Writer& writer, const char* name, std::string_view text) {
  writer.Key(name);
  Text(writer, text);
}

void Member(Writer& writer, const char* name, int number) {
  writer.Key(name);
  writer.Int(number);
}

void Write(Writer& writer, const Activity& activity,
           const std::vector<Activity>* replies = nullptr);
void Write(Writer& writer, const Message& message);
void Write(Writer& writer, const MessageGroup& group);
void Write(Writer& writer, std::string_view text) { Text(writer, text); }

template <typename Value>
void WriteAll(Writer& writer, const std::vector<Value>& values) {
  writer.StartArray();
  for (const Value& value : values) Write(writer, value);
  writer.EndArray();
}

void Write(Writer& writer, const Message& message) {
  writer.StartObject();
  Member(writer, "uuid", message.uuid);
  Member(writer, "handle", message.from);
  Member(writer, "receiver_handle", message.to);
  Member(writer, "message", message.message);
  Member(writer, "created_at", IsoLocal(message.created_at));
  writer.EndObject();
}

void Write(Writer& writer, const MessageGroup& group) {
  writer.StartObject();
  Member(writer, "handle", group.handle);
  Member(writer, "message", group.last.message);
  Member(writer, "created_at", IsoLocal(group.last.created_at));
  writer.EndObject();
}

void Write(Writer& writer, const Activity& activity, const std::vector<Activity>* replies) {
  writer.StartObject();
  Member(writer, "uuid", activity.uuid);
  Member(writer, "display_name", activity.display_name);
  Member(writer, "handle", activity.handle);
  Member(writer, "message", activity.message);
  Member(writer, "created_at", IsoLocal(activity.created_at));
  Member(writer, "expires_at", IsoLocal(activity.expires_at));
  Member(writer, "likes_count", activity.likes_count);
  Member(writer, "replies_count", activity.replies_count);
  Member(writer, "reposts_count", activity.reposts_count);
  if (!activity.reply_to.empty()) Member(writer, "reply_to_activity_uuid", activity.reply_to);
  if (replies != nullptr) {
    writer.Key("replies");
    WriteAll(writer, *replies);
  }
  writer.EndObject();
}

template <typename... Values>
std::string Written(const Values&... values) {
  rapidjson::StringBuffer buffer;
  Writer writer(buffer);
  Write(writer, values...);
  return std::string(buffer.GetString(), buffer.GetSize()) + "\n";
}

template <typename Value>
std::string WrittenAll(const std::vector<Value>& values) {
  rapidjson::StringBuffer buffer;
  Writer writer(buffer);
  WriteAll(writer, values);
  return std::string(buffer.GetString(), buffer.GetSize()) + "\n";
}

}  // namespace

Fields ReadFields(std::string_view body) {
  Fields fields;
  rapidjson::Document document;
  document.Parse<kParseFlags>(body.data(), body.size());
  if (document.HasParseError() || !document.IsObject()) return fields;
  for (const auto& [name, value] : document.GetObject()) {
    if (value.IsString()) {
      fields.emplace(std::string(name.GetString(), name.GetStringLength()),
                     std::string(value.GetString(), value.GetStringLength()));
    }
  }
  return fields;
}

std::optional<std::string> Find(const Fields& fields, std::string_view name) {
  const auto found = fields.find(name);
  if (found == fields.end()) return std::nullopt;
  return found->second;
}

std::string ToJson(const Activity& activity, const std::vector<Activity>* replies) {
  return Written(activity, replies);
}
std::string ToJson(const std::vector<Activity>& activities) { return WrittenAll(activities); }
std::string ToJson(const Message& message) { return Written(message); }
std::string ToJson(const std::vector<Message>& messages) { return WrittenAll(messages); }
std::string ToJson(const std::vector<MessageGroup>& groups) { return WrittenAll(groups); }
std::string ToJson(const std::vector<std::string_view>& texts) { return WrittenAll(texts); }

}  // namespace activities
