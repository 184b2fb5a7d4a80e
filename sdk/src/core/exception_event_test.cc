// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <exception>
#include <stdexcept>
#include <string>

#include "core/test_spans.h"
#include "skep/sdk/tracer.h"

namespace skep::sdk {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

class NoSuchUser : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

struct World {
  World() { provider.AddProcessor(std::make_unique<CollectingProcessor>(ended)); }
  // The event that `record` left on a span.
  template <typename Record>
  EndedEvent EventOf(Record record) {
    Span span = provider.GetTracer("t").StartSpan("x");
    record(span);
    span.End();
    const EndedSpan ended_span = ended->All().back();
    EXPECT_EQ(ended_span.status, StatusCode::kUnset);
    EXPECT_EQ(ended_span.events.size(), 1U);
    EXPECT_EQ(ended_span.events.at(0).name, "exception");
    return ended_span.events.at(0);
  }
  std::shared_ptr<EndedSpans> ended = std::make_shared<EndedSpans>();
  TracerProvider provider{{}};
};

TEST(RecordException, TypeMessageAndStack) {
  World world;
  const EndedEvent event = world.EventOf([](Span& span) {
    try {
      throw NoSuchUser("andrew");
    } catch (const std::exception& e) {
      span.RecordException(e, {{"user", "andrew"}});
    }
  });
  EXPECT_EQ(event.attributes.at("exception.type"), "skep::sdk::(anonymous namespace)::NoSuchUser");
  EXPECT_EQ(event.attributes.at("exception.message"), "andrew");
  EXPECT_EQ(event.attributes.at("user"), "andrew");
  EXPECT_THAT(event.attributes.at("exception.stacktrace"),
              AllOf(StartsWith("skep::sdk::(anonymous namespace)::NoSuchUser: andrew\n    at "),
                    HasSubstr("exception_event_test"), Not(HasSubstr("TextOf(std::span"))));
}

TEST(RecordException, NestedOnesFollow) {
  World world;
  const EndedEvent event = world.EventOf([](Span& span) {
    try {
      try {
        throw std::out_of_range("row 7");
      } catch (...) {
        std::throw_with_nested(NoSuchUser("andrew"));
      }
    } catch (const std::exception& e) {
      span.RecordException(e);
    }
  });
  EXPECT_EQ(event.attributes.at("exception.type"), "skep::sdk::(anonymous namespace)::NoSuchUser");
  EXPECT_THAT(event.attributes.at("exception.stacktrace"),
              HasSubstr("\nCaused by: std::out_of_range: row 7\n"));
}

TEST(RecordException, WhatIsNoStdException) {
  World world;
  const EndedEvent event = world.EventOf([](Span& span) {
    try {
      throw std::string("just a text");
    } catch (...) {
      span.RecordException(std::current_exception());
    }
  });
  EXPECT_THAT(event.attributes.at("exception.type"), HasSubstr("string"));
  EXPECT_EQ(event.attributes.at("exception.message"), "just a text");
}

TEST(RecordException, OneThatWasNeverThrown) {
  World world;
  const EndedEvent event =
      world.EventOf([](Span& span) { span.RecordException(std::invalid_argument("made")); });
  EXPECT_EQ(event.attributes.at("exception.type"), "std::invalid_argument");
}

TEST(RecordException, NullAndSpansThatDoNotRecord) {
  World world;
  Span span = world.provider.GetTracer("t").StartSpan("x");
  span.RecordException(std::exception_ptr());
  span.End();
  span.RecordException(std::runtime_error("late"));
  Span().RecordException(std::runtime_error("nowhere"));
  EXPECT_TRUE(world.ended->All().at(0).events.empty());
}

}  // namespace
}  // namespace skep::sdk
