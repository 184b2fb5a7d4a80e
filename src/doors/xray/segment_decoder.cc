// SPDX-License-Identifier: Apache-2.0
#include "doors/xray/segment_decoder.h"

#include <algorithm>
#include <array>
#include <utility>

#include "doors/xray/fields.h"
#include "doors/xray/seconds.h"

namespace skep::xray {
namespace {

// Node's SDK sends up to a hundred subsegments one in the other, each two levels of JSON.
constexpr size_t kJsonDepthMax = 512;

constexpr char kParseError[] = "ParseError";
constexpr char kTooMany[] = "TooManySegments";

SpanKind KindOf(Entity entity, std::string_view space) {
  if (entity == Entity::kSegment) return SpanKind::kServer;
  return space == "remote" || space == "aws" ? SpanKind::kClient : SpanKind::kInternal;
}

}  // namespace

SegmentDecoder::SegmentDecoder(RecordBatch* batch, const Limits& limits)
    : batch_(batch),
      limits_(limits),
      attributes_(batch, &tape_, limits),
      causes_(batch, &tape_, &attributes_) {}

void SegmentDecoder::Decode(std::string_view document, std::vector<Refusal>* refusals) {
  const auto refuse = [&](const Refusal& refusal) {
    batch_->AddRejected(1, refusal.code);
    if (refusals != nullptr) refusals->push_back(refusal);
  };
  if (!tape_.Parse(document, kJsonDepthMax)) {
    const size_t begin = document.find_first_not_of(" \t\r\n");
    const bool object = begin != std::string_view::npos && document[begin] == '{';
    return refuse({kParseError, object ? Entity::kSegment : Entity::kEntity, {}, document});
  }
  const JsonTape::Token& root = tape_.tokens()[0];
  if (root.type != JsonType::kArray) return DecodeTop(0, refusals);
  if (root.next == 1) return refuse({"MissingId", Entity::kSegment, {}, document});
  for (size_t at = 1; at < root.next; at = tape_.tokens()[at].next) DecodeTop(at, refusals);
}

void SegmentDecoder::DecodeTop(size_t token, std::vector<Refusal>* refusals) {
  const size_t records_before = batch_->records().size();
  const char* const code = DecodeTree(token);
  if (code == nullptr) return;
  while (batch_->records().size() > records_before) batch_->DropRecord();
  batch_->AddRejected(1, code);
  if (refusals == nullptr) return;
  const bool object = tape_.tokens()[token].type == JsonType::kObject;
  const std::string_view id = object ? Text(Find(token).id) : std::string_view();
  refusals->push_back({code, entity_, id, tape_.Raw(tape_.tokens()[token])});
}

const char* SegmentDecoder::DecodeTree(size_t token) {
  top_ = token;
  entity_ = Entity::kEntity;
  open_.clear();
  if (tape_.tokens()[token].type != JsonType::kObject) return kParseError;
  const char* code = DecodeRoot(token, Find(token));
  while (code == nullptr && !open_.empty()) {
    const Open next = open_.back();
    open_.pop_back();
    code = DecodeEmbedded(next);
  }
  return code;
}

const char* SegmentDecoder::DecodeRoot(size_t token, const Members& members) {
  const std::string_view type = Text(members.type);
  if (!type.empty() && type != "segment" && type != "subsegment") return "UnknownType";
  entity_ = type == "subsegment" ? Entity::kSubsegment : Entity::kSegment;
  SpanId id;
  std::string_view name;
  if (const char* code = ReadIdentity(members, &id, &name)) return code;
  const std::string_view trace = Text(members.trace_id);
  if (trace.empty()) return "MissingTraceId";
  const auto trace_id = TraceIdFromXRay(trace);
  if (!trace_id || trace_id->empty()) return "InvalidTraceId";
  trace_id_ = *trace_id;

  SpanId parent;
  const std::string_view parent_text = Text(members.parent_id);
  if (parent_text.empty() && entity_ == Entity::kSubsegment) return "MissingParentId";
  if (!parent_text.empty()) {
    const auto parsed = SpanId::FromHex(parent_text);
    if (!parsed) return "InvalidParentId";
    parent = *parsed;
  }
  // What a subsegment that comes alone belongs to is said by its segment only.
  dataset_ = entity_ == Entity::kSegment ? name : std::string_view();
  batch_->BeginShared();
  if (!dataset_.empty()) batch_->AddShared("service.name", Value::String(dataset_));
  shared_ = batch_->EndShared();
  return AddRecord(token, members, parent);
}

const char* SegmentDecoder::DecodeEmbedded(const Open& open) {
  entity_ = Entity::kEntity;
  if (tape_.tokens()[open.token].type != JsonType::kObject) return kParseError;
  entity_ = Entity::kSubsegment;
  return AddRecord(open.token, Find(open.token), open.parent);
}

const char* SegmentDecoder::ReadIdentity(const Members& members, SpanId* id,
                                         std::string_view* name) {
  const std::string_view id_text = Text(members.id);
  if (id_text.empty()) return "MissingId";
  const auto parsed = SpanId::FromHex(id_text);
  if (!parsed || parsed->empty()) return "InvalidId";
  *id = *parsed;
  *name = Text(members.name);
  if (name->empty()) return "MissingName";
  return name->size() > limits_.key_bytes_max ? "InvalidName" : nullptr;
}

const char* SegmentDecoder::ReadTimes(const Members& members, Record* record, bool* backwards) {
  const auto number = [&](size_t token) {
    const JsonType type = token == 0 ? JsonType::kNull : tape_.tokens()[token].type;
    return type == JsonType::kInt64 || type == JsonType::kUInt64 || type == JsonType::kFloat64;
  };
  if (!number(members.start_time)) return "MissingStartTime";
  const auto start = NanosecondsOf(tape_.Raw(tape_.tokens()[members.start_time]));
  if (!start) return "InvalidStartTime";
  record->time_ns = *start;
  record->signal = IsTrue(members.in_progress) ? Signal::kOpenSpan : Signal::kSpan;
  const bool ended = number(members.end_time);
  if (record->signal == Signal::kOpenSpan) {
    if (!ended) return nullptr;
    return entity_ == Entity::kSegment ? "InProgressSegmentHasEndTime"
                                       : "InProgressSubsegmentHasEndTime";
  }
  if (!ended) return "MissingEndTime";
  const auto end = NanosecondsOf(tape_.Raw(tape_.tokens()[members.end_time]));
  if (!end) return "InvalidEndTime";
  *backwards = *end < *start;
  record->duration_ns = *backwards ? 0 : static_cast<uint64_t>(*end - *start);
  return nullptr;
}

const char* SegmentDecoder::AddRecord(size_t token, const Members& members, SpanId parent) {
  if (batch_->records().size() >= limits_.records_max) return kTooMany;
  Record read;
  bool backwards = false;
  if (const char* code = ReadIdentity(members, &read.span_id, &read.name)) return code;
  if (const char* code = ReadTimes(members, &read, &backwards)) return code;

  const size_t index = batch_->records().size();
  Record& record = batch_->BeginRecord(shared_);
  record.time_ns = read.time_ns;
  record.duration_ns = read.duration_ns;
  record.signal = read.signal;
  record.kind = KindOf(entity_, Text(members.space));
  const bool failed = IsTrue(members.fault) || IsTrue(members.error) || IsTrue(members.throttle);
  record.status = failed ? SpanStatus::kError : SpanStatus::kUnset;
  record.trace_id = trace_id_;
  record.span_id = read.span_id;
  record.parent_id = parent;
  record.dataset = dataset_;
  record.name = read.name;
  if (token == top_) record.raw = tape_.Raw(tape_.tokens()[token]);
  attributes_.BeginRecord();
  if (backwards) attributes_.AddTrue("meta.invalid_duration");
  AddAttributes(token, members);
  batch_->EndRecord();
  if (members.links != 0)
    if (const char* code = AddLinks(members.links, index)) return code;
  return members.subsegments == 0 ? nullptr : PushSubsegments(members.subsegments, read.span_id);
}

// Known fields first, so that a program's own cannot take their room.
void SegmentDecoder::AddAttributes(size_t token, const Members& members) {
  attributes_.AddText("aws.xray.document", entity_ == Entity::kSegment ? "segment" : "subsegment");
  attributes_.AddObject(token, kDocument, "aws.xray.");
  if (members.http != 0) {
    constexpr std::array<KnownMember, 2> kHttp = {
        {{"request", "", Form::kSkip}, {"response", "", Form::kSkip}}};
    attributes_.AddObject(members.http, kHttp, "http.");
    ForEachMember(tape_, &attributes_, members.http, [&](std::string_view member, size_t value) {
      if (member == "request") attributes_.AddObject(value, kHttpRequest, "http.request.");
      if (member == "response") attributes_.AddObject(value, kHttpResponse, "http.response.");
    });
  }
  if (members.cause != 0)
    causes_.Add(members.cause, token == top_ ? top_ : CauseWriter::kNoDocument);
  if (members.sql != 0) attributes_.AddObject(members.sql, kSql, "sql.");
  if (members.service != 0) attributes_.AddObject(members.service, kService, "aws.xray.service.");
  if (members.aws != 0) attributes_.AddObject(members.aws, {}, "aws.");
  if (members.annotations != 0) attributes_.AddObject(members.annotations, {}, "annotation.");
  if (members.metadata != 0) attributes_.AddObject(members.metadata, {}, "metadata.");
}

// A link is a hint: ids that are none stay as they were written.
const char* SegmentDecoder::AddLinks(size_t list, size_t owner) {
  if (tape_.tokens()[list].type != JsonType::kArray) return nullptr;
  const size_t end = tape_.tokens()[list].next;
  for (size_t at = list + 1; at < end; at = tape_.tokens()[at].next) {
    if (tape_.tokens()[at].type != JsonType::kObject) continue;
    if (batch_->records().size() >= limits_.records_max) return kTooMany;
    const Record span = batch_->records()[owner];
    Record& link = batch_->BeginRecord(shared_);
    link.signal = Signal::kSpanLink;
    link.time_ns = span.time_ns;
    link.trace_id = span.trace_id;
    link.parent_id = span.span_id;
    link.status = span.status;
    link.dataset = span.dataset;
    attributes_.BeginRecord();
    ForEachMember(tape_, &attributes_, at, [&](std::string_view member, size_t value) {
      if (member == "trace_id") {
        const std::string_view text = attributes_.Text(value);
        const auto id = TraceIdFromXRay(text);
        attributes_.AddText("trace.link.trace_id", id ? batch_->arena().Copy(id->Hex()) : text);
      } else if (member == "id") {
        attributes_.AddText("trace.link.span_id", attributes_.Text(value));
      } else if (member == "attributes") {
        attributes_.AddObject(value, {}, "link.");
      }
    });
    batch_->EndRecord();
  }
  return nullptr;
}

// The first one last, so that it is decoded first.
const char* SegmentDecoder::PushSubsegments(size_t list, SpanId parent) {
  const JsonTape::Token& array = tape_.tokens()[list];
  if (array.type == JsonType::kNull) return nullptr;
  if (array.type != JsonType::kArray) {
    entity_ = Entity::kEntity;
    return kParseError;
  }
  const size_t before = open_.size();
  for (size_t at = list + 1; at < array.next; at = tape_.tokens()[at].next)
    open_.push_back({at, parent});
  std::reverse(open_.begin() + static_cast<std::ptrdiff_t>(before), open_.end());
  return nullptr;
}

bool SegmentDecoder::IsTrue(size_t token) const {
  if (token == 0) return false;
  const JsonTape::Token& value = tape_.tokens()[token];
  return value.type == JsonType::kBool && value.int64 != 0;
}

SegmentDecoder::Members SegmentDecoder::Find(size_t token) {
  static constexpr std::array<std::pair<std::string_view, size_t Members::*>, 21> kPlaces = {{
      {"id", &Members::id},
      {"name", &Members::name},
      {"trace_id", &Members::trace_id},
      {"parent_id", &Members::parent_id},
      {"start_time", &Members::start_time},
      {"end_time", &Members::end_time},
      {"in_progress", &Members::in_progress},
      {"type", &Members::type},
      {"namespace", &Members::space},
      {"subsegments", &Members::subsegments},
      {"links", &Members::links},
      {"cause", &Members::cause},
      {"http", &Members::http},
      {"sql", &Members::sql},
      {"service", &Members::service},
      {"aws", &Members::aws},
      {"annotations", &Members::annotations},
      {"metadata", &Members::metadata},
      {"fault", &Members::fault},
      {"error", &Members::error},
      {"throttle", &Members::throttle},
  }};
  Members members;
  ForEachMember(tape_, &attributes_, token, [&](std::string_view member, size_t value) {
    const auto place = std::find_if(kPlaces.begin(), kPlaces.end(),
                                    [&](const auto& p) { return p.first == member; });
    if (place != kPlaces.end()) members.*(place->second) = value;
  });
  return members;
}

}  // namespace skep::xray
