// SPDX-License-Identifier: Apache-2.0
// The joiner between a real sink and a real store: joins are stored, and a restart neither forgets
// nor doubles them.
#include "join/joiner.h"

#include <gtest/gtest.h>

#include <filesystem>

#include "ingest/testing.h"
#include "join/join_record.h"
#include "join/testing.h"
#include "query/sql_writer.h"
#include "store/testing.h"
#include "wire/protobuf.h"

namespace skep::join {
namespace {

using testing::kEpochNs;
using testing::kMs;

// Requests as bytes, for the journal: start and length in ms, and a number for the ids.
Result<RecordBatch> DecodeRequests(Bytes body, const DecodeContext&, bool segment) {
  RecordBatch batch(std::move(body));
  ProtoReader reader(batch.body());
  while (reader.Next()) {
    const auto number = reader.number() & 0xFFFF;
    Record& record = batch.BeginRecord({});
    record.signal = Signal::kSpan;
    record.kind = SpanKind::kServer;
    record.time_ns = kEpochNs + static_cast<int64_t>(number) * 1000 * kMs + (segment ? kMs / 2 : 0);
    record.duration_ns = static_cast<uint64_t>(200 * kMs - (segment ? kMs : 0));
    record.trace_id = testing::TraceOf(number, segment ? 'x' : 'o');
    record.span_id = testing::SpanOf(number, segment ? 'x' : 'o');
    record.dataset = segment ? "127.0.0.1:4567" : "backend";
    batch.Add("http.request.method", Value::String("GET"));
    batch.Add("url.full", Value::String("http://127.0.0.1:4567/api?x=1"));
    batch.Add("http.response.status_code", Value::Int(200));
    batch.Add("client.address", Value::String("127.0.0.1"));
    if (segment) batch.Add("aws.xray.document", Value::String("segment"));
    batch.EndRecord();
  }
  return batch;
}

// Lines of a stream: one in the middle of each request.
Result<RecordBatch> DecodeStream(Bytes body, const DecodeContext&) {
  RecordBatch batch(std::move(body));
  ProtoReader reader(batch.body());
  while (reader.Next()) {
    Record& record = batch.BeginRecord({});
    record.signal = Signal::kLog;
    record.time_ns = kEpochNs + static_cast<int64_t>(reader.number()) * 1000 * kMs + 100 * kMs;
    record.dataset = "group";
    record.body = "a line";
    batch.Add("aws.log.group.name", Value::String("group"));
    batch.Add("aws.log.stream.name", Value::String("stream"));
    batch.EndRecord();
  }
  return batch;
}

class JoinerTest : public ::testing::Test {
 protected:
  // A server's part of it, over the same journal and store as the one before.
  struct Server {
    std::unique_ptr<JoinObserver> observer;
    std::unique_ptr<Sink> sink;
    std::unique_ptr<Reader> reader;
    std::unique_ptr<Joiner> joiner;
  };

  std::unique_ptr<Server> Start(Store* store) {
    auto server = std::make_unique<Server>();
    server->observer = std::make_unique<JoinObserver>([this] { return now_ns_.load(); });
    SinkOptions options;
    options.directory = dir_ / "journal";
    options.idle_commit_ms = 2;
    Sink::Parts parts;
    parts.store = store;
    parts.counters = &counters_;
    parts.decoders = {
        {WireFormat::kOtlpTracesProto,
         [](Bytes b, const DecodeContext& c) { return DecodeRequests(std::move(b), c, false); }},
        {WireFormat::kXRayPutSegments,
         [](Bytes b, const DecodeContext& c) { return DecodeRequests(std::move(b), c, true); }},
        {WireFormat::kCloudWatchPutLogEvents, DecodeStream},
        {WireFormat::kJoins, DecodeJoins}};
    parts.observers = {server->observer.get()};
    auto sink = Sink::Create(std::move(options), std::move(parts));
    EXPECT_TRUE(sink) << sink.error().message;
    server->sink = std::move(*sink);
    server->reader = std::make_unique<Reader>(store, server->sink.get());
    JoinerOptions joiner_options;
    joiner_options.clock = [this] { return now_ns_.load(); };
    server->joiner = std::make_unique<Joiner>(std::move(joiner_options), server->observer.get(),
                                              server->sink.get(), server->reader.get());
    return server;
  }

  void Send(Server& server, Door door, const std::vector<uint64_t>& numbers) {
    Bytes body;
    ProtoWriter writer(&body);
    for (const uint64_t number : numbers) writer.Varint(1, number);
    Submission submission;
    submission.door = door;
    submission.receive_time_ns = now_ns_;
    if (door == Door::kCloudWatch) {
      submission.format = WireFormat::kCloudWatchPutLogEvents;
      submission.batch = *DecodeStream(std::move(body), {});
    } else {
      const bool segment = door == Door::kXRay;
      submission.format = segment ? WireFormat::kXRayPutSegments : WireFormat::kOtlpTracesProto;
      submission.batch = *DecodeRequests(std::move(body), {}, segment);
    }
    skep::testing::Answers answers;
    server.sink->Submit(std::move(submission), answers.Next());
    EXPECT_TRUE(answers.Get(0));
    EXPECT_TRUE(server.sink->Barrier(skep::testing::kPatienceMs));
  }

