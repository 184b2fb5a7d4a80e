// SPDX-License-Identifier: Apache-2.0
// AttributeDecoder: adds KeyValue messages to the batch under construction as attributes: scalars
// as they are, lists flattened `a.b.c` to a fixed depth, arrays, bytes and deeper lists as JSON
// text. Keeps every limit; what is wrong is remembered in problem(), which says whether one record
// or the whole request must go. One thread, one request.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "base/limits.h"
#include "base/result.h"
#include "doors/otlp/any_value.h"
#include "model/json_fields.h"
#include "model/record_batch.h"
#include "wire/json.h"

namespace skep::otlp {

struct Problem {
  const char* message = nullptr;  // a literal, safe for clients; nullptr: none
  bool whole_request = false;     // else only the record at hand is refused
};

class AttributeDecoder {
 public:
  AttributeDecoder(RecordBatch* batch, const Limits& limits);

  // Between these, attributes go to a shared set, and to a record otherwise. All Add functions
  // return false when decoding of the record (or set) must stop: problem() is then set.
  void BeginShared() { Begin(true); }
  void BeginRecord() { Begin(false); }

  bool AddKeyValue(std::string_view message);
  bool AddNamed(std::string_view name, const AnyValue& value);
  bool AddText(std::string_view name, std::string_view text);
  bool AddInt(std::string_view name, int64_t value) {
    return Put(batch_->Key(name), Value::Int(value));
  }
  bool AddFloat(std::string_view name, double value) {
    return Put(batch_->Key(name), Value::Float(value));
  }
  bool AddBool(std::string_view name, bool value) {
    return Put(batch_->Key(name), Value::Bool(value));
  }
  // The fields of a KeyValueList message, without a prefix.
  bool AddFields(std::string_view kvlist);
  // If `text` is a JSON object: its fields. Text that is something else adds nothing. Fields beyond
  // a limit are left out, because the text itself is kept whole.
  bool AddJsonFields(std::string_view text);
  // A value as text in the batch's arena: text as it is, anything else as JSON.
  bool ToText(const AnyValue& value, std::string_view* text);

  // The sampleRate attribute (else SampleRate), which is taken out of the attributes: how many
  // records this one stands for. Empty if there was none since Begin.
  std::optional<double> sample_rate() const {
    return sample_rate_ ? sample_rate_ : sample_rate_upper_;
  }

  const Problem& problem() const { return problem_; }
  void ClearProblem() { problem_ = {}; }
  bool FailRecord(const char* message) { return Fail(message, false); }
  bool FailRequest(const char* message) { return Fail(message, true); }

 private:
  void Begin(bool shared);
  bool Fail(const char* message, bool whole_request);
  bool FailJson(JsonOutcome outcome);
  bool Put(KeyId key, Value value);
  bool PutScalar(KeyId key, const AnyValue& value);
  bool PutText(KeyId key, std::string_view text);
  bool AddNested(const AnyValue& value, size_t depth);
  bool AddList(std::string_view kvlist, size_t depth);
  bool KeysLeft() const;

  RecordBatch* const batch_;
  const Limits& limits_;
  const KeyId sample_rate_key_;
  const KeyId sample_rate_upper_key_;
  bool shared_ = false;
  size_t count_ = 0;
  std::optional<double> sample_rate_;
  std::optional<double> sample_rate_upper_;
  Problem problem_;
  std::string name_;  // of the nested field at hand; reused
  JsonFields json_;
};

// What a sampleRate attribute says: rounded, at least 1. Empty for what is no number.
std::optional<double> SampleRateOf(const Value& value);
// From a tracestate's `ot=th:HEX` (or a member `th=HEX`): the rejection threshold of consistent
// probability sampling,
// https://opentelemetry.io/docs/specs/otel/trace/tracestate-handling/#sampling-threshold-value-th.
std::optional<double> SampleRateOfTraceState(std::string_view trace_state);

}  // namespace skep::otlp
