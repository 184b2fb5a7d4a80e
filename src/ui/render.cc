// SPDX-License-Identifier: Apache-2.0
#include "ui/render.h"

#include "query/attribute_set.h"

namespace skep::ui {
namespace {

// The whole numbers that a browser's number holds.
constexpr int64_t kExactMax = int64_t{1} << 53;

void RenderValue(const JsonView& value, JsonWriter* json) {
  const bool whole = value.type() == JsonType::kInt64;
  const int64_t number = value.int64();
  if (value.type() == JsonType::kUInt64 || (whole && (number > kExactMax || number < -kExactMax))) {
    json->String(value.ToJson());
  } else {
    json->Raw(value.ToJson());
  }
}

}  // namespace

void FieldAsText(std::string_view name, int64_t value, JsonWriter* json) {
  json->Field(name, std::string_view(std::to_string(value)));
}

void FieldAsText(std::string_view name, uint64_t value, JsonWriter* json) {
  json->Field(name, std::string_view(std::to_string(value)));
}

void FieldUnlessEmpty(std::string_view name, std::string_view text, JsonWriter* json) {
  if (!text.empty()) json->Field(name, text);
}

void RenderAttributes(std::string_view attributes, JsonWriter* json) {
  const AttributeSet set(attributes);
  json->Key("attributes");
  json->BeginObject();
  for (const auto& [name, value] : set.entries()) {
    json->Key(name);
    RenderValue(value, json);
  }
  json->EndObject();
}

void RenderDoors(const std::vector<DoorShare>& doors, JsonWriter* json) {
  json->Key("doors");
  json->BeginArray();
  for (const DoorShare& share : doors) {
    json->BeginObject();
    json->Field("door", NameOf(share.door));
    json->Field("spans", share.spans);
    json->Field("logs", share.logs);
    json->Field("errors", share.errors);
    json->Field("how", NameOf(share.how));
    json->EndObject();
  }
  json->EndArray();
}

void RenderRequest(const RequestSummary& request, JsonWriter* json) {
  const EntryFields& fields = request.fields;
  json->BeginObject();
  json->Field("trace_id", std::string_view(request.trace_id.Hex()));
  FieldAsText("time_ns", request.time_ns, json);
  FieldAsText("duration_ns", request.duration_ns, json);
  json->Field("name", std::string_view(request.name));
  FieldUnlessEmpty("method", fields.method, json);
  FieldUnlessEmpty("route", fields.route, json);
  if (fields.status_code != 0) json->Field("status_code", fields.status_code);
  json->Field("service", std::string_view(request.service));
  json->Field("door", NameOf(request.door));
  RenderDoors(request.doors, json);
  json->Field("error", fields.error);
  FieldUnlessEmpty("user", fields.user, json);
  if (request.last_words.source != LastWords::Source::kNone) {
    json->Field("last_words", std::string_view(request.last_words.text));
    json->Field("last_severity", uint64_t{request.last_words.severity});
  }
  json->Field("spans", request.spans);
  json->Field("logs", request.logs);
  if (request.open) json->Field("open", true);
  json->EndObject();
}

void RenderLine(const LogLine& line, JsonWriter* json) {
  json->BeginObject();
  FieldAsText("id", line.row.event_id, json);
  FieldAsText("time_ns", line.row.time_ns, json);
  json->Field("severity", uint64_t{line.row.severity});
  json->Field("source", std::string_view(line.row.dataset));
  FieldUnlessEmpty("stream", AttributeSet(line.row.attributes).Text("aws.log.stream.name"), json);
  json->Field("door", NameOf(line.row.door));
  json->Field("text", std::string_view(line.row.body));
  if (!line.trace_id.empty()) {
    json->Field("trace_id", std::string_view(line.trace_id.Hex()));
    json->Field("join", NameOf(line.how));
  }
  RenderAttributes(line.row.attributes, json);
  json->EndObject();
}

void RenderItem(const Item& item, JsonWriter* json) {
  json->BeginObject();
  json->Field("counter", item.counter);
  json->Field("title", std::string_view(item.title));
  json->Field("level", NameOf(item.level));
  json->Field("status", NameOf(item.status));
  FieldUnlessEmpty("environment", item.environment, json);
  FieldUnlessEmpty("framework", item.framework, json);
  FieldUnlessEmpty("language", item.language, json);
  json->Field("occurrences", item.total_occurrences);
  json->Field("people", item.people);
  FieldAsText("first_seen_ns", item.first_occurrence_ns, json);
  FieldAsText("last_seen_ns", item.last_occurrence_ns, json);
  json->EndObject();
}

}  // namespace skep::ui
