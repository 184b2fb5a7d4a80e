// SPDX-License-Identifier: Apache-2.0
// Datagrams from the UDP listener to the sink, and what is counted on the way.
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "doors/golden/fake_sink.h"
#include "doors/xray/door.h"
#include "model/canonical.h"

namespace skep::xray {
namespace {

constexpr std::string_view kHeader = "{\"format\":\"json\",\"version\":1}\n";

std::string Segment(std::string_view id, std::string_view more = {}) {
  return std::string(kHeader) + R"({"name":"shop","id":")" + std::string(id) +
         R"(","trace_id":"1-6b04d401-a006649127e371903a2de979","start_time":1795478528.5,)"
         R"("end_time":1795478529.25)" +
         std::string(more) + "}";
}

class Datagrams : public testing::Test {
 protected:
  void Receive(const std::vector<std::string>& texts) {
    std::vector<net::Datagram> datagrams;
    for (const std::string& text : texts) datagrams.push_back({text, "127.0.0.1"});
    handler_(datagrams);
  }
  int64_t Count(Counter counter) {
    return counters_.door(static_cast<size_t>(Door::kXRay)).Get(counter);
  }

  golden::FakeSink sink_;
  Counters counters_;
  DoorOptions options_ = [] {
    DoorOptions options;
    options.clock = [] { return int64_t{1'795'521'600'000'000'000}; };
    return options;
  }();
  net::DatagramHandler handler_ = MakeDatagramHandler(sink_, counters_, options_);
};

TEST_F(Datagrams, OfOneReceiveAreOneSubmission) {
  Receive({Segment("70de5b6f19ff9a0a"), Segment("70de5b6f19ff9a0b")});
  const auto taken = sink_.Take();
  ASSERT_EQ(taken.size(), 1u);
  EXPECT_EQ(taken[0].door, Door::kXRay);
  EXPECT_EQ(taken[0].format, WireFormat::kXRayDatagrams);
  EXPECT_EQ(taken[0].receive_time_ns, 1'795'521'600'000'000'000);
  EXPECT_EQ(taken[0].dedup, DedupKey());
  EXPECT_EQ(taken[0].batch.records().size(), 2u);
  EXPECT_EQ(Count(Counter::kRequests), 2);
  EXPECT_EQ(Count(Counter::kDropped), 0);
}

TEST_F(Datagrams, DecodeAgainFromTheJournalToTheSameRecords) {
  Receive({Segment("70de5b6f19ff9a0a"), "garbage", Segment("70de5b6f19ff9a0b", ",\"user\":\"x\"")});
  const auto taken = sink_.Take();
  ASSERT_EQ(taken.size(), 1u);
  for (const auto& [format, decode] : Formats()) {
    if (format != taken[0].format) continue;
    const auto again = decode(Bytes(taken[0].batch.body()), {});
    ASSERT_TRUE(again);
    EXPECT_EQ(Canonical(*again), Canonical(taken[0].batch));
    return;
  }
  FAIL() << "the journal's format has no decoder";
}

TEST_F(Datagrams, ThatAreNoneAreCountedAndCostNobodyElse) {
  Receive({"", "x", "\n", std::string(kHeader), std::string(kHeader) + "T1SCt8C", Segment("zz"),
           Segment("70de5b6f19ff9a0a")});
  EXPECT_EQ(Count(Counter::kRequests), 7);
  EXPECT_EQ(Count(Counter::kDropped), 6);
  ASSERT_EQ(sink_.Take().size(), 1u);
}

TEST_F(Datagrams, OfNothingGoodReachNoSink) {
  Receive({"x"});
  Receive({});
  EXPECT_TRUE(sink_.Take().empty());
  EXPECT_EQ(Count(Counter::kDropped), 1);
}

TEST_F(Datagrams, ThatTheSinkRefusesAreCountedByTheirRecords) {
  sink_.Refuse(Error(Code::kResourceExhausted, "full"));
  Receive({Segment("70de5b6f19ff9a0a"),
           Segment("70de5b6f19ff9a0b",
                   R"(,"subsegments":[{"id":"70de5b6f19ff9a0c","name":"db","start_time":1,)"
                   R"("end_time":2}])")});
  EXPECT_EQ(Count(Counter::kDropped), 3);
}

TEST_F(Datagrams, OfTheLargestSizeAreTaken) {
  Receive({Segment("70de5b6f19ff9a0a",
                   ",\"metadata\":{\"ns\":{\"k\":\"" + std::string(65000, 'x') + "\"}}")});
  const auto taken = sink_.Take();
  ASSERT_EQ(taken.size(), 1u);
  const RecordBatch& batch = taken[0].batch;
  ASSERT_EQ(batch.records().size(), 1u);
  const Value* value = batch.Find(batch.records()[0], "metadata.ns.k");
  ASSERT_NE(value, nullptr);
  EXPECT_EQ(value->text().size(), 65000u);
}

// The OTLP door's decoder is not at hand here: one that takes a message of one byte.
Result<RecordBatch> DecodeOneByte(Bytes body, const DecodeContext&) {
  if (body.size() != 1) return Error(Code::kInvalidArgument, "not one byte");
  RecordBatch batch(std::move(body));
  batch.BeginRecord({}).name = batch.body();
  batch.EndRecord();
  return batch;
}

TEST_F(Datagrams, WithOtlpInsideAreGivenOnAsOtlp) {
  options_.otlp_traces = DecodeOneByte;
  handler_ = MakeDatagramHandler(sink_, counters_, options_);
  const std::string header(kHeader);
  Receive({header + "T1SQQ==", Segment("70de5b6f19ff9a0a"), header + "T1S!", header + "T1SQUFB",
           header + "T1UQQ==", header + "T1SQg==\n"});
  const auto taken = sink_.Take();
  ASSERT_EQ(taken.size(), 3u);
  EXPECT_EQ(taken[0].door, Door::kOtlp);
  EXPECT_EQ(taken[0].format, WireFormat::kOtlpTracesProto);
  EXPECT_EQ(taken[0].batch.body(), "A");
  EXPECT_NE(taken[0].dedup, DedupKey());
  EXPECT_EQ(taken[1].batch.body(), "B");
  EXPECT_EQ(taken[2].format, WireFormat::kXRayDatagrams);
  EXPECT_EQ(Count(Counter::kDropped), 3);
}

// As deep as Node's SDK can send them, and far deeper than any other.
TEST_F(Datagrams, MayNestSubsegmentsTwoHundredDeep) {
  std::string inner;
  for (int i = 0; i < 200; ++i)
    inner = R"({"id":"70de5b6f19ff9a0c","name":"in","start_time":1,"end_time":2)" +
            (inner.empty() ? "}" : ",\"subsegments\":[" + inner + "]}");
  Receive({Segment("70de5b6f19ff9a0a", ",\"subsegments\":[" + inner + "]")});
  const auto taken = sink_.Take();
  ASSERT_EQ(taken.size(), 1u);
  EXPECT_EQ(taken[0].batch.records().size(), 201u);
}

}  // namespace
}  // namespace skep::xray
