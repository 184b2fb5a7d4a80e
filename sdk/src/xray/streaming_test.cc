// SPDX-License-Identifier: Apache-2.0
// Segments with many subsegments, deep ones, large ones.
#include <gtest/gtest.h>

#include <map>
#include <set>

#include "xray/test_documents.h"

namespace skep::sdk::xray {
namespace {

// Names and parents of everything in the documents, whether embedded or alone.
void Collect(const rapidjson::Value& node, std::map<std::string, std::string>& parents) {
  const std::string id = TextAt(node, "id");
  EXPECT_TRUE(
      parents.emplace(id, node.HasMember("parent_id") ? TextAt(node, "parent_id") : "").second);
  if (!node.HasMember("subsegments")) return;
  for (const rapidjson::Value& child : node["subsegments"].GetArray()) {
    EXPECT_EQ(TextAt(child, "parent_id"), id);
    Collect(child, parents);
  }
}
std::map<std::string, std::string> Collect(const std::vector<std::string>& documents) {
  std::map<std::string, std::string> parents;
  for (const std::string& text : documents) Collect(ParseJson(text), parents);
  return parents;
}

TEST(Streaming, SendsFinishedSubsegmentsAloneOverTheThreshold) {
  TestRecorder test({.service = "shop", .streaming_threshold = 30});
  {
    auto segment = test.recorder.InSegment();
    for (int i = 0; i < 30; ++i) test.recorder.InSubsegment("step");
    EXPECT_TRUE(test.emitter->Take().empty());
    test.recorder.InSubsegment("step");  // as aws_xray_sdk: all that have ended leave
    EXPECT_EQ(test.emitter->Take().size(), 31u);
    for (int i = 0; i < 4; ++i) test.recorder.InSubsegment("step");
  }
  EXPECT_EQ(At(test.emitter->TakeOne(), "subsegments").Size(), 4u);
  EXPECT_EQ(test.recorder.Counters().sent, 36u);
}

TEST(Streaming, SendsWholeSubtrees) {
  TestRecorder test({.service = "shop", .streaming_threshold = 3});
  {
    auto segment = test.recorder.InSegment();
    auto outer = test.recorder.InSubsegment("outer");
    {
      auto middle = test.recorder.InSubsegment("middle");
      test.recorder.InSubsegment("a");
      EXPECT_TRUE(test.emitter->Take().empty());
      test.recorder.InSubsegment("b");
      EXPECT_EQ(test.emitter->Take().size(), 2u);  // over the threshold, and their parent is open
      test.recorder.InSubsegment("c");
      EXPECT_TRUE(test.emitter->Take().empty());
      Subsegment open = test.recorder.BeginSubsegment("d");
      test.recorder.InSubsegment("e");
      EXPECT_EQ(test.emitter->Take().size(), 2u);
      open.End();
    }
    EXPECT_TRUE(test.emitter->Take().empty());
  }
  const rapidjson::Document document = test.emitter->TakeOne();
  EXPECT_EQ(TextAt(document, "subsegments", 0u, "subsegments", 0u, "subsegments", 0u, "name"), "d");
}

TEST(Streaming, LosesNothingWhereManyStayOpen) {
  TestRecorder test({.service = "shop", .streaming_threshold = 10});
  Segment segment = test.recorder.BeginSegment();
  std::vector<Subsegment> open;
  std::map<std::string, std::string> wanted{{segment.GetId().Hex(), ""}};
  for (int i = 0; i < 2000; ++i) {
    const Entity parent = open.empty() || i % 3 == 0 ? static_cast<const Entity&>(segment)
                                                     : open[static_cast<size_t>(i) / 2];
    open.push_back(parent.BeginSubsegment("part"));
    wanted.emplace(open.back().GetId().Hex(), parent.GetId().Hex());
  }
  for (size_t i = 0; i < open.size(); ++i) open[i * 7 % open.size()].End();
  segment.End();
  EXPECT_EQ(Collect(test.emitter->Take()), wanted);
  EXPECT_EQ(test.recorder.Counters().accepted, 2001u);
}

TEST(Streaming, SplitsWhatIsNestedVeryDeep) {
  TestRecorder test;
  Segment segment = test.recorder.BeginSegment();
  std::vector<Subsegment> chain{segment.BeginSubsegment("0")};
  std::map<std::string, std::string> wanted{{segment.GetId().Hex(), ""},
                                            {chain[0].GetId().Hex(), segment.GetId().Hex()}};
  for (int i = 1; i < 20000; ++i) {
    chain.push_back(chain.back().BeginSubsegment("x"));
    wanted.emplace(chain.back().GetId().Hex(), chain[chain.size() - 2].GetId().Hex());
  }
  while (!chain.empty()) {
    chain.back().End();
    chain.pop_back();
  }
  segment.End();
  EXPECT_EQ(Collect(test.emitter->Take()), wanted);
}

TEST(Streaming, SplitsWhatDoesNotFitIntoADatagram) {
  TestRecorder test;
  {
    auto segment = test.recorder.InSegment();
    for (int i = 0; i < 5; ++i)
      test.recorder.InSubsegment("big")->PutMetadata("x", std::string(30'000, 'x'));
    test.recorder.InSubsegment("small");
  }
  const std::vector<std::string> documents = test.emitter->Take();
  ASSERT_EQ(documents.size(), 4u);
  EXPECT_EQ(Collect(documents).size(), 7u);
  const rapidjson::Document segment = ParseJson(documents.back());
  EXPECT_EQ(TextAt(segment, "name"), "shop");
  EXPECT_EQ(At(segment, "subsegments").Size(), 3u);
  EXPECT_EQ(test.recorder.Counters().sent, 7u);
  EXPECT_EQ(test.recorder.Stats().trimmed_documents, 0u);
}

TEST(Streaming, CutsTheLargestMetadataAndSaysSo) {
  TestRecorder test;
  Segment segment = test.recorder.BeginSegment();
  segment.PutMetadata("small", 1).PutMetadata("big", std::string(50'000, 'x'));
  segment.PutMetadata("bigger", std::string(60'000, 'x'), "home")
      .PutMetadata("medium", std::string(20'000, 'x'));
  segment.End();
  const rapidjson::Document document = test.emitter->TakeOne();
  EXPECT_FALSE(At(document, "metadata").HasMember("home"));
  EXPECT_FALSE(At(document, "metadata", "default").HasMember("big"));
  EXPECT_EQ(At(document, "metadata", "default", "medium").GetStringLength(), 20'000u);
  EXPECT_EQ(At(document, "metadata", "default", "small").GetInt(), 1);
  EXPECT_EQ(At(document, "metadata", "skep.sdk", "trimmed", "values").GetInt(), 2);
  EXPECT_EQ(At(document, "metadata", "skep.sdk", "trimmed", "bytes", "home.bigger").GetInt(),
            60'002);
  EXPECT_EQ(test.recorder.Stats().trimmed_documents, 1u);
}

TEST(Streaming, RejectsWhatDoesNotFitWhateverIsCutAndKeepsWhatIsUnderIt) {
  TestRecorder test;
  Segment segment = test.recorder.BeginSegment();
  Subsegment part = segment.BeginSubsegment("fits");
  for (int i = 0; i < 10; ++i)
    segment.PutAnnotation("a" + std::to_string(i), std::string(16'000, 'x'));
  part.End();
  segment.End();
  const rapidjson::Document document = test.emitter->TakeOne();
  EXPECT_EQ(TextAt(document, "name"), "fits");
  EXPECT_EQ(TextAt(document, "parent_id"), segment.GetId().Hex());
  EXPECT_EQ(test.recorder.Counters().accepted, 2u);
  EXPECT_EQ(test.recorder.Counters().rejected, 1u);
}

}  // namespace
}  // namespace skep::sdk::xray
