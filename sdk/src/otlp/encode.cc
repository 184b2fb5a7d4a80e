// SPDX-License-Identifier: Apache-2.0
#include "otlp/encode.h"

#include "otlp/proto_writer.h"
#include "otlp/utf8.h"

namespace skep::sdk::otlp {
namespace {

// Beyond the text itself: tags, lengths of at most five bytes each, numbers of at most ten.
constexpr size_t kPerValue = 16;
constexpr size_t kPerAttribute = 48;
constexpr size_t kPerEvent = 48;
constexpr size_t kPerLink = 80;
constexpr size_t kPerItem = 192;

constexpr uint32_t kFlagSampled = 1;
constexpr uint32_t kFlagRandom = 2;
constexpr uint32_t kFlagHasIsRemote = 0x100;
constexpr uint32_t kFlagIsRemote = 0x200;

// AnyValue's fields.
constexpr uint32_t kString = 1, kBool = 2, kInt = 3, kDouble = 4, kArray = 5, kBytes = 7;

struct SizeMax {
  size_t operator()(bool) const { return kPerValue; }
  size_t operator()(int64_t) const { return kPerValue; }
  size_t operator()(double) const { return kPerValue; }
  size_t operator()(std::string_view text) const { return kPerValue + text.size(); }
  template <typename T>
  size_t operator()(std::span<const T> values) const {
    size_t size = kPerValue;
    if constexpr (std::is_convertible_v<T, std::string_view>) {
      for (const std::string_view text : values) size += kPerValue + text.size();
    } else {
      size += values.size() * kPerValue;
    }
    return size;
  }
};

size_t SizeMaxOf(std::span<const Attribute> attributes) {
  size_t size = 0;
  for (const auto& [key, value] : attributes) {
    size += kPerAttribute + key.size() + std::visit(SizeMax(), value.Get());
  }
  return size;
}

// The size of an AnyValue.
struct AnySize {
  size_t operator()(bool) const { return 2; }
  size_t operator()(int64_t value) const { return 1 + VarintSize(static_cast<uint64_t>(value)); }
  size_t operator()(double) const { return 9; }
  size_t operator()(std::string_view text) const { return LengthFieldSize(text.size()); }
  template <typename T>
  size_t operator()(std::span<const T> values) const {
    return LengthFieldSize(Array(values));
  }
  // What is in the ArrayValue.
  template <typename T>
  size_t Array(std::span<const T> values) const {
    size_t size = 0;
    for (const T& value : values) size += LengthFieldSize((*this)(value));
    return size;
  }
};

struct AnyWriter {
  ProtoWriter& out;
  void operator()(bool value) const { out.Number(kBool, value ? 1 : 0); }
  void operator()(int64_t value) const { out.Number(kInt, static_cast<uint64_t>(value)); }
  void operator()(double value) const { out.Double(kDouble, value); }
  void operator()(std::string_view text) const {
    out.Bytes(IsUtf8(text) ? kString : kBytes, text.data(), text.size());
  }
  template <typename T>
  void operator()(std::span<const T> values) const {
    out.Header(kArray, AnySize().Array(values));
    for (const T& value : values) {
      out.Header(1, AnySize()(value));
      (*this)(value);
    }
  }
};

void WriteText(ProtoWriter& out, uint32_t field, std::string_view text) {
  out.Header(field, text.size());
  if (IsUtf8(text)) {
    out.Raw(text.data(), text.size());
  } else {
    CopyAsUtf8(text, out.At());
    out = ProtoWriter(out.At() + text.size());
  }
}

void WriteTextUnlessEmpty(ProtoWriter& out, uint32_t field, std::string_view text) {
  if (!text.empty()) WriteText(out, field, text);
}

void WriteAttribute(ProtoWriter& out, uint32_t field, std::string_view key,
                    const AttributeValue& value) {
  const size_t value_size = std::visit(AnySize(), value.Get());
  out.Header(field, LengthFieldSize(key.size()) + LengthFieldSize(value_size));
  WriteText(out, 1, key);
  out.Header(2, value_size);
  std::visit(AnyWriter{out}, value.Get());
}

void WriteAttributes(ProtoWriter& out, uint32_t field, std::span<const Attribute> attributes) {
  for (const auto& [key, value] : attributes) WriteAttribute(out, field, key, value);
}

template <typename Id>
void WriteId(ProtoWriter& out, uint32_t field, const Id& id) {
  out.Bytes(field, id.Bytes().data(), id.Bytes().size());
}

void WriteEvent(ProtoWriter& out, const EventData& event) {
  char* const begin = out.BeginMessage(11);
  out.Fixed64(1, static_cast<uint64_t>(event.time_unix_ns));
  WriteText(out, 2, event.name);
  WriteAttributes(out, 3, event.attributes);
  out.NumberUnlessZero(4, event.dropped_attributes);
  out.EndMessage(begin);
}

uint32_t TraceFlags(const SpanContext& context) {
  return (context.sampled ? kFlagSampled : 0) | (context.random ? kFlagRandom : 0);
}

// `remote` says where the parent, or the target of a link, came from.
uint32_t Flags(const SpanContext& context, bool remote) {
  return TraceFlags(context) | kFlagHasIsRemote | (remote ? kFlagIsRemote : 0);
}

void WriteLink(ProtoWriter& out, const LinkData& link) {
  char* const begin = out.BeginMessage(13);
  WriteId(out, 1, link.target->trace_id);
  WriteId(out, 2, link.target->span_id);
  WriteTextUnlessEmpty(out, 3, link.target->trace_state);
  WriteAttributes(out, 4, link.attributes);
  out.NumberUnlessZero(5, link.dropped_attributes);
  out.Fixed32(6, Flags(*link.target, link.target->remote));
  out.EndMessage(begin);
}

void WriteStatus(ProtoWriter& out, const SpanData& span) {
  if (span.status == StatusCode::kUnset && span.status_description.empty()) return;
  char* const begin = out.BeginMessage(15);
  WriteTextUnlessEmpty(out, 2, span.status_description);
  out.NumberUnlessZero(3, static_cast<uint64_t>(span.status));
  out.EndMessage(begin);
}

}  // namespace

size_t EncodedBytesMax(const SpanData& span) {
  size_t size = kPerItem + span.name.size() + span.context->trace_state.size() +
                span.status_description.size() + SizeMaxOf(span.attributes);
  for (const EventData& event : span.events) {
    size += kPerEvent + event.name.size() + SizeMaxOf(event.attributes);
  }
  for (const LinkData& link : span.links) {
    size += kPerLink + link.target->trace_state.size() + SizeMaxOf(link.attributes);
  }
  return size;
}

char* Encode(const SpanData& span, char* to) {
  ProtoWriter out(to);
  char* const begin = out.BeginMessage(2);
  WriteId(out, 1, span.context->trace_id);
  WriteId(out, 2, span.context->span_id);
  WriteTextUnlessEmpty(out, 3, span.context->trace_state);
  if (span.parent_id.IsValid()) WriteId(out, 4, span.parent_id);
  WriteText(out, 5, span.name);
  out.Number(6, static_cast<uint64_t>(span.kind));
  out.Fixed64(7, static_cast<uint64_t>(span.start_unix_ns));
  out.Fixed64(8, static_cast<uint64_t>(span.end_unix_ns));
  WriteAttributes(out, 9, span.attributes);
  out.NumberUnlessZero(10, span.dropped_attributes);
  for (const EventData& event : span.events) WriteEvent(out, event);
  out.NumberUnlessZero(12, span.dropped_events);
  for (const LinkData& link : span.links) WriteLink(out, link);
  out.NumberUnlessZero(14, span.dropped_links);
  WriteStatus(out, span);
  out.Fixed32(16, Flags(*span.context, span.parent_remote));
  out.EndMessage(begin);
  return out.At();
}

size_t EncodedBytesMax(const LogRecord& record) {
  return kPerItem + record.body.size() + SeverityText(record.severity).size() +
         SizeMaxOf(record.attributes);
}

char* Encode(const LogRecord& record, char* to) {
  ProtoWriter out(to);
  char* const begin = out.BeginMessage(2);
  out.Fixed64(1, static_cast<uint64_t>(record.time_unix_ns));
  out.NumberUnlessZero(2, static_cast<uint64_t>(record.severity));
  WriteTextUnlessEmpty(out, 3, SeverityText(record.severity));
  out.Header(5, AnySize()(record.body));
  AnyWriter{out}(record.body);
  WriteAttributes(out, 6, record.attributes);
  if (record.span_context.IsValid()) {
    out.Fixed32(8, TraceFlags(record.span_context));
    WriteId(out, 9, record.span_context.trace_id);
    WriteId(out, 10, record.span_context.span_id);
  }
  out.Fixed64(11, static_cast<uint64_t>(record.time_unix_ns));  // it is observed where it is made
  out.EndMessage(begin);
  return out.At();
}

std::string EncodeScope(const InstrumentationScope& scope) {
  std::string bytes(kPerItem + scope.name.size() + scope.version.size(), '\0');
  ProtoWriter out(bytes.data());
  char* const begin = out.BeginMessage(1);
  WriteTextUnlessEmpty(out, 1, scope.name);
  WriteTextUnlessEmpty(out, 2, scope.version);
  out.EndMessage(begin);
  bytes.resize(static_cast<size_t>(out.At() - bytes.data()));
  return bytes;
}

std::string EncodeResource(const Resource& resource) {
  std::string bytes;
  size_t size = kPerItem;
  auto as_value = [](const auto& value) { return AttributeValue(value); };
  for (const auto& [key, value] : resource.attributes) {
    size += kPerAttribute + key.size() + std::visit(SizeMax(), std::visit(as_value, value).Get());
  }
  bytes.resize(size);
  ProtoWriter out(bytes.data());
  char* const begin = out.BeginMessage(1);
  for (const auto& [key, value] : resource.attributes) {
    WriteAttribute(out, 1, key, std::visit(as_value, value));
  }
  out.EndMessage(begin);
  bytes.resize(static_cast<size_t>(out.At() - bytes.data()));
  return bytes;
}

}  // namespace skep::sdk::otlp
