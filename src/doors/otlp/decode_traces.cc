// SPDX-License-Identifier: Apache-2.0
// Span of opentelemetry/proto/trace/v1 to records: the span, then one record for each of its events
// and links.
#include <algorithm>
#include <array>
#include <optional>
#include <utility>
#include <vector>

#include "base/hex.h"
#include "doors/otlp/request_decoder.h"

namespace skep::otlp {
namespace {

constexpr std::array<std::string_view, 3> kExceptionNames = {"exception.type", "exception.message",
                                                             "exception.stacktrace"};

// A span's fields as they stand on the wire.
struct SpanFields {
  std::string_view trace_id, span_id, parent_id, trace_state, name, status;
  uint32_t kind = 0;
  uint64_t start_ns = 0;
  uint64_t end_ns = 0;
};

struct EventFields {
  std::string_view name;
  uint64_t time_ns = 0;
};

class TraceDecoder : public RequestDecoder {
 public:
  using RequestDecoder::RequestDecoder;

 protected:
  bool DecodeItem(std::string_view item, const ScopeContext& scope) override;

 private:
  bool ReadSpan(std::string_view item, SpanFields* fields);
  bool SetSpan(const SpanFields& fields, size_t index);
  bool SetStatus(std::string_view status, size_t index);
  // Sets *copied if the event is an exception.
  bool CopyException(std::string_view event, bool* copied);
  bool HasOwn(KeyId key) const;
  bool DecodeEvent(std::string_view event, const ScopeContext& scope, size_t span);
  bool DecodeLink(std::string_view link, const ScopeContext& scope, size_t span);
  bool AddLinkId(std::string_view name, std::string_view id);
  // The record of an event or link of the span.
  Record* BeginChild(Signal signal, const ScopeContext& scope, size_t span);

