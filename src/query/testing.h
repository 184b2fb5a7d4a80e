// SPDX-License-Identifier: Apache-2.0
// For tests of questions: records made by hand in a real store, and a Reader over it. Only tests
// use it.
//
//   TestWorld world(store.get());
//   world.Add(TestRecord::Span(Door::kOtlp, 1, 0xa, 0, "GET /").At(5).For(10).Server());
//   world.Commit();
#pragma once

#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "query/reader.h"
#include "store/block_builder.h"

namespace skep::testing {

inline constexpr int64_t kTestTimeNs = 1'795'521'600'000'000'000;  // 2026-11-24T12:00:00Z
inline constexpr int64_t kMs = 1'000'000;

inline TraceId TraceOf(uint8_t n) {
  TraceId id;
  if (n != 0) id.bytes = {0x0a, 0xf7};
  id.bytes[15] = n;
  return id;
}

inline SpanId SpanOf(uint8_t n) {
  SpanId id;
  if (n != 0) id.bytes = {0xb7};
  id.bytes[7] = n;
  return id;
}

struct TestRecord {
  using Value = std::variant<int64_t, double, bool, std::string>;

  Door door = Door::kOtlp;
  Record record;
  std::string dataset = "shop";
  std::string name;
  std::string body;
  std::string raw;
  std::vector<std::pair<std::string, Value>> attributes;

  static TestRecord Make(Signal signal, Door door, uint8_t trace) {
    TestRecord made;
    made.door = door;
    made.record.signal = signal;
    made.record.trace_id = TraceOf(trace);
    made.record.time_ns = kTestTimeNs;
    return made;
  }
  static TestRecord Span(Door door, uint8_t trace, uint8_t span, uint8_t parent, std::string name) {
    TestRecord made = Make(Signal::kSpan, door, trace);
    made.record.span_id = SpanOf(span);
    made.record.parent_id = SpanOf(parent);
    made.record.kind = SpanKind::kInternal;
    made.name = std::move(name);
    return made;
  }
  // `span`: in which it was written; 0 none.
  static TestRecord Line(Door door, uint8_t trace, uint8_t span, std::string text) {
    TestRecord made = Make(Signal::kLog, door, trace);
    made.record.span_id = SpanOf(span);
    made.record.severity = 9;
    made.body = std::move(text);
    return made;
  }
  static TestRecord Error(uint8_t trace, uint64_t item, std::string title, std::string message) {
    TestRecord made = Make(Signal::kError, Door::kRollbar, trace);
    made.record.severity = 17;
    made.record.item = item;
    made.name = std::move(title);
    made.body = std::move(message);
    return made;
  }
  // A join as it is found under trace `host`.
  static TestRecord Join(uint8_t host, uint8_t host_span, std::string kind, Door door,
                         std::string text) {
    TestRecord made = Make(Signal::kJoin, Door::kSkep, host);
    made.record.parent_id = SpanOf(host_span);
    made.With("join.role", "host").With("join.kind", std::move(kind));
    return std::move(made.With("join.door", std::string(NameOf(door))).With("join.text", text));
  }

  // Of a join: as it is found under the trace that joined.
  TestRecord& Guest() {
    attributes.front().second = std::string("guest");
    return *this;
  }
  TestRecord& At(int64_t ms) {
    record.time_ns = kTestTimeNs + ms * kMs;
    return *this;
  }
  TestRecord& For(uint64_t ms) {
    record.duration_ns = ms * static_cast<uint64_t>(kMs);
    return *this;
  }
  TestRecord& Server() {
    record.kind = SpanKind::kServer;
    return *this;
  }
  TestRecord& Failed() {
    record.status = SpanStatus::kError;
    return *this;
  }
  TestRecord& Open() {
    record.signal = Signal::kOpenSpan;
    return *this;
  }
  // As the sink marks what comes again.
  TestRecord& Again() {
    record.signal = Signal::kRepeat;
    return *this;
  }
  TestRecord& Of(std::string service) {
    dataset = std::move(service);
    return *this;
  }
  TestRecord& With(std::string key, Value value) {
    attributes.emplace_back(std::move(key), std::move(value));
    return *this;
  }
  TestRecord& With(std::string key, const char* value) {
    return With(std::move(key), std::string(value));
  }
};

// Nothing is pending here: records are put into the store directly.
class IdleSink : public Sink {
 public:
  void Submit(Submission, AckFunction ack) override { ack(skep::Error(Code::kUnimplemented, "")); }
  Status Barrier(int64_t) override {
    ++barriers;
    return {};
  }
  void Shutdown() override {}
  SinkStats Stats() const override { return {}; }

  int barriers = 0;
};

class TestWorld {
 public:
  explicit TestWorld(Store* store) : store_(store), reader_(store, &sink_) {}

  Reader& reader() { return reader_; }
  IdleSink& sink() { return sink_; }

  // The event id that it gets.
  uint64_t Add(const TestRecord& test) {
    RecordBatch batch;
    const auto copy = [&](std::string_view text) { return batch.arena().Copy(text); };
    Record& made = batch.BeginRecord({});
    made = test.record;
    made.dataset = copy(test.dataset);
    made.name = copy(test.name);
    made.body = copy(test.body);
    made.raw = copy(test.raw);
    for (const auto& [key, value] : test.attributes) {
      const KeyId id = batch.KeyCopied(key);
      if (const auto* number = std::get_if<int64_t>(&value)) batch.Add(id, Value::Int(*number));
      if (const auto* real = std::get_if<double>(&value)) batch.Add(id, Value::Float(*real));
      if (const auto* flag = std::get_if<bool>(&value)) batch.Add(id, Value::Bool(*flag));
      if (const auto* text = std::get_if<std::string>(&value))
        batch.Add(id, Value::String(copy(*text)));
    }
    batch.EndRecord();
    ++sequence_;
    builder_.Append(
        batch, {"default", test.door, sequence_, kTestTimeNs + static_cast<int64_t>(sequence_)});
    return EventId(sequence_, 0);
  }

  void Commit() {
    const Status status = store_->Insert(builder_.Encode(), "block" + std::to_string(sequence_));
    ASSERT_TRUE(status) << status.error().message << ": " << status.error().detail;
  }

 private:
  Store* store_;
  IdleSink sink_;
  Reader reader_;
  BlockBuilder builder_;
  uint64_t sequence_ = 0;
};

}  // namespace skep::testing
