// SPDX-License-Identifier: Apache-2.0
#include "doors/honeycomb/decode.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <optional>
#include <string>
#include <utility>

#include "doors/honeycomb/event_decoder.h"
#include "doors/honeycomb/event_time.h"

namespace skep::honeycomb {
namespace {

constexpr size_t kEnvelopeDepth = 3;  // around an event's own values
constexpr uint32_t kNone = 0;         // no token: the root is never a member

// Which of an object's members an event is made of.
struct Members {
  uint32_t data = kNone;
  uint32_t time = kNone;
  uint32_t sample_rate = kNone;
};

std::optional<double> SampleRateOf(std::string_view text) {
  while (text.starts_with(' ')) text.remove_prefix(1);
  while (text.ends_with(' ')) text.remove_suffix(1);
  double rate = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), rate);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return rate;
}

double ValidRate(std::optional<double> rate) {
  return rate && std::isfinite(*rate) && *rate >= 1 ? *rate : 1;
}

template <typename Source>
class SourceDecoder {
 public:
  SourceDecoder(const Source& source, const EventContext& context, int64_t receive_time_ns,
                const Limits& limits, DecodedRequest* decoded)
      : source_(source),
        context_(context),
        receive_time_ns_(receive_time_ns),
        limits_(limits),
        decoded_(decoded),
        arena_(&decoded->batch.arena()),
        dataset_(arena_->Copy(context.dataset)),
        events_(&decoded->batch, limits) {}

  void DecodeBatch() {
    for (uint32_t at = 1; at < source_.Next(0); at = source_.Next(at)) {
      Members members;
      if (source_.TypeOf(at) == FieldType::kObject) members = MembersOf(at);
      DecodeEvent(members.data, TimeOf(members.time), RateOf(members.sample_rate));
    }
  }

  // The event that is the root, with the request's headers.
  void DecodeRoot() {
    DecodeEvent(0, ParseEventTime(context_.time), SampleRateOf(context_.sample_rate), true);
  }

 private:
  Members MembersOf(uint32_t object) {
    Members members;
    for (uint32_t at = object + 1; at < source_.Next(object); at = source_.Next(at + 1)) {
      const std::string_view name = source_.Text(at, arena_);
      if (name == "data") members.data = at + 1;
      if (name == "time") members.time = at + 1;
      if (name == "samplerate") members.sample_rate = at + 1;
    }
    return members;
  }

  std::optional<int64_t> TimeOf(uint32_t at) {
    if (at == kNone) return std::nullopt;
    switch (source_.TypeOf(at)) {
      case FieldType::kText:
        return ParseEventTime(source_.Text(at, arena_));
      case FieldType::kTime:
        return source_.Int(at);
      case FieldType::kInt:
        return EventTimeOf(source_.Int(at));
      case FieldType::kFloat:
        return EventTimeOf(source_.Float(at));
      default:
        return std::nullopt;
    }
  }

  std::optional<double> RateOf(uint32_t at) {
    if (at == kNone) return std::nullopt;
    switch (source_.TypeOf(at)) {
      case FieldType::kText:
        return SampleRateOf(source_.Text(at, arena_));
      case FieldType::kInt:
        return static_cast<double>(source_.Int(at));
      case FieldType::kFloat:
        return source_.Float(at);
      default:
        return std::nullopt;
    }
  }

  void DecodeEvent(uint32_t data, std::optional<int64_t> time, std::optional<double> rate,
                   bool is_root = false) {
    const char*& problem = decoded_->problems.emplace_back(nullptr);
    if ((data == kNone && !is_root) || source_.TypeOf(data) != FieldType::kObject) {
      problem = kMalformed;
      return;
    }
    if (decoded_->batch.records().size() >= limits_.records_max ||
        (decoded_->batch.body().size() > kEventBytesMax && source_.Size(data) > kEventBytesMax)) {
      problem = kTooLarge;
      return;
    }
    // What clients say who do not know is 1 January of the year 1 or of 1970.
    const bool good = time && *time > 0 && *time <= receive_time_ns_ + kAheadNsMax;
    events_.Begin(dataset_, good ? *time : receive_time_ns_, ValidRate(rate));
    if (source_.Next(data) == data + 1) events_.Refuse(kEmpty);
    PutObject(data, 0);
    problem = events_.Finish();
    const bool fine_time = good && *time % 1'000'000 != 0;
    if (problem == nullptr && fine_time) decoded_->unmistakable = true;
    if (events_.has_span_id()) decoded_->unmistakable = true;
  }

