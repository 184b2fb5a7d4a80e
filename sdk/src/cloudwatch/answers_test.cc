// SPDX-License-Identifier: Apache-2.0
#include "cloudwatch/answers.h"

#include <gtest/gtest.h>

#include <random>

namespace skep::sdk::cloudwatch {
namespace {

TEST(AnswersTest, WhatWasAcceptedAndWhatWasNot) {
  const PutAnswer all = ReadPutAnswer(R"({"nextSequenceToken":"495903"})");
  EXPECT_EQ(all.next_token, "495903");
  EXPECT_EQ(RejectedEvents(all, 10), 0u);
  const PutAnswer some = ReadPutAnswer(
      R"({"rejectedLogEventsInfo":{"tooNewLogEventStartIndex":8,"tooOldLogEventEndIndex":2,)"
      R"("expiredLogEventEndIndex":3}})");
  EXPECT_EQ(some.next_token, "");
  EXPECT_EQ(RejectedEvents(some, 10), 5u);  // 0, 1, 2 and 8, 9
}

TEST(AnswersTest, IndicesThatCannotBeAreBounded) {
  EXPECT_EQ(RejectedEvents(
                {.next_token = "", .too_new_start = 10, .too_old_end = {}, .expired_end = {}}, 10),
            0u);
  EXPECT_EQ(RejectedEvents(
                {.next_token = "", .too_new_start = 0, .too_old_end = 99, .expired_end = {}}, 10),
            10u);
  EXPECT_EQ(RejectedEvents(
                {.next_token = "", .too_new_start = {}, .too_old_end = 0, .expired_end = {}}, 10),
            1u);
}

TEST(AnswersTest, ErrorsByHeaderOrBodyInEverySpelling) {
  EXPECT_EQ(ReadError("", R"({"__type":"ResourceNotFoundException","message":"no such"})").code,
            "ResourceNotFoundException");
  EXPECT_EQ(ReadError("", R"({"__type":"com.amazonaws.logs#ThrottlingException"})").code,
            "ThrottlingException");
  EXPECT_EQ(ReadError("AccessDeniedException:http://internal/", "<html>").code,
            "AccessDeniedException");
  EXPECT_EQ(ReadError("", "<html>").code, "");
  EXPECT_EQ(ReadError("", R"({"__type":"X","Message":"upper"})").message, "upper");
  EXPECT_EQ(ReadError("", R"({"__type":"X","message":")" + std::string(2000, 'm') + R"("})")
                .message.size(),
            512u);
}

TEST(AnswersTest, TheTokenThatIsExpected) {
  EXPECT_EQ(
      ReadError("InvalidSequenceTokenException", R"({"expectedSequenceToken":"7"})").expected_token,
      "7");
  EXPECT_EQ(ReadError("InvalidSequenceTokenException",
                      R"({"message":"The next expected sequenceToken is: 42"})")
                .expected_token,
            "42");
  EXPECT_EQ(ReadError("DataAlreadyAcceptedException",
                      R"({"message":"The next expected sequenceToken is: null"})")
                .expected_token,
            "");
}

// What a peer may say instead: the front of an answer, an answer with other bytes, deep nesting.
TEST(AnswersTest, BrokenBodiesAreReadWithoutHarm) {
  const std::string whole =
      R"({"__type":"InvalidSequenceTokenException","message":"is: 42","expectedSequenceToken":"42",)"
      R"("nextSequenceToken":"43","rejectedLogEventsInfo":{"tooNewLogEventStartIndex":8,"tooOldLogEventEndIndex":2}})";
  for (size_t size = 0; size < whole.size(); ++size) {
    EXPECT_EQ(ReadPutAnswer(whole.substr(0, size)).next_token, "");
    EXPECT_EQ(ReadError("", whole.substr(0, size)).code, "");
  }
  std::mt19937 random(7);
  for (int round = 0; round < 20'000; ++round) {
    std::string body = whole;
    for (int changes = 0; changes < 4; ++changes)
      body[random() % body.size()] = static_cast<char>(random() % 256);
    EXPECT_LE(RejectedEvents(ReadPutAnswer(body), 10), 10u);
    EXPECT_LE(ReadError("", body).message.size(), 512u);
  }
  EXPECT_EQ(ReadPutAnswer(std::string(1 << 20, '[')).next_token, "");
  EXPECT_EQ(ReadPutAnswer(R"({"nextSequenceToken":)" + std::string(1 << 20, '{')).next_token, "");
  EXPECT_EQ(ReadPutAnswer(R"({"nextSequenceToken":5,"rejectedLogEventsInfo":[1]})").next_token, "");
}

}  // namespace
}  // namespace skep::sdk::cloudwatch
