// SPDX-License-Identifier: Apache-2.0
#include "skep/sdk/xray/recorder.h"

#include <gtest/gtest.h>

#include <chrono>
#include <cmath>
#include <stdexcept>
#include <vector>

#include "delivery/fake_clock.h"
#include "skep/sdk/span.h"
#include "xray/test_documents.h"

namespace skep::sdk::xray {
namespace {

constexpr const char* kRoot = "1-5759e988-bd862e3fe1be46a994272793";

std::string Header(std::string_view rest) {
  return std::string("Root=") + kRoot + std::string(rest);
}

TEST(Recorder, AStepOfTheClockTearsNoSegmentApart) {
  FakeClock clock;
  TestRecorder test({.service = "shop", .clock = &clock});
  {
    auto segment = test.recorder.InSegment();
    clock.Advance(std::chrono::seconds(1));
    clock.StepUnix(-std::chrono::hours(1));
    auto part = test.recorder.InSubsegment("part");
    clock.Advance(std::chrono::seconds(2));
  }
  const rapidjson::Document document = test.emitter->TakeOne();
  const double start = At(document, "start_time").GetDouble();
  EXPECT_NEAR(At(document, "end_time").GetDouble() - start, 3, 1e-3);
  EXPECT_NEAR(At(document, "subsegments", 0, "start_time").GetDouble() - start, 1, 1e-3);
}

TEST(Recorder, SendsASegmentWithItsPartsWhenItEnds) {
  TestRecorder test;
  {
    auto segment = test.recorder.InSegment("backend", {.start_unix_ns = 1'795'478'791'123'456'789});
    segment->SetHttpRequest({.method = "GET",
                             .url = "http://h/api",
                             .user_agent = "curl/8",
                             .client_ip = "203.0.113.7",
                             .x_forwarded_for = true});
    segment->SetUser("andrew");
    segment->SetHttpResponse(200, 8);
    {
      auto outer = test.recorder.InSubsegment("mock-data");
      outer->PutMetadata("size", 3).PutMetadata(
          "who", Value::Object({{"a", Value::Array({1, nullptr})}}), "home");
      auto inner = test.recorder.InSubsegment("inner", {.name_space = Namespace::kRemote});
      inner->SetSql({.sanitized_query = "SELECT ?", .database_type = "PostgreSQL"});
      inner->PutAws("operation", "Query");
    }
    EXPECT_TRUE(test.emitter->Take().empty());
    segment->PutAnnotation("handle", "andrew")
        .PutAnnotation("count", 3)
        .PutAnnotation("cached", false);
    segment->PutAnnotation("ratio", 0.5);
  }
  const rapidjson::Document document = test.emitter->TakeOne();
  EXPECT_EQ(TextAt(document, "name"), "backend");
  EXPECT_NEAR(At(document, "start_time").GetDouble(), 1795478791.123456789, 1e-6);
  EXPECT_GE(At(document, "end_time").GetDouble(), At(document, "start_time").GetDouble());
  EXPECT_FALSE(At(document, "in_progress").GetBool());
  EXPECT_EQ(TextAt(document, "user"), "andrew");
  EXPECT_EQ(TextAt(document, "http", "request", "client_ip"), "203.0.113.7");
  EXPECT_TRUE(At(document, "http", "request", "x_forwarded_for").GetBool());
  EXPECT_EQ(At(document, "http", "response", "status").GetInt(), 200);
  EXPECT_EQ(At(document, "http", "response", "content_length").GetInt(), 8);
  EXPECT_EQ(TextAt(document, "annotations", "handle"), "andrew");
  EXPECT_EQ(At(document, "annotations", "count").GetInt(), 3);
  EXPECT_FALSE(At(document, "annotations", "cached").GetBool());
  EXPECT_EQ(At(document, "annotations", "ratio").GetDouble(), 0.5);
  EXPECT_EQ(TextAt(document, "service", "runtime"), "C++");
  EXPECT_FALSE(document.HasMember("type"));
  EXPECT_FALSE(document.HasMember("fault"));
  const rapidjson::Value& outer = At(document, "subsegments", 0u);
  EXPECT_EQ(TextAt(outer, "type"), "subsegment");
  EXPECT_EQ(TextAt(outer, "parent_id"), TextAt(document, "id"));
  EXPECT_EQ(TextAt(outer, "trace_id"), TextAt(document, "trace_id"));
  EXPECT_EQ(TextAt(outer, "namespace"), "local");
  EXPECT_EQ(At(outer, "metadata", "default", "size").GetInt(), 3);
  EXPECT_TRUE(At(outer, "metadata", "home", "who", "a", 1u).IsNull());
  const rapidjson::Value& inner = At(outer, "subsegments", 0u);
  EXPECT_EQ(TextAt(inner, "namespace"), "remote");
  EXPECT_EQ(TextAt(inner, "sql", "sanitized_query"), "SELECT ?");
  EXPECT_EQ(TextAt(inner, "aws", "operation"), "Query");
  EXPECT_EQ(test.recorder.Counters().sent, 3u);
}

TEST(Recorder, WaitsForSubsegmentsThatAreStillOpen) {
  TestRecorder test;
  Segment segment = test.recorder.BeginSegment();
  Subsegment part = segment.BeginSubsegment("late");
  segment.End();
  segment.PutAnnotation("too", "late");
  EXPECT_TRUE(test.emitter->Take().empty());
  EXPECT_FALSE(segment.IsOpen());
  part.End();
  part.End();
  const rapidjson::Document document = test.emitter->TakeOne();
  EXPECT_EQ(TextAt(document, "subsegments", 0u, "name"), "late");
  EXPECT_FALSE(document.HasMember("annotations"));
}

TEST(Recorder, SendsWhatBeginsAfterItsSegmentByItself) {
  TestRecorder test;
  Segment segment = test.recorder.BeginSegment();
  segment.End();
  test.emitter->Take();
  Subsegment part = segment.BeginSubsegment("afterwards");
  Subsegment below = part.BeginSubsegment("below");
  part.End();
  EXPECT_TRUE(test.emitter->Take().empty());
  below.End();
  const rapidjson::Document document = test.emitter->TakeOne();
  EXPECT_EQ(TextAt(document, "parent_id"), segment.GetId().Hex());
  EXPECT_EQ(TextAt(document, "trace_id"), segment.GetTraceId().Xray());
  EXPECT_EQ(TextAt(document, "subsegments", 0u, "name"), "below");
}

TEST(Recorder, SendsWhatWasNeverEndedInProgress) {
  TestRecorder test;
  {
    Segment segment = test.recorder.BeginSegment("lost");
    segment.BeginSubsegment("part");
  }
  const rapidjson::Document document = test.emitter->TakeOne();
  EXPECT_TRUE(At(document, "in_progress").GetBool());
  EXPECT_FALSE(document.HasMember("end_time"));
  EXPECT_TRUE(At(document, "subsegments", 0u, "in_progress").GetBool());
}

TEST(Recorder, TellsOfASegmentInProgress) {
  TestRecorder test;
  Segment segment = test.recorder.BeginSegment("job", {.send_in_progress = true});
  const rapidjson::Document open = test.emitter->TakeOne();
  EXPECT_TRUE(At(open, "in_progress").GetBool());
  EXPECT_FALSE(open.HasMember("end_time"));
  segment.End();
  const rapidjson::Document finished = test.emitter->TakeOne();
  EXPECT_EQ(TextAt(finished, "id"), TextAt(open, "id"));
  EXPECT_FALSE(At(finished, "in_progress").GetBool());
  segment.SendInProgress();
  EXPECT_TRUE(test.emitter->Take().empty());
}

TEST(Recorder, TakesTraceAndParentOfAHeader) {
  TestRecorder test;
  Segment segment = test.recorder.BeginSegment(
      "a", {.trace = TraceOrigin::Header(Header(";Parent=53995c3f42cd8ad8;Sampled=1;Lineage=x"))});
  EXPECT_EQ(segment.TraceHeaderText(),
            Header(";Parent=" + segment.GetId().Hex() + ";Sampled=1;Lineage=x"));
  EXPECT_EQ(segment.ResponseHeaderText(), Header(""));
  segment.End();
  const rapidjson::Document document = test.emitter->TakeOne();
  EXPECT_EQ(TextAt(document, "trace_id"), kRoot);
  EXPECT_EQ(TextAt(document, "parent_id"), "53995c3f42cd8ad8");
}

TEST(Recorder, KeepsTheCallersDecision) {
  TestRecorder test;
  {
    auto segment =
        test.recorder.InSegment("a", {.trace = TraceOrigin::Header(Header(";Sampled=0"))});
    auto part = test.recorder.InSubsegment("b");
    EXPECT_FALSE(part->IsSampled());
    EXPECT_EQ(part->TraceHeaderText(), Header(";Parent=" + part->GetId().Hex() + ";Sampled=0"));
  }
  EXPECT_TRUE(test.emitter->Take().empty());
  EXPECT_EQ(test.recorder.Stats().not_sampled, 1u);
  const Segment asked =
      test.recorder.BeginSegment("a", {.trace = TraceOrigin::Header(Header(";Sampled=?"))});
  EXPECT_EQ(asked.ResponseHeaderText(), Header(";Sampled=1"));
}

TEST(Recorder, FollowsASpanOfTheContext) {
  TestRecorder test;
  SpanContext remote;
  remote.trace_id = *TraceId::FromXray(kRoot);
  remote.span_id = *SpanId::FromHex("53995c3f42cd8ad8");
  remote.sampled = true;
  const Scope scope(Span::Remote(remote));
  test.recorder.BeginSegment("child", {.trace = TraceOrigin::CurrentSpan()}).End();
  rapidjson::Document document = test.emitter->TakeOne();
  EXPECT_EQ(TextAt(document, "trace_id"), kRoot);
  EXPECT_EQ(TextAt(document, "parent_id"), "53995c3f42cd8ad8");
  test.recorder.BeginSegment("beside", {.trace = TraceOrigin::SameTrace(Span::Current())}).End();
  document = test.emitter->TakeOne();
  EXPECT_EQ(TextAt(document, "trace_id"), kRoot);
  EXPECT_FALSE(document.HasMember("parent_id"));
  test.recorder.BeginSegment("own").End();
  EXPECT_NE(TextAt(test.emitter->TakeOne(), "trace_id"), kRoot);
  remote.sampled = false;
  EXPECT_FALSE(
      test.recorder.BeginSegment("no", {.trace = TraceOrigin::FromSpan(Span::Remote(remote))})
          .IsSampled());
}

TEST(Recorder, LeavesOutASubsegmentThatIsNotSampled) {
  TestRecorder test;
  {
    auto segment = test.recorder.InSegment();
    auto quiet = test.recorder.InSubsegment("quiet", {.sampled = false});
    auto below = test.recorder.InSubsegment("below");
    EXPECT_FALSE(below->IsSampled());
  }
  EXPECT_FALSE(test.emitter->TakeOne().HasMember("subsegments"));
}

TEST(Recorder, CleansNamesAndAnnotationKeys) {
  TestRecorder test;
  {
    auto segment = test.recorder.InSegment("what?(is);this*");
    segment->PutAnnotation("bad-key", 1)
        .PutAnnotation("", 1)
        .PutAnnotation("list", std::span<const int64_t>());
    segment->PutAnnotation("nan", std::nan("")).PutAnnotation("good_1", 1);
    segment->PutMetadata("k", 1, "AWS.reserved");
    segment->PutMetadata("k", std::string(2 << 20, 'x'));
  }
  const rapidjson::Document document = test.emitter->TakeOne();
  EXPECT_EQ(TextAt(document, "name"), "whatisthis");
  EXPECT_EQ(At(document, "annotations").MemberCount(), 1u);
  EXPECT_FALSE(document.HasMember("metadata"));
  EXPECT_EQ(test.recorder.Stats().ignored_annotations, 4u);
  EXPECT_EQ(test.recorder.Stats().ignored_metadata, 2u);
  test.recorder.BeginSegment(std::string(199, 'x') + "é").End();
  EXPECT_EQ(TextAt(test.emitter->TakeOne(), "name"), std::string(199, 'x'));
}

TEST(Recorder, NamesSegmentsByTheirHost) {
  TestRecorder test({.service = "shop", .dynamic_naming = "*.example.com"});
  test.recorder.BeginSegment({}, {.host = "api.example.com"}).End();
  EXPECT_EQ(TextAt(test.emitter->TakeOne(), "name"), "api.example.com");
  test.recorder.BeginSegment({}, {.host = "evil.org"}).End();
  EXPECT_EQ(TextAt(test.emitter->TakeOne(), "name"), "shop");
}

TEST(Recorder, SetsFlagsByTheStatus) {
  TestRecorder test;
  const auto flags = [&](int status) {
    Segment segment = test.recorder.BeginSegment();
    segment.SetHttpResponse(status);
    segment.End();
    const rapidjson::Document document = test.emitter->TakeOne();
    std::string set;
    for (const char* name : {"error", "throttle", "fault"}) {
      if (document.HasMember(name)) set += std::string(name) + " ";
    }
    return set;
  };
  EXPECT_EQ(flags(200), "");
  EXPECT_EQ(flags(404), "error ");
  EXPECT_EQ(flags(429), "error throttle ");
  EXPECT_EQ(flags(503), "fault ");
}

TEST(Recorder, CountsWhereNoSegmentIsCurrent) {
  std::vector<std::string> missing;
  TestRecorder test(
      {.service = "shop",
       .context_missing = ContextMissing::kRuntimeError,
       .context_missing_handler = [&](std::string_view what) { missing.emplace_back(what); }});
  {
    auto part = test.recorder.InSubsegment("orphan");
    part->PutAnnotation("a", 1).PutMetadata("b", 2).SetFault();
    EXPECT_FALSE(*part);
    EXPECT_EQ(part->TraceHeaderText(), "");
  }
  test.recorder.PutAnnotation("c", 1);
  EXPECT_EQ(missing, (std::vector<std::string>{"orphan", "c"}));
  EXPECT_EQ(test.recorder.Stats().context_missing, 2u);
  EXPECT_TRUE(test.emitter->Take().empty());
}

TEST(Recorder, LetsTheHandlerThrow) {
  TestRecorder test(
      {.service = "shop",
       .context_missing = ContextMissing::kRuntimeError,
       .context_missing_handler = [](std::string_view) { throw std::logic_error("no segment"); }});
  EXPECT_THROW(test.recorder.BeginSubsegment("orphan"), std::logic_error);
  auto segment = test.recorder.InSegment();
  EXPECT_TRUE(test.recorder.BeginSubsegment("fine"));
}

struct ByName : SegmentSampler {
  SamplingDecision Decide(const SamplingQuery& query) override {
    return {query.method == "GET",
            "rule of " + std::string(query.service) + std::string(query.url_path)};
  }
};

TEST(Recorder, NamesTheRuleThatSampled) {
  TestRecorder test({.service = "shop", .sampler = std::make_shared<ByName>()});
  test.recorder.BeginSegment({}, {.method = "GET", .url_path = "/home"}).End();
  EXPECT_EQ(TextAt(test.emitter->TakeOne(), "aws", "xray", "sampling_rule_name"),
            "rule of shop/home");
  EXPECT_FALSE(test.recorder.BeginSegment({}, {.method = "POST"}).IsSampled());
  EXPECT_TRUE(test.recorder.BeginSegment({}, {.sampled = true, .method = "POST"}).IsSampled());
}

TEST(Recorder, PutsWhatTheProgramIsIntoEachSegment) {
  TestRecorder test({.service = "shop",
                     .origin = "AWS::EC2::Instance",
                     .aws = {{"ec2", Value::Object({{"instance_id", "i-1"}})}},
                     .service_version = "1.2"});
  Segment segment = test.recorder.BeginSegment();
  segment.PutService("name", "n").PutAws("account_id", "12");
  segment.End();
  const rapidjson::Document document = test.emitter->TakeOne();
  EXPECT_EQ(TextAt(document, "origin"), "AWS::EC2::Instance");
  EXPECT_EQ(TextAt(document, "aws", "ec2", "instance_id"), "i-1");
  EXPECT_EQ(TextAt(document, "aws", "account_id"), "12");
  EXPECT_FALSE(TextAt(document, "aws", "xray", "sdk").empty());
  EXPECT_EQ(TextAt(document, "service", "version"), "1.2");
  EXPECT_EQ(TextAt(document, "service", "name"), "n");
}

TEST(Recorder, KeepsRecordersApart) {
  TestRecorder one;
  TestRecorder other;
  auto segment = one.recorder.InSegment();
  EXPECT_TRUE(one.recorder.CurrentSegment());
  EXPECT_FALSE(other.recorder.CurrentSegment());
}

TEST(Recorder, LetsSegmentsOutliveIt) {
  auto test = std::make_unique<TestRecorder>();
  Segment segment = test->recorder.BeginSegment();
  const std::shared_ptr<MemoryEmitter> emitter = test->emitter;
  test.reset();
  segment.End();
  EXPECT_EQ(TextAt(emitter->TakeOne(), "name"), "shop");
}

}  // namespace
}  // namespace skep::sdk::xray
