// SPDX-License-Identifier: Apache-2.0
// What is copied of the records that each door makes. The batches are built as the doors do; that
// they do is for the end-to-end tests to show.
#include "join/candidate_reader.h"

#include <gtest/gtest.h>

#include "join/request_matcher.h"
#include "join/testing.h"

namespace skep::join {
namespace {

using testing::kEpochNs;
using testing::SpanOf;
using testing::TraceOf;

using Fields = std::vector<std::pair<std::string_view, Value>>;

Value Text(std::string_view text) { return Value::String(text); }

class ReaderTest : public ::testing::Test {
 protected:
  // The record that Add makes next; its columns may be changed.
  Record& Add(Signal signal, const Fields& own, const Fields& shared = {}) {
    batch_.BeginShared();
    for (const auto& [name, value] : shared) batch_.AddShared(name, value);
    const SharedSet set = batch_.EndShared();
    Record& record = batch_.BeginRecord(set);
    record.signal = signal;
    record.kind = signal == Signal::kSpan ? SpanKind::kServer : SpanKind::kNone;
    record.time_ns = kEpochNs;
    record.duration_ns = 5;
    for (const auto& [name, value] : own) batch_.Add(name, value);
    batch_.EndRecord();
    return batch_.mutable_records().back();
  }
  Candidates Read(Door door, size_t candidates_max = 100) {
    cut_ = false;
    return ReadCandidates(batch_, door, kEpochNs + 9, candidates_max, &cut_);
  }
  RequestCandidate ReadRequest(Door door) {
    const Candidates candidates = Read(door);
    EXPECT_EQ(candidates.requests.size(), 1u);
    return candidates.requests.empty() ? RequestCandidate() : candidates.requests[0];
  }
  Record& AddSpan(const Fields& own, const Fields& shared = {}) {
    Record& record = Add(Signal::kSpan, own, shared);
    record.trace_id = TraceOf(1, 'o');
    record.span_id = SpanOf(1, 'o');
    record.dataset = "backend";
    return record;
  }