  void PutObject(uint32_t object, size_t depth) {
    for (uint32_t at = object + 1; at < source_.Next(object); at = source_.Next(at + 1)) {
      if (events_.refused()) return;
      const std::string_view name = source_.Text(at, arena_);
      const size_t prefix = name_.size();
      if (depth == 0) {
        PutField(name, at + 1, depth);
      } else {
        name_.append(".").append(name);
        PutField(name_, at + 1, depth);
        name_.resize(prefix);
      }
    }
  }

  void PutField(std::string_view name, uint32_t value, size_t depth) {
    switch (source_.TypeOf(value)) {
      case FieldType::kNull:
        return;
      case FieldType::kBool:
        return events_.Put(name, Value::Bool(source_.Int(value) != 0));
      case FieldType::kInt:
        return events_.Put(name, Value::Int(source_.Int(value)));
      case FieldType::kFloat:
        return events_.Put(name, Value::Float(source_.Float(value)));
      case FieldType::kText:
        return events_.Put(name, Value::String(source_.Text(value, arena_)));
      case FieldType::kTime:
        return events_.Put(name, Value::String(TimeText(source_.Int(value), arena_)));
      case FieldType::kObject:
        if (depth < context_.expand_json_depth) {
          if (depth == 0) name_.assign(name);
          PutObject(value, depth + 1);
          if (depth == 0) name_.clear();
          return;
        }
        [[fallthrough]];
      case FieldType::kArray:
        return events_.Put(name, Value::String(source_.Json(value, arena_)));
    }
  }

  const Source& source_;
  const EventContext& context_;
  const int64_t receive_time_ns_;
  const Limits& limits_;
  DecodedRequest* const decoded_;
  Arena* const arena_;
  const std::string_view dataset_;
  EventDecoder events_;
  std::string name_;  // of the object at hand, where objects are unfolded
};

bool IsMsgpack(WireFormat format) {
  return format == WireFormat::kHoneycombBatchMsgpack ||
         format == WireFormat::kHoneycombEventMsgpack;
}
bool IsBatch(WireFormat format) {
  return format == WireFormat::kHoneycombBatchMsgpack || format == WireFormat::kHoneycombBatchJson;
}

template <typename Source>
bool IsOfShape(const Source& source, bool batch) {
  return source.TypeOf(0) == (batch ? FieldType::kArray : FieldType::kObject);
}

}  // namespace

Status RequestBody::Parse(WireFormat format, Bytes body, const Limits& limits) {
  format_ = format;
  limits_ = limits;
  if (body.size() > std::min(limits.body_bytes_max, kBodyBytesMax))
    return Error(Code::kInvalidArgument, kTooLarge);
  if (body.view().find_first_not_of(" \t\r\n") == std::string_view::npos)
    return Error(Code::kInvalidArgument, kEmpty);
  batch_ = RecordBatch(std::move(body));
  if (IsMsgpack(format)) source_.emplace<MsgpackSource>();
  const bool good = std::visit(
      [&](auto& source) {
        return source.Parse(batch_.body(), limits.depth_max + kEnvelopeDepth) &&
               IsOfShape(source, IsBatch(format));
      },
      source_);
  if (!good) return Error(Code::kInvalidArgument, kMalformed);
  return {};
}

DecodedRequest RequestBody::Decode(const EventContext& context, int64_t receive_time_ns) {
  DecodedRequest decoded;
  decoded.batch = std::move(batch_);
  std::visit(
      [&](const auto& source) {
        SourceDecoder decoder(source, context, receive_time_ns, limits_, &decoded);
        if (IsBatch(format_)) {
          decoder.DecodeBatch();
        } else {
          decoder.DecodeRoot();
        }
      },
      source_);
  for (const char* problem : decoded.problems)
    if (problem != nullptr) decoded.batch.AddRejected(1, problem);
  return decoded;
}

Result<RecordBatch> DecodeRequest(WireFormat format, Bytes body, const DecodeContext& context,
                                  const Limits& limits) {
  SKEP_ASSIGN(const EventContext event_context, ParseContext(context.context));
  RequestBody request;
  SKEP_TRY(request.Parse(format, std::move(body), limits));
  return std::move(request.Decode(event_context, context.receive_time_ns).batch);
}

}  // namespace skep::honeycomb
