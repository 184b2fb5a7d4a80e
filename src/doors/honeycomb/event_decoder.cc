// SPDX-License-Identifier: Apache-2.0
#include "doors/honeycomb/event_decoder.h"

#include <fmt/format.h>

#include <cmath>
#include <string>

#include "base/ascii.h"
#include "base/check.h"
#include "doors/honeycomb/event_ids.h"

namespace skep::honeycomb {
namespace {

constexpr double kNsPerMs = 1e6;
constexpr double kDurationNsMax = 9.2e18;  // three centuries

// What an id says that was sent as no text: a number's digits.
std::string DigitsOf(const Value& value) {
  if (value.type() == ValueType::kInt64) return std::to_string(value.int64());
  return value.type() == ValueType::kFloat64 ? fmt::format("{}", value.float64()) : std::string();
}

// What an `error` field says: true, a message, a count.
bool IsError(const Value& value) {
  switch (value.type()) {
    case ValueType::kBool:
      return value.boolean();
    case ValueType::kInt64:
      return value.int64() != 0;
    case ValueType::kFloat64:
      return value.float64() != 0;
    case ValueType::kString:
      break;
  }
  return !value.text().empty() && value.text() != "false" && value.text() != "0";
}

std::optional<double> NumberOf(const std::optional<Value>& value) {
  if (value && value->type() == ValueType::kInt64) return static_cast<double>(value->int64());
  if (value && value->type() == ValueType::kFloat64) return value->float64();
  return std::nullopt;
}

struct KindWord {
  std::string_view word;
  SpanKind kind;
};
// OpenTelemetry's words, and what the beelines call what they wrap.
constexpr std::array<KindWord, 11> kKindWords = {{{"server", SpanKind::kServer},
                                                  {"client", SpanKind::kClient},
                                                  {"internal", SpanKind::kInternal},
                                                  {"producer", SpanKind::kProducer},
                                                  {"consumer", SpanKind::kConsumer},
                                                  {"http_server", SpanKind::kServer},
                                                  {"http_request", SpanKind::kServer},
                                                  {"grpc_server", SpanKind::kServer},
                                                  {"http_client", SpanKind::kClient},
                                                  {"grpc_client", SpanKind::kClient},
                                                  {"db", SpanKind::kClient}}};
constexpr size_t kOwnKindWords = 5;  // the first ones are the column's words

std::optional<size_t> FindKind(std::string_view word) {
  for (size_t i = 0; i < kKindWords.size(); ++i)
    if (kKindWords[i].word == word) return i;
  return std::nullopt;
}

struct SeverityWord {
  std::string_view word;
  Severity severity;
};
constexpr std::array<SeverityWord, 9> kSeverityWords = {{{"trace", 1},
                                                         {"debug", 5},
                                                         {"info", 9},
                                                         {"notice", 10},
                                                         {"warn", 13},
                                                         {"warning", 13},
                                                         {"error", 17},
                                                         {"critical", 21},
                                                         {"fatal", 21}}};

Severity SeverityOf(std::string_view word) {
  for (const SeverityWord& known : kSeverityWords)
    if (EqualsIgnoringCase(known.word, word)) return known.severity;
  return 0;
}

}  // namespace

EventDecoder::EventDecoder(RecordBatch* batch, const Limits& limits)
    : batch_(batch), limits_(limits) {
  for (KeyId key = 0; key < kKnownCount; ++key) SKEP_CHECK(batch->Key(kKnownNames[key]) == key);
}

void EventDecoder::Begin(std::string_view dataset, int64_t time_ns, double sample_rate) {
  known_.fill(std::nullopt);
  kept_.fill(false);
  count_ = 0;
  problem_ = nullptr;
  Record& record = batch_->BeginRecord({});
  record.dataset = dataset;
  record.time_ns = time_ns;
  record.sample_rate = sample_rate;
}

void EventDecoder::Put(std::string_view name, Value value) {
  if (name.empty() || refused()) return;
  if (++count_ > limits_.attributes_per_record_max) return Refuse(kTooManyColumns);
  if (name.size() > limits_.key_bytes_max) return Refuse("A column's name is too long.");
  if (value.type() == ValueType::kString && value.text().size() > limits_.string_bytes_max)
    return Refuse("A column's value is too long.");
  const size_t names = batch_->keys().size();
  const KeyId key = batch_->KeyCopied(name);
  if (key < kKnownCount) {
    known_[key] = value;
    return;
  }
  const bool is_new = batch_->keys().size() != names;
  if (is_new && names >= limits_.keys_per_request_max + kKnownCount) return Refuse(kTooManyNames);
  Add(key, value);
}

void EventDecoder::Add(KeyId key, Value value) {
  if (batch_->attributes().size() >= limits_.attributes_per_request_max) return Refuse(kTooLarge);
  batch_->Add(key, value);
}

std::string_view EventDecoder::Text(Known known) const {
  const std::optional<Value>& value = known_[known];
  return value && value->type() == ValueType::kString ? value->text() : std::string_view();
}

void EventDecoder::Keep(Known known) {
  if (!known_[known] || kept_[known]) return;
  kept_[known] = true;
  Add(known, *known_[known]);
}

const char* EventDecoder::Finish() {
  Record& record = batch_->mutable_records().back();
  if (!refused()) {
    SetIds(&record);
    SetSignal(&record);
    SetDuration(&record);
    SetStatus(&record);
    SetKind(&record);
    SetTexts(&record);
  }
  if (refused()) {
    batch_->DropRecord();
    return problem_;
  }
  batch_->EndRecord();
  return nullptr;
}

void EventDecoder::SetIds(Record* record) {
  const bool zipkin = !Field(kTraceId) && Field(kZipkinTraceId);
  const auto set = [&](Known own, Known other, auto id_of, auto* column) {
    if (const auto& value = Field(zipkin ? other : own)) {
      const bool is_text = value->type() == ValueType::kString;
      const auto id = is_text ? id_of(value->text()) : id_of(DigitsOf(*value));
      *column = id.id;
      const bool said = is_text && (id.exact || id.id.empty());
      if (!zipkin && !said) Keep(own);
    }
    Keep(other);
  };
  set(kTraceId, kZipkinTraceId, TraceIdOf, &record->trace_id);
  set(kSpanId, kZipkinId, SpanIdOf, &record->span_id);
  set(kParentId, kZipkinParentId, SpanIdOf, &record->parent_id);
}

void EventDecoder::SetSignal(Record* record) {
  const std::string_view annotation = Text(kAnnotationType);
  const bool traced = !record->trace_id.empty();
  std::string_view column;  // what the columns will say of the annotation
  if (Text(kSignalType) == "log") {
    record->signal = Signal::kLog;
  } else if (traced && annotation == "span_event") {
    record->signal = Signal::kSpanEvent;
    column = annotation;
  } else if (traced && annotation == "link") {
    record->signal = Signal::kSpanLink;
    column = annotation;
  } else if (traced && !record->span_id.empty()) {
    record->signal = Signal::kSpan;
  }
  if (record->signal == Signal::kSpan) {
    has_span_id_ = true;
  } else if (!record->span_id.empty()) {
    // Only a span has an id of its own; what else names one belongs to it.
    Keep(kSpanId);
    if (record->signal == Signal::kLog && record->parent_id.empty())
      record->parent_id = record->span_id;
    record->span_id = {};
  }
  if (column.empty()) Keep(kAnnotationType);
  const bool in_trace = record->signal != Signal::kLog && record->signal != Signal::kEvent;
  const std::string_view signal = in_trace                         ? "trace"
                                  : record->signal == Signal::kLog ? "log"
                                                                   : "event";
  if (Text(kSignalType) != signal) Keep(kSignalType);
}

// The column says it of spans only, and only what is a length of time.
void EventDecoder::SetDuration(Record* record) {
  const bool own = Field(kDurationMs).has_value();
  const auto ms = NumberOf(own ? Field(kDurationMs) : Field(kZipkinDurationMs));
  const bool fits = ms && *ms >= 0 && *ms * kNsPerMs < kDurationNsMax;
  if (fits) record->duration_ns = static_cast<uint64_t>(std::llround(*ms * kNsPerMs));
  if (!fits || record->signal != Signal::kSpan) Keep(kDurationMs);
  Keep(kZipkinDurationMs);
}

void EventDecoder::SetStatus(Record* record) {
  const std::optional<Value>& error = Field(kError);
  if (error && IsError(*error)) record->status = SpanStatus::kError;
  // OpenTelemetry's codes, where the event came from there.
  const std::optional<Value>& code = Field(kStatusCode);
  const bool from_otel = Field(kSpanKind) || Text(kSignalType) == "trace";
  if (from_otel && code && code->type() == ValueType::kInt64 &&
      record->status != SpanStatus::kError)
    if (code->int64() == 1 || code->int64() == 2)
      record->status = static_cast<SpanStatus>(code->int64());
  if (error && !(error->type() == ValueType::kBool && error->boolean())) Keep(kError);
  Keep(kStatusCode);
}

void EventDecoder::SetKind(Record* record) {
  const auto own = FindKind(Text(kSpanKind));
  const bool is_span = record->signal == Signal::kSpan;
  if (is_span) record->kind = SpanKind::kInternal;
  if (is_span && own) {
    record->kind = kKindWords[*own].kind;
  } else if (is_span) {
    for (const Known known : {kType, kMetaType})
      if (const auto found = FindKind(Text(known))) record->kind = kKindWords[*found].kind;
  }
  if (!is_span || !own || *own >= kOwnKindWords) Keep(kSpanKind);
  Keep(kType);
  Keep(kMetaType);
}

void EventDecoder::SetTexts(Record* record) {
  record->name = Text(kName);
  if (record->name.empty()) Keep(kName);
  if (record->signal == Signal::kLog) {
    record->body = Text(kBody);
    const auto code = NumberOf(Field(kSeverityCode));
    if (code && *code >= 1 && *code <= 24) record->severity = static_cast<Severity>(*code);
    for (const Known known : {kSeverityText, kSeverity})
      if (record->severity == 0) record->severity = SeverityOf(Text(known));
  }
  if (record->body.empty()) Keep(kBody);
  for (const Known known : {kSeverity, kSeverityText, kSeverityCode}) Keep(known);
}

}  // namespace skep::honeycomb