  // Turns of the joiner, 250 ms apart by its clock.
  void Pass(Server& server, int64_t seconds) {
    for (int64_t i = 0; i < seconds * 4; ++i) {
      now_ns_ += 250 * kMs;
      server.joiner->Turn(0);
    }
    server.joiner->WaitForAnswers();  // the barrier knows of what was answered only
    EXPECT_TRUE(server.sink->Barrier(skep::testing::kPatienceMs));
  }

  // How many joins of a door a trace has.
  static uint64_t Joins(Store& store, const TraceId& trace, std::string_view door) {
    SqlWriter sql;
    sql.Sql("SELECT count() FROM events WHERE signal = 'join' AND trace_id = ").Bind(trace);
    sql.Sql(" AND ").Attribute("join.door", ValueType::kString).Sql(" = ").Bind(door);
    const auto table = store.Query(sql.Take());
    EXPECT_TRUE(table);
    return table ? table->column(0).UInt(0) : 0;
  }
  static uint64_t JoinsOfBoth(Store& store, uint64_t number) {
    return Joins(store, testing::TraceOf(number, 'o'), "xray") * 10 +
           Joins(store, testing::TraceOf(number, 'x'), "xray");
  }

  skep::testing::TempDir dir_;
  Counters counters_;
  // Requests 1 ... are sent a second after they began, by the same clock.
  std::atomic<int64_t> now_ns_{kEpochNs + 2 * kNsPerS};
};

TEST_F(JoinerTest, JoinsAreStoredOnBothSides) {
  SKEP_OPEN_TEST_STORE(store);
  auto server = Start(store.get());
  Send(*server, Door::kXRay, {1});
  Send(*server, Door::kCloudWatch, {1});
  Pass(*server, 3);
  Send(*server, Door::kOtlp, {1});
  Pass(*server, 20);
  EXPECT_EQ(JoinsOfBoth(*store, 1), 11u);
  EXPECT_EQ(Joins(*store, testing::TraceOf(1, 'o'), "cloudwatch"), 1u);
}

TEST_F(JoinerTest, WhatCameBeforeTheSecondDoorIsReadBack) {
  SKEP_OPEN_TEST_STORE(store);
  auto server = Start(store.get());
  Send(*server, Door::kOtlp, {1, 2});  // nothing is copied: there is one door only
  Pass(*server, 1);
  Send(*server, Door::kXRay, {1, 2});
  Pass(*server, 20);
  EXPECT_EQ(JoinsOfBoth(*store, 1), 11u);
  EXPECT_EQ(JoinsOfBoth(*store, 2), 11u);
}

TEST_F(JoinerTest, RestartForgetsNothing) {
  SKEP_OPEN_TEST_STORE(store);
  auto server = Start(store.get());
  Send(*server, Door::kXRay, {1});
  Send(*server, Door::kCloudWatch, {1});
  Send(*server, Door::kOtlp, {1});
  Pass(*server, 0);
  server->joiner->Stop();
  server = nullptr;
  EXPECT_EQ(JoinsOfBoth(*store, 1), 0u);  // not yet certain

  now_ns_ += 3600 * kNsPerS;
  server = Start(store.get());
  server->joiner->Reload();
  Pass(*server, 20);
  EXPECT_EQ(JoinsOfBoth(*store, 1), 11u);
  EXPECT_EQ(Joins(*store, testing::TraceOf(1, 'o'), "cloudwatch"), 1u);
}

TEST_F(JoinerTest, RestartDoublesNothing) {
  SKEP_OPEN_TEST_STORE(store);
  auto server = Start(store.get());
  Send(*server, Door::kXRay, {1});
  Send(*server, Door::kCloudWatch, {1});
  Send(*server, Door::kOtlp, {1});
  Pass(*server, 20);
  for (int i = 0; i < 2; ++i) {
    server = nullptr;
    server = Start(store.get());
    server->joiner->Reload();
    Pass(*server, 20);
  }
  EXPECT_EQ(JoinsOfBoth(*store, 1), 11u);
  EXPECT_EQ(Joins(*store, testing::TraceOf(1, 'o'), "cloudwatch"), 1u);
}

TEST_F(JoinerTest, ThreadJoinsByItself) {
  SKEP_OPEN_TEST_STORE(store);
  auto server = Start(store.get());
  server->joiner->Start();
  Send(*server, Door::kXRay, {1});
  now_ns_ += kNsPerS;
  Send(*server, Door::kOtlp, {1});
  now_ns_ += 10 * kNsPerS;
  const int64_t until_ns = MonotonicNs() + skep::testing::kPatienceMs * kMs;
  while (JoinsOfBoth(*store, 1) != 11 && MonotonicNs() < until_ns) {
    now_ns_ += 250 * kMs;
    EXPECT_TRUE(server->sink->Barrier(skep::testing::kPatienceMs));
  }
  server->joiner->Stop();
  EXPECT_EQ(JoinsOfBoth(*store, 1), 11u);
}

}  // namespace
}  // namespace skep::join
