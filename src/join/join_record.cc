// SPDX-License-Identifier: Apache-2.0
#include "join/join_record.h"

#include <string_view>
#include <utility>

#include "wire/protobuf.h"
#include "wire/utf8.h"

namespace skep::join {
namespace {

// Protobuf: a body is repeated field 1, each a message with these fields. Journalled: only add.
constexpr uint32_t kJoin = 1;
enum Field : uint32_t {
  kKind = 1,
  kDoor = 2,
  kTraceId = 3,
  kSpanId = 4,
  kRootNs = 5,
  kGuestTraceId = 6,
  kGuestSpanId = 7,
  kEventId = 8,
  kEventNs = 9,
  kEvidence = 10,
};

// A Join whose text is still in the body.
struct JoinView {
  Join join;
  std::string_view evidence;
};

template <size_t kSize>
bool ReadId(std::string_view raw, Id<kSize>* id) {
  const auto read = Id<kSize>::FromRaw(raw);
  if (read) *id = *read;
  return read.has_value();
}

bool IsUtf8(std::string_view text) {
  while (!text.empty()) {
    const size_t length = Utf8Length(text);
    if (length == 0) return false;
    text.remove_prefix(length);
  }
  return true;
}

bool ReadField(const ProtoReader& reader, JoinView* view) {
  Join& join = view->join;
  switch (reader.tag()) {
    case VarintTag(kKind):
      join.kind = static_cast<JoinKind>(reader.number());
      return reader.number() == 1 || reader.number() == 2;
    case VarintTag(kDoor):
      join.door = static_cast<Door>(reader.number());
      return reader.number() >= 1 && reader.number() <= kDoorNames.size();
    case BytesTag(kTraceId):
      return ReadId(reader.bytes(), &join.trace_id);
    case BytesTag(kSpanId):
      return ReadId(reader.bytes(), &join.span_id);
    case Fixed64Tag(kRootNs):
      join.root_ns = static_cast<int64_t>(reader.number());
      return join.root_ns >= 0;
    case BytesTag(kGuestTraceId):
      return ReadId(reader.bytes(), &join.guest_trace_id);
    case BytesTag(kGuestSpanId):
      return ReadId(reader.bytes(), &join.guest_span_id);
    case VarintTag(kEventId):
      join.event_id = reader.number();
      return join.event_id <= INT64_MAX;  // it is an attribute, and those are signed
    case Fixed64Tag(kEventNs):
      join.event_ns = static_cast<int64_t>(reader.number());
      return join.event_ns >= 0;
    case BytesTag(kEvidence):
      view->evidence = reader.bytes();
      return IsUtf8(view->evidence);
    default:
      return true;
  }
}

bool ReadJoin(std::string_view message, JoinView* view) {
  ProtoReader reader(message);
  while (reader.Next())
    if (!ReadField(reader, view)) return false;
  const Join& join = view->join;
  const bool names_guest = join.event_id != 0 || !join.guest_trace_id.empty();
  return reader.ok() && !join.trace_id.empty() && names_guest &&
         join.trace_id != join.guest_trace_id;
}

Value HexValue(RecordBatch* batch, std::string_view hex) {
  return Value::String(batch->arena().Copy(hex));
}

void AppendRecord(const JoinView& view, bool host, RecordBatch* batch) {
  const Join& join = view.join;
  Record& record = batch->BeginRecord({});
  record.time_ns = join.root_ns;
  record.signal = Signal::kJoin;
  record.trace_id = host ? join.trace_id : join.guest_trace_id;
  record.parent_id = join.span_id;
  record.name = "join";
  batch->Add("join.role", Value::String(host ? "host" : "guest"));
  batch->Add("join.kind",
             Value::String(join.kind == JoinKind::kSameRecord ? "same_record" : "evidence"));
  batch->Add("join.door", Value::String(NameOf(join.door)));
  const TraceId& other = host ? join.guest_trace_id : join.trace_id;
  if (!other.empty()) batch->Add("join.trace_id", HexValue(batch, other.Hex()));
  if (!join.guest_span_id.empty())
    batch->Add("join.span_id", HexValue(batch, join.guest_span_id.Hex()));
  if (join.event_id != 0) {
    batch->Add("join.event_id", Value::Int(static_cast<int64_t>(join.event_id)));
    batch->Add("join.event_time_ns", Value::Int(join.event_ns));
  }
  batch->Add("join.text", Value::String(view.evidence));
  batch->EndRecord();
}

}  // namespace

Bytes EncodeJoins(std::span<const Join> joins) {
  Bytes body;
  ProtoWriter writer(&body);
  for (const Join& join : joins) {
    const size_t open = writer.Open(kJoin);
    writer.Varint(kKind, static_cast<uint64_t>(join.kind));
    writer.Varint(kDoor, static_cast<uint64_t>(join.door));
    writer.Text(kTraceId, join.trace_id.raw());
    if (!join.span_id.empty()) writer.Text(kSpanId, join.span_id.raw());
    writer.Fixed64(kRootNs, static_cast<uint64_t>(join.root_ns));
    if (!join.guest_trace_id.empty()) writer.Text(kGuestTraceId, join.guest_trace_id.raw());
    if (!join.guest_span_id.empty()) writer.Text(kGuestSpanId, join.guest_span_id.raw());
    if (join.event_id != 0) writer.Varint(kEventId, join.event_id);
    if (join.event_ns != 0) writer.Fixed64(kEventNs, static_cast<uint64_t>(join.event_ns));
    writer.Text(kEvidence, join.evidence);
    writer.Close(open);
  }
  return body;
}

Result<RecordBatch> DecodeJoins(Bytes body, const DecodeContext&) {
  RecordBatch batch(std::move(body));
  ProtoReader reader(batch.body());
  size_t joins = 0;
  while (reader.Next()) {
    if (reader.tag() != BytesTag(kJoin)) continue;
    JoinView view;
    if (++joins > kJoinsPerBodyMax || !ReadJoin(reader.bytes(), &view))
      return Error(Code::kInvalidArgument, "not a join");
    AppendRecord(view, true, &batch);
    if (!view.join.guest_trace_id.empty()) AppendRecord(view, false, &batch);
  }
  if (!reader.ok()) return Error(Code::kInvalidArgument, "not a list of joins");
  return batch;
}

}  // namespace skep::join
