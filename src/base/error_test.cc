// SPDX-License-Identifier: Apache-2.0
#include "base/error.h"

#include <gtest/gtest.h>

#include "base/hex.h"
#include "base/result.h"

namespace skep {
namespace {

TEST(CodeReply, EveryCodeFindsItsOwnRow) {
  for (int code = 1; code <= 16; ++code) {
    const CodeReply& reply = ReplyFor(static_cast<Code>(code));
    EXPECT_EQ(static_cast<int>(reply.code), code);
    EXPECT_EQ(reply.grpc, code);
    EXPECT_GE(reply.http, 400);
  }
}

Result<int> Half(int n) {
  if (n % 2 != 0) return Error(Code::kInvalidArgument, "odd");
  return n / 2;
}

Result<int> Quarter(int n) {
  SKEP_ASSIGN(const int half, Half(n));
  return Half(half);
}

TEST(Result, PassesErrorsOn) {
  EXPECT_EQ(Quarter(8).value(), 2);
  ASSERT_FALSE(Quarter(6));
  EXPECT_EQ(Quarter(6).error().message, "odd");
}

TEST(Hex, RoundTripAndRefusal) {
  uint8_t bytes[2];
  ASSERT_TRUE(DecodeHex("aBfF", bytes, 2));
  std::string text;
  AppendHex(bytes, 2, &text);
  EXPECT_EQ(text, "abff");
  EXPECT_FALSE(DecodeHex("abf", bytes, 2));
  EXPECT_FALSE(DecodeHex("abfg", bytes, 2));
}

}  // namespace
}  // namespace skep