  RecordBatch batch_;
  bool cut_ = false;
};

TEST_F(ReaderTest, SpanWithTheOldNames) {
  AddSpan({{"http.method", Text("post")},
           {"http.target", Text("/api/a%20b?x=1")},
           {"http.host", Text("LOCALHOST:4567")},
           {"net.peer.ip", Text("127.0.0.1")},
           {"http.status_code", Value::Int(200)}},
          {{"service.name", Text("backend")},
           {"host.name", Text("Box")},
           {"process.pid", Value::Int(7)}});
  const RequestCandidate request = ReadRequest(Door::kOtlp);
  EXPECT_EQ(request.trace_id, TraceOf(1, 'o'));
  EXPECT_EQ(request.span_id, SpanOf(1, 'o'));
  EXPECT_EQ(request.start_ns, kEpochNs);
  EXPECT_EQ(request.end_ns, kEpochNs + 5);
  EXPECT_EQ(request.receive_ns, kEpochNs + 9);
  EXPECT_EQ(request.method, "POST");
  EXPECT_EQ(request.path, "/api/a b");
  EXPECT_EQ(request.query, "x=1");
  EXPECT_EQ(request.authority, "localhost:4567");
  EXPECT_EQ(request.peer, "127.0.0.1");
  EXPECT_EQ(request.client, "");
  EXPECT_EQ(request.status, 200);
  EXPECT_EQ(request.host, "box");
  EXPECT_EQ(request.pid, 7);
  EXPECT_EQ(request.service, "backend");
}

TEST_F(ReaderTest, SpanWithTheNewNames) {
  AddSpan({{"http.request.method", Text("GET")},
           {"url.path", Text("/api")},
           {"url.query", Text("x=1")},
           {"server.address", Text("example.com")},
           {"server.port", Value::Int(8080)},
           {"client.address", Text("203.0.113.7")},
           {"network.peer.address", Text("10.0.0.1")},
           {"http.response.status_code", Value::Int(404)}});
  const RequestCandidate request = ReadRequest(Door::kOtlp);
  EXPECT_EQ(request.method, "GET");
  EXPECT_EQ(request.path, "/api");
  EXPECT_EQ(request.query, "x=1");
  EXPECT_EQ(request.authority, "example.com:8080");
  EXPECT_EQ(request.client, "203.0.113.7");
  EXPECT_EQ(request.peer, "10.0.0.1");
  EXPECT_EQ(request.status, 404);
}

TEST_F(ReaderTest, NewNamesWinWhereBothAreSent) {
  AddSpan({{"http.method", Text("OLD")}, {"http.request.method", Text("NEW")}});
  EXPECT_EQ(ReadRequest(Door::kOtlp).method, "NEW");
}

TEST_F(ReaderTest, SegmentOfXRay) {
  Record& record = AddSpan({{"http.request.method", Text("GET")},
                            {"url.full", Text("https://user@Example.com:443/api?x=1#y")},
                            {"client.address", Text("127.0.0.1")},
                            {"http.response.status_code", Value::Int(200)},
                            {"aws.xray.document", Text("segment")}});
  record.dataset = "example.com";
  const RequestCandidate request = ReadRequest(Door::kXRay);
  EXPECT_EQ(request.path, "/api");
  EXPECT_EQ(request.query, "x=1");
  EXPECT_EQ(request.authority, "example.com");
  EXPECT_EQ(request.client, "127.0.0.1");
  EXPECT_EQ(request.peer, "127.0.0.1");
}

TEST_F(ReaderTest, ClientThatAProxyNamedIsNotTheConnections) {
  AddSpan({{"http.request.method", Text("GET")},
           {"url.full", Text("http://a/")},
           {"client.address", Text("203.0.113.7")},
           {"aws.xray.x_forwarded_for", Value::Bool(true)},
           {"aws.xray.document", Text("segment")}});
  const RequestCandidate request = ReadRequest(Door::kXRay);
  EXPECT_EQ(request.client, "203.0.113.7");
  EXPECT_EQ(request.peer, "");
}

TEST_F(ReaderTest, NeitherSubsegmentsNorClientsNorOpenSegmentsAreRequests) {
  AddSpan({{"http.request.method", Text("GET")}, {"aws.xray.document", Text("subsegment")}});
  AddSpan({{"http.request.method", Text("GET")}, {"aws.xray.document", Text("segment")}}).kind =
      SpanKind::kClient;
  AddSpan({{"http.request.method", Text("GET")}, {"aws.xray.document", Text("segment")}}).signal =
      Signal::kOpenSpan;
  AddSpan({{"rpc.method", Text("Get")}, {"aws.xray.document", Text("segment")}});
  EXPECT_TRUE(Read(Door::kXRay).empty());
}

TEST_F(ReaderTest, AppDataIsNoFact) {
  for (const char* name : {"app.user_handle", "annotation.user_handle", "enduser.id",
                           "http.request.header.x-user-handle", "metadata.default.message"})
    EXPECT_FALSE(FindFactName(name)) << name;
}

TEST_F(ReaderTest, ExceptionOfASpanAndOfAnOccurrenceAreTheSame) {
  AddSpan({{"http.method", Text("GET")},
           {"http.target", Text("/")},
           {"exception.type", Text("app.errors.RuntimeError")},
           {"exception.message", Text("boom")}});
  Record& event = Add(Signal::kSpanEvent, {{"exception.type", Text("RuntimeError")}});
  event.name = "exception";
  event.trace_id = TraceOf(1, 'o');
  event.parent_id = SpanOf(1, 'o');
  event.time_ns = kEpochNs + 3;
  const RequestCandidate request = ReadRequest(Door::kOtlp);
  EXPECT_EQ(request.exception_ns, kEpochNs + 3);

  batch_ = RecordBatch();
  Add(Signal::kError, {{"http.request.method", Text("GET")},
                       {"url.full", Text("http://a:1/")},
                       {"host.name", Text("box")},
                       {"process.pid", Value::Int(7)},
                       {"exception.type", Text("RuntimeError")}})
      .body = "boom";
  const Candidates candidates = Read(Door::kRollbar);
  ASSERT_EQ(candidates.errors.size(), 1u);
  EXPECT_EQ(candidates.errors[0].exception, request.exception);
  EXPECT_EQ(candidates.errors[0].method, "GET");
  EXPECT_EQ(candidates.errors[0].path, "/");
  EXPECT_EQ(candidates.errors[0].authority, "a:1");
  EXPECT_EQ(candidates.errors[0].host, "box");
  EXPECT_EQ(candidates.errors[0].pid, 7);
}

TEST_F(ReaderTest, MessageWithoutExceptionHasNone) {
  Add(Signal::kError, {{"http.request.method", Text("GET")}}).body = "Hello World!";
  EXPECT_EQ(Read(Door::kRollbar).errors[0].exception, 0u);
}

TEST_F(ReaderTest, LinesThatCarryIdsNeedNoJoin) {
  Add(Signal::kLog, {}).trace_id = TraceOf(1, 'o');
  EXPECT_TRUE(Read(Door::kCloudWatch).empty());
  EXPECT_EQ(Read(Door::kOtlp).lines.size(), 1u);  // a possible twin
}

TEST_F(ReaderTest, OccurrencesThatCarryIdsNeedNoJoin) {
  Add(Signal::kError, {}).trace_id = TraceOf(1, 'o');
  EXPECT_TRUE(Read(Door::kRollbar).empty());
}

TEST_F(ReaderTest, LineKeepsTextStreamAndRow) {
  AddSpan({});
  Record& line = Add(Signal::kLog, {{"aws.log.group.name", Text("g")},
                                    {"aws.log.stream.name", Text("s")},
                                    {"message", Text("inner")}});
  line.body = "{\"message\":\"inner\"}\n";
  Add(Signal::kLog, {{"aws.log.group.name", Text("g")}, {"aws.log.stream.name", Text("t")}}).body =
      std::string_view("plain");
  const Candidates candidates = Read(Door::kCloudWatch);
  ASSERT_EQ(candidates.lines.size(), 2u);
  EXPECT_EQ(candidates.lines[0].text, "{\"message\":\"inner\"}");
  EXPECT_EQ(candidates.lines[0].message, "inner");
  EXPECT_EQ(candidates.lines[0].event_id, 1u);
  EXPECT_EQ(candidates.lines[1].message, "");
  EXPECT_NE(candidates.lines[0].process, candidates.lines[1].process);
}

TEST_F(ReaderTest, LongLineIsCut) {
  const std::string text(10'000, 'x');
  Add(Signal::kLog, {}).body = text;
  EXPECT_EQ(Read(Door::kOtlp).lines[0].text.size(), LineCandidate::kTextMax);
}

TEST_F(ReaderTest, SpansAndLinesOfOneProcessKnowIt) {
  const Fields resource = {{"service.instance.id", Text("i")}, {"process.pid", Value::Int(7)}};
  AddSpan({{"http.method", Text("GET")}}, resource);
  Record& line = Add(Signal::kLog, {}, resource);
  line.dataset = "backend";
  const Candidates candidates = Read(Door::kOtlp);
  EXPECT_EQ(candidates.requests[0].process, candidates.lines[0].process);
  ASSERT_EQ(candidates.heard.size(), 1u);
  EXPECT_EQ(candidates.heard[0].first, candidates.requests[0].process);
}

TEST_F(ReaderTest, SpansOfAnyKindSayThatTheirProcessWasHeard) {
  AddSpan({}).kind = SpanKind::kInternal;
  const Candidates candidates = Read(Door::kOtlp);
  EXPECT_TRUE(candidates.requests.empty());
  EXPECT_EQ(candidates.heard.size(), 1u);
}

TEST_F(ReaderTest, MoreThanItMayCopyIsCut) {
  for (int i = 0; i < 5; ++i) Add(Signal::kLog, {});
  EXPECT_EQ(Read(Door::kOtlp, 3).lines.size(), 3u);
  EXPECT_TRUE(cut_);
}

TEST(AuthorityTest, PortMayBeUnsaid) {
  EXPECT_TRUE(SameAuthority("a:1", "a:1"));
  EXPECT_TRUE(SameAuthority("a:1", "a"));
  EXPECT_TRUE(SameAuthority("a", "a:1"));
  EXPECT_TRUE(SameAuthority("", "a:1"));
  EXPECT_FALSE(SameAuthority("a:1", "a:2"));
  EXPECT_FALSE(SameAuthority("a", "b:1"));
  EXPECT_FALSE(SameAuthority("a", "b"));
}

}  // namespace
}  // namespace skep::join
