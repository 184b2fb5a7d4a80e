// SPDX-License-Identifier: Apache-2.0
// PutTraceSegments with OTLP inside, as the daemon passes it on: one answer for several
// submissions.
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "doors/golden/fake_sink.h"
#include "doors/xray/door.h"

namespace skep::xray {
namespace {

constexpr std::string_view kSegment =
    R"({\"name\":\"shop\",\"id\":\"70de5b6f19ff9a0a\",\"start_time\":1,\"end_time\":2,)"
    R"(\"trace_id\":\"1-6b04d401-a006649127e371903a2de979\"})";

Result<RecordBatch> DecodeOneByte(Bytes body, const DecodeContext&) {
  if (body.size() != 1) return Error(Code::kInvalidArgument, "not one byte");
  RecordBatch batch(std::move(body));
  batch.BeginRecord({});
  batch.EndRecord();
  return batch;
}

// A sink that answers when told to.
class LateSink : public golden::FakeSink {
 public:
  void Submit(Submission submission, AckFunction ack) override {
    formats.push_back(submission.format);
    acks.push_back(std::move(ack));
  }
  std::vector<WireFormat> formats;
  std::vector<AckFunction> acks;
};

class PutSegments : public testing::Test {
 protected:
  PutSegments() {
    DoorOptions options;
    options.otlp_traces = DecodeOneByte;
    Register(router_, sink_, counters_, options);
  }

  void Put(const std::string& documents) {
    net::Request request;
    request.method = "POST";
    request.target = request.path = "/TraceSegments";
    request.body = Bytes("{\"TraceSegmentDocuments\":[" + documents + "]}");
    router_.Match(request)->handler(
        std::move(request),
        net::Responder([this](net::Response response) { response_ = std::move(response); }));
  }

  LateSink sink_;
  Counters counters_;
  net::Router router_;
  std::optional<net::Response> response_;
};

TEST_F(PutSegments, AreAnsweredWhenTheLastPartIsOnDisk) {
  Put("\"T1SQQ==\",\"" + std::string(kSegment) + "\",\"T1SQg==\"");
  ASSERT_EQ(sink_.acks.size(), 3u);
  EXPECT_EQ(sink_.formats, (std::vector{WireFormat::kOtlpTracesProto, WireFormat::kOtlpTracesProto,
                                        WireFormat::kXRayPutSegments}));
  sink_.acks[2]({});
  sink_.acks[0]({});
  EXPECT_FALSE(response_);
  sink_.acks[1]({});
  ASSERT_TRUE(response_);
  EXPECT_EQ(response_->status, 200);
  EXPECT_EQ(response_->body, R"({"UnprocessedTraceSegments":[]})");
}

TEST_F(PutSegments, FailWhenAnyPartFails) {
  Put("\"T1SQQ==\",\"" + std::string(kSegment) + "\"");
  ASSERT_EQ(sink_.acks.size(), 2u);
  sink_.acks[0](Error(Code::kResourceExhausted, "full"));
  EXPECT_FALSE(response_);
  sink_.acks[1]({});
  ASSERT_TRUE(response_);
  EXPECT_EQ(response_->status, 429);
}

TEST_F(PutSegments, NameOtlpThatCannotBeRead) {
  Put(R"("T1SQUFB","T1S!","T1UQQ==","T1SQQ==")");
  ASSERT_EQ(sink_.acks.size(), 1u);
  sink_.acks[0]({});
  ASSERT_TRUE(response_);
  const std::string entry =
      R"({"ErrorCode":"ParseError","Message":"Invalid entity. ErrorCode: ParseError"})";
  EXPECT_EQ(response_->body,
            "{\"UnprocessedTraceSegments\":[" + entry + "," + entry + "," + entry + "]}");
  EXPECT_EQ(counters_.door(static_cast<size_t>(Door::kXRay)).Get(Counter::kDropped), 3);
}

}  // namespace
}  // namespace skep::xray
