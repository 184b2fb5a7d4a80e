// SPDX-License-Identifier: Apache-2.0
#include "wire/protobuf.h"

#include <gtest/gtest.h>

#include <limits>
#include <string>

namespace skep {
namespace {

using namespace std::string_view_literals;

TEST(Protobuf, ReadsBackWhatItWrote) {
  Bytes out;
  ProtoWriter writer(&out);
  writer.Varint(1, std::numeric_limits<uint64_t>::max());
  writer.Fixed64(2, 0x0102030405060708);
  writer.Fixed32(3, 7);
  writer.Double(4, -0.5);
  writer.SInt(5, std::numeric_limits<int64_t>::min());
  writer.Text(1000, "text");
  const size_t open = writer.Open(7);
  writer.Varint(1, 300);
  writer.Close(open);

  ProtoReader reader(out.view());
  ASSERT_TRUE(reader.Next());
  EXPECT_EQ(reader.tag(), VarintTag(1));
  EXPECT_EQ(reader.number(), std::numeric_limits<uint64_t>::max());
  ASSERT_TRUE(reader.Next());
  EXPECT_EQ(reader.tag(), Fixed64Tag(2));
  EXPECT_EQ(reader.number(), 0x0102030405060708u);
  ASSERT_TRUE(reader.Next());
  EXPECT_EQ(reader.tag(), Fixed32Tag(3));
  EXPECT_EQ(reader.number(), 7u);
  ASSERT_TRUE(reader.Next());
  EXPECT_EQ(reader.float64(), -0.5);
  ASSERT_TRUE(reader.Next());
  EXPECT_EQ(UnZigzag(reader.number()), std::numeric_limits<int64_t>::min());
  ASSERT_TRUE(reader.Next());
  EXPECT_EQ(reader.tag(), BytesTag(1000));
  EXPECT_EQ(reader.bytes(), "text");
  ASSERT_TRUE(reader.Next());
  ProtoReader inner(reader.bytes());
  ASSERT_TRUE(inner.Next());
  EXPECT_EQ(inner.number(), 300u);
  EXPECT_FALSE(inner.Next());
  EXPECT_TRUE(inner.ok());
  EXPECT_FALSE(reader.Next());
  EXPECT_TRUE(reader.ok());
}

TEST(Protobuf, AnEmptyMessageHasNoFields) {
  ProtoReader reader("");
  EXPECT_FALSE(reader.Next());
  EXPECT_TRUE(reader.ok());
}

class BadBytes : public testing::TestWithParam<std::string_view> {};

TEST_P(BadBytes, AreRefusedAndEndTheMessage) {
  ProtoReader reader(GetParam());
  while (reader.Next()) {
  }
  EXPECT_FALSE(reader.ok());
  EXPECT_FALSE(reader.Next());
}

INSTANTIATE_TEST_SUITE_P(
    Protobuf, BadBytes,
    testing::Values("\x08"sv,                                              // no value
                    "\x08\x80"sv,                                          // cut varint
                    "\x08\x80\x80\x80\x80\x80\x80\x80\x80\x80\x80\x01"sv,  // eleven bytes
                    "\x08\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\x02"sv,      // 65 bits
                    "\x00\x01"sv,                                          // field 0
                    "\x80"sv,                                              // cut tag
                    "\x88\x80\x80\x80\x80\x01\x00"sv,                      // tag over 32 bits
                    "\x0A\x02x"sv,                                         // length over the end
                    "\x0A\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\x01x"sv,     // length of 2^64-1
                    "\x09\x01\x02\x03\x04\x05\x06\x07"sv,                  // cut fixed64
                    "\x0D\x01\x02\x03"sv,                                  // cut fixed32
                    "\x0B\x0C"sv,                                          // group
                    "\x0C"sv,                                              // end of group
                    "\x0E\x00"sv,                                          // wire type 6
                    "\x0F\x00"sv));                                        // wire type 7

}  // namespace
}  // namespace skep
