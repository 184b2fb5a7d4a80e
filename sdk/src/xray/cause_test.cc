// SPDX-License-Identifier: Apache-2.0
// Exceptions in segments.
#include <gtest/gtest.h>

#include <stdexcept>

#include "xray/test_documents.h"

namespace skep::sdk::xray {
namespace {

TEST(Cause, HasTypeMessageAndFrames) {
  TestRecorder test;
  Segment segment = test.recorder.BeginSegment();
  try {
    throw std::runtime_error("database went away");
  } catch (const std::exception& e) {
    segment.AddException(e, true);
  }
  segment.End();
  const rapidjson::Document document = test.emitter->TakeOne();
  EXPECT_TRUE(At(document, "fault").GetBool());
  EXPECT_FALSE(TextAt(document, "cause", "working_directory").empty());
  const rapidjson::Value& exception = At(document, "cause", "exceptions", 0u);
  EXPECT_EQ(TextAt(exception, "type"), "std::runtime_error");
  EXPECT_EQ(TextAt(exception, "message"), "database went away");
  EXPECT_TRUE(At(exception, "remote").GetBool());
  EXPECT_EQ(TextAt(exception, "id").size(), 16u);
  const rapidjson::Value& stack = At(exception, "stack");
  ASSERT_GT(stack.Size(), 0u);
  EXPECT_LE(stack.Size(), 64u);
  // The test's own frame is the first; its name or, without symbols, its module is known.
  EXPECT_TRUE(stack[0].HasMember("label") || stack[0].HasMember("path"));
}

TEST(Cause, HasNoMoreFramesThanAsked) {
  TestRecorder test({.service = "shop", .stack_frames_max = 0});
  Segment segment = test.recorder.BeginSegment();
  segment.AddException(std::runtime_error("a"));
  segment.End();
  const rapidjson::Document document = test.emitter->TakeOne();
  EXPECT_FALSE(At(document, "cause", "exceptions", 0u).HasMember("stack"));
  EXPECT_GT(At(document, "cause", "exceptions", 0u, "truncated").GetInt(), 0);
}

TEST(Cause, ChainsNestedExceptions) {
  TestRecorder test;
  Segment segment = test.recorder.BeginSegment();
  try {
    try {
      throw std::out_of_range("inner");
    } catch (...) {
      std::throw_with_nested(std::runtime_error("outer"));
    }
  } catch (...) {
    segment.AddException(std::current_exception());
  }
  segment.End();
  const rapidjson::Document document = test.emitter->TakeOne();
  const rapidjson::Value& exceptions = At(document, "cause", "exceptions");
  ASSERT_EQ(exceptions.Size(), 2u);
  EXPECT_EQ(TextAt(exceptions, 0u, "type"), "std::runtime_error");
  EXPECT_EQ(TextAt(exceptions, 0u, "cause"), TextAt(exceptions, 1u, "id"));
  EXPECT_EQ(TextAt(exceptions, 1u, "message"), "inner");
}

TEST(Cause, NamesAnExceptionThatWasRecordedFurtherIn) {
  TestRecorder test;
  {
    auto segment = test.recorder.InSegment();
    try {
      test.recorder.Capture("work", [] { throw std::runtime_error("boom"); });
    } catch (const std::exception& e) {
      segment->AddException(e);
    }
  }
  const rapidjson::Document document = test.emitter->TakeOne();
  const std::string id = TextAt(document, "subsegments", 0u, "cause", "exceptions", 0u, "id");
  EXPECT_EQ(TextAt(document, "cause"), id);
  EXPECT_TRUE(At(document, "fault").GetBool());
}

TEST(Cause, OfSiblingsAreTheirOwn) {
  TestRecorder test;
  const std::runtime_error error("again");
  {
    auto segment = test.recorder.InSegment();
    for (int i = 0; i < 2; ++i) test.recorder.InSubsegment("try")->AddException(error);
  }
  const rapidjson::Document document = test.emitter->TakeOne();
  for (unsigned i = 0; i < 2; ++i) {
    EXPECT_EQ(TextAt(document, "subsegments", i, "cause", "exceptions", 0u, "message"), "again");
  }
}

TEST(Cause, TakesWhateverIsThrown) {
  TestRecorder test;
  Segment segment = test.recorder.BeginSegment();
  try {
    throw 42;
  } catch (...) {
    segment.AddException(std::current_exception());
  }
  segment.AddException(std::exception_ptr());
  for (int i = 0; i < 100; ++i) segment.AddException(std::runtime_error(std::to_string(i)));
  segment.End();
  const rapidjson::Document document = test.emitter->TakeOne();
  EXPECT_EQ(TextAt(document, "cause", "exceptions", 0u, "type"), "int");
  EXPECT_EQ(At(document, "cause", "exceptions").Size(), 32u);
}

TEST(Cause, CaptureReturnsWhatTheFunctionDoes) {
  TestRecorder test;
  auto segment = test.recorder.InSegment();
  int value = 1;
  EXPECT_EQ(&test.recorder.Capture("reference", [&]() -> int& { return value; }), &value);
  EXPECT_EQ(test.recorder.Capture("value", [] { return std::string("x"); }), "x");
}

TEST(Cause, AScopeLeftByAnExceptionIsAFault) {
  TestRecorder test;
  try {
    auto segment = test.recorder.InSegment();
    throw std::runtime_error("unseen");
  } catch (const std::exception&) {
  }
  EXPECT_TRUE(At(test.emitter->TakeOne(), "fault").GetBool());
}

}  // namespace
}  // namespace skep::sdk::xray
