// SPDX-License-Identifier: Apache-2.0
// LogRecord of opentelemetry/proto/logs/v1 to one record each.
#include <utility>
#include <vector>

#include "doors/otlp/request_decoder.h"

namespace skep::otlp {
namespace {

constexpr uint32_t kSeverityMax = 24;

struct LogFields {
  std::string_view severity_text, trace_id, span_id, event_name;
  AnyValue body;
  uint64_t time_ns = 0;
  uint64_t observed_ns = 0;
  uint32_t severity = 0;
};

class LogDecoder : public RequestDecoder {
 public:
  using RequestDecoder::RequestDecoder;

 protected:
  bool DecodeItem(std::string_view item, const ScopeContext& scope) override;

 private:
  bool ReadLog(std::string_view item, LogFields* fields);
  bool SetBody(const AnyValue& body, Record* record);
  void SetIds(const LogFields& fields, Record* record);

  std::vector<std::string_view>
      pairs_;  // attributes of the record at hand; kept to reuse its memory
};

bool LogDecoder::DecodeItem(std::string_view item, const ScopeContext& scope) {
  LogFields fields;
  pairs_.clear();
  if (!ReadLog(item, &fields)) return false;
  Record* record = BeginRecord(scope);
  if (record == nullptr) return false;
  record->signal = Signal::kLog;
  record->time_ns = TimeOr(fields.time_ns, TimeOr(fields.observed_ns, receive_time_ns()));
  if (fields.severity <= kSeverityMax) record->severity = static_cast<Severity>(fields.severity);
  SetIds(fields, record);
  // The body's fields first: where both have a name, the attribute is what the program meant.
  if (!SetBody(fields.body, record)) return false;
  for (const std::string_view pair : pairs_)
    if (!attributes().AddKeyValue(pair)) return false;
  if (!fields.severity_text.empty() && !attributes().AddText("severity_text", fields.severity_text))
    return false;
  if (!fields.event_name.empty()) {
    if (!attributes().AddText("event.name", fields.event_name)) return false;
    record->name = fields.event_name;
  }
  if (const auto rate = attributes().sample_rate()) record->sample_rate = *rate;
  batch().EndRecord();
  return true;
}

bool LogDecoder::ReadLog(std::string_view item, LogFields* fields) {
  ProtoReader reader(item);
  while (reader.Next()) {
    switch (reader.tag()) {
      case Fixed64Tag(1):
        fields->time_ns = reader.number();
        break;
      case VarintTag(2):
        fields->severity = static_cast<uint32_t>(reader.number());
        break;
      case BytesTag(3):
        fields->severity_text = reader.bytes();
        break;
      case BytesTag(5):
        fields->body = {};
        if (!ReadAnyValue(reader.bytes(), &fields->body)) return Malformed();
        break;
      case BytesTag(6):
        pairs_.push_back(reader.bytes());
        break;
      case BytesTag(9):
        fields->trace_id = reader.bytes();
        break;
      case BytesTag(10):
        fields->span_id = reader.bytes();
        break;
      case Fixed64Tag(11):
        fields->observed_ns = reader.number();
        break;
      case BytesTag(12):
        fields->event_name = reader.bytes();
        break;
      default:
        break;
    }
  }
  return reader.ok() || Malformed();
}

// logs.proto: a receiver takes a line with an invalid id as one without, since a line says
// something on its own.
void LogDecoder::SetIds(const LogFields& fields, Record* record) {
  if (const auto id = TraceId::FromRaw(fields.trace_id)) record->trace_id = *id;
  if (const auto id = SpanId::FromRaw(fields.span_id)) record->parent_id = *id;
}

bool LogDecoder::SetBody(const AnyValue& body, Record* record) {
  if (body.kind == AnyKind::kNone) return true;
  if (!attributes().ToText(body, &record->body)) return false;
  if (record->body.size() > limits().string_bytes_max)
    return attributes().FailRecord("a value is too long");
  if (body.kind == AnyKind::kString) return attributes().AddJsonFields(record->body);
  if (body.kind == AnyKind::kKvlist) return attributes().AddFields(body.bytes);
  return true;
}

}  // namespace

std::unique_ptr<RequestDecoder> MakeLogDecoder(Bytes body, int64_t receive_time_ns,
                                               const Limits& limits) {
  return std::make_unique<LogDecoder>(std::move(body), receive_time_ns, limits);
}

}  // namespace skep::otlp