  // Of the span at hand; kept to reuse their memory.
  std::vector<std::string_view> events_;
  std::vector<std::string_view> links_;
};

bool TraceDecoder::DecodeItem(std::string_view item, const ScopeContext& scope) {
  const size_t index = batch().records().size();
  if (BeginRecord(scope) == nullptr) return false;
  events_.clear();
  links_.clear();
  SpanFields fields;
  if (!ReadSpan(item, &fields) || !SetSpan(fields, index)) return false;
  bool copied = false;
  for (size_t i = 0; i < events_.size() && !copied; ++i)
    if (!CopyException(events_[i], &copied)) return false;
  batch().EndRecord();
  for (const std::string_view event : events_)
    if (!DecodeEvent(event, scope, index)) return false;
  for (const std::string_view link : links_)
    if (!DecodeLink(link, scope, index)) return false;
  return true;
}

bool TraceDecoder::ReadSpan(std::string_view item, SpanFields* fields) {
  ProtoReader reader(item);
  while (reader.Next()) {
    switch (reader.tag()) {
      case BytesTag(1):
        fields->trace_id = reader.bytes();
        break;
      case BytesTag(2):
        fields->span_id = reader.bytes();
        break;
      case BytesTag(3):
        fields->trace_state = reader.bytes();
        break;
      case BytesTag(4):
        fields->parent_id = reader.bytes();
        break;
      case BytesTag(5):
        fields->name = reader.bytes();
        break;
      case VarintTag(6):
        fields->kind = static_cast<uint32_t>(reader.number());
        break;
      case Fixed64Tag(7):
        fields->start_ns = reader.number();
        break;
      case Fixed64Tag(8):
        fields->end_ns = reader.number();
        break;
      case BytesTag(9):
        if (!attributes().AddKeyValue(reader.bytes())) return false;
        break;
      case BytesTag(11):
        events_.push_back(reader.bytes());
        break;
      case BytesTag(13):
        links_.push_back(reader.bytes());
        break;
      case BytesTag(15):
        fields->status = reader.bytes();
        break;
      default:
        break;
    }
  }
  return reader.ok() || Malformed();
}

bool TraceDecoder::SetSpan(const SpanFields& fields, size_t index) {
  Record& record = batch().mutable_records()[index];
  record.signal = Signal::kSpan;
  const auto trace_id = TraceId::FromRaw(fields.trace_id);
  if (!trace_id || trace_id->empty())
    return attributes().FailRecord("trace_id must be 16 bytes that are not all zero");
  const auto span_id = SpanId::FromRaw(fields.span_id);
  if (!span_id || span_id->empty())
    return attributes().FailRecord("span_id must be 8 bytes that are not all zero");
  record.trace_id = *trace_id;
  record.span_id = *span_id;
  if (!fields.parent_id.empty()) {
    const auto parent_id = SpanId::FromRaw(fields.parent_id);
    if (!parent_id) return attributes().FailRecord("parent_span_id must be 8 bytes or absent");
    record.parent_id = *parent_id;
  }
  if (fields.name.size() > limits().string_bytes_max)
    return attributes().FailRecord("a value is too long");
  record.name = fields.name;
  if (fields.kind <= static_cast<uint32_t>(SpanKind::kConsumer))
    record.kind = static_cast<SpanKind>(fields.kind);
  record.time_ns = TimeOr(fields.start_ns, receive_time_ns());
  if (fields.end_ns >= fields.start_ns) {
    record.duration_ns = fields.start_ns == 0 ? 0 : fields.end_ns - fields.start_ns;
  } else if (!attributes().AddBool("meta.invalid_duration", true)) {
    return false;
  }
  auto rate = attributes().sample_rate();
  if (!fields.trace_state.empty()) {
    if (!rate) rate = SampleRateOfTraceState(fields.trace_state);
    if (!attributes().AddText("trace.trace_state", fields.trace_state)) return false;
  }
  if (rate) record.sample_rate = *rate;
  return SetStatus(fields.status, index);
}

bool TraceDecoder::SetStatus(std::string_view status, size_t index) {
  ProtoReader reader(status);
  std::string_view message;
  uint32_t code = 0;
  while (reader.Next()) {
    if (reader.tag() == BytesTag(2)) message = reader.bytes();
    if (reader.tag() == VarintTag(3)) code = static_cast<uint32_t>(reader.number());
  }
  if (!reader.ok()) return Malformed();
  if (code <= static_cast<uint32_t>(SpanStatus::kError))
    batch().mutable_records()[index].status = static_cast<SpanStatus>(code);
  return message.empty() || attributes().AddText("status_message", message);
}

bool TraceDecoder::HasOwn(KeyId key) const {
  const auto begin = batch().attributes().begin() + batch().records().back().own_begin;
  return std::any_of(begin, batch().attributes().end(),
                     [&](const Attribute& attribute) { return attribute.key == key; });
}

// The first exception of a span is the span's own too, so that spans can be asked for by it.
bool TraceDecoder::CopyException(std::string_view event, bool* copied) {
  ProtoReader reader(event);
  std::string_view name;
  while (reader.Next())
    if (reader.tag() == BytesTag(2)) name = reader.bytes();
  if (!reader.ok()) return Malformed();
  *copied = name == "exception";
  if (!*copied) return true;

  ProtoReader again(event);
  while (again.Next()) {
    if (again.tag() != BytesTag(3)) continue;
    KeyValue pair;
    if (!ReadKeyValue(again.bytes(), &pair)) return Malformed();
    if (std::find(kExceptionNames.begin(), kExceptionNames.end(), pair.key) ==
            kExceptionNames.end() ||
        HasOwn(batch().Key(pair.key)))
      continue;
    if (!attributes().AddNamed(pair.key, pair.value)) return false;
  }
  return true;
}

Record* TraceDecoder::BeginChild(Signal signal, const ScopeContext& scope, size_t span) {
  Record* child = BeginRecord(scope);
  if (child == nullptr) return nullptr;
  const Record& parent = batch().records()[span];
  child->signal = signal;
  child->trace_id = parent.trace_id;
  child->parent_id = parent.span_id;
  child->time_ns = parent.time_ns;
  child->status = parent.status;
  child->sample_rate = parent.sample_rate;
  return child;
}

bool TraceDecoder::DecodeEvent(std::string_view event, const ScopeContext& scope, size_t span) {
  Record* record = BeginChild(Signal::kSpanEvent, scope, span);
  if (record == nullptr) return false;
  ProtoReader reader(event);
  while (reader.Next()) {
    if (reader.tag() == Fixed64Tag(1)) {
      record->time_ns = TimeOr(reader.number(), record->time_ns);
    } else if (reader.tag() == BytesTag(2)) {
      record->name = reader.bytes();
    } else if (reader.tag() == BytesTag(3)) {
      if (!attributes().AddKeyValue(reader.bytes())) return false;
    }
  }
  if (!reader.ok()) return Malformed();
  if (record->name.size() > limits().string_bytes_max)
    return attributes().FailRecord("a value is too long");
  batch().EndRecord();
  return true;
}

// An id of the wrong length is kept as its hex digits: a link is a hint, its span is not refused
// for it.
bool TraceDecoder::AddLinkId(std::string_view name, std::string_view id) {
  constexpr size_t kIdBytesMax = 64;
  if (id.empty() || id.size() > kIdBytesMax) return true;
  char* hex = batch().arena().Allocate(id.size() * 2);
  for (size_t i = 0; i < id.size(); ++i) {
    const auto byte = static_cast<uint8_t>(id[i]);
    hex[2 * i] = kHexDigits[byte >> 4];
    hex[2 * i + 1] = kHexDigits[byte & 15];
  }
  return attributes().AddText(name, {hex, id.size() * 2});
}

bool TraceDecoder::DecodeLink(std::string_view link, const ScopeContext& scope, size_t span) {
  if (BeginChild(Signal::kSpanLink, scope, span) == nullptr) return false;
  ProtoReader reader(link);
  while (reader.Next()) {
    bool added = true;
    if (reader.tag() == BytesTag(1)) {
      added = AddLinkId("trace.link.trace_id", reader.bytes());
    } else if (reader.tag() == BytesTag(2)) {
      added = AddLinkId("trace.link.span_id", reader.bytes());
    } else if (reader.tag() == BytesTag(3) && !reader.bytes().empty()) {
      added = attributes().AddText("trace.link.trace_state", reader.bytes());
    } else if (reader.tag() == BytesTag(4)) {
      added = attributes().AddKeyValue(reader.bytes());
    }
    if (!added) return false;
  }
  if (!reader.ok()) return Malformed();
  batch().EndRecord();
  return true;
}

}  // namespace

std::unique_ptr<RequestDecoder> MakeTraceDecoder(Bytes body, int64_t receive_time_ns,
                                                 const Limits& limits) {
  return std::make_unique<TraceDecoder>(std::move(body), receive_time_ns, limits);
}

}  // namespace skep::otlp
