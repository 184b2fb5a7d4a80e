// SPDX-License-Identifier: Apache-2.0
// EventDecoder: makes one record of each event, field by field: what has a column goes there, all
// else is an attribute. A field whose column says the very same is not kept twice; one that says it
// differently (an id that is no hexadecimal number, an error with a text) stays an attribute too,
// and that is what questions see. One thread, one request.
//
//   decoder.Begin(dataset, time, rate); decoder.Put("name", Value::String("GET")); ...
//   if (const char* problem = decoder.Finish()) ...the event was refused
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

#include "base/limits.h"
#include "doors/honeycomb/known_fields.h"
#include "model/record_batch.h"

namespace skep::honeycomb {

// How Honeycomb refuses an event; literals, safe for clients.
inline constexpr char kTooManyColumns[] = "Event has too many columns.";
inline constexpr char kTooManyNames[] = "Dataset has too many columns.";
inline constexpr char kTooLarge[] = "Request body is too large.";
inline constexpr char kMalformed[] = "Request body is malformed and cannot be read.";
inline constexpr char kEmpty[] = "Request body should not be empty.";

class EventDecoder {
 public:
  EventDecoder(RecordBatch* batch, const Limits& limits);

  void Begin(std::string_view dataset, int64_t time_ns, double sample_rate);
  // The name may be short-lived, text must live as long as the batch. What is wrong with a field is
  // said by Finish.
  void Put(std::string_view name, Value value);
  // Refuses the event; the first reason is kept.
  void Refuse(const char* problem) {
    if (problem_ == nullptr) problem_ = problem;
  }
  bool refused() const { return problem_ != nullptr; }
  // nullptr, or why the event is not taken: then it leaves no record.
  const char* Finish();

  // A span id: no client makes the same one twice.
  bool has_span_id() const { return has_span_id_; }

 private:
  const std::optional<Value>& Field(Known known) const { return known_[known]; }
  std::string_view Text(Known known) const;
  void Keep(Known known);
  void Add(KeyId key, Value value);

  void SetIds(Record* record);
  void SetSignal(Record* record);
  void SetDuration(Record* record);
  void SetStatus(Record* record);
  void SetKind(Record* record);
  void SetTexts(Record* record);

  RecordBatch* const batch_;
  const Limits& limits_;
  std::array<std::optional<Value>, kKnownCount> known_;  // of the event at hand
  std::array<bool, kKnownCount> kept_{};                 // as an attribute too
  size_t count_ = 0;
  const char* problem_ = nullptr;
  bool has_span_id_ = false;
};

}  // namespace skep::honeycomb
