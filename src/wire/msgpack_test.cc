// SPDX-License-Identifier: Apache-2.0
#include "wire/msgpack.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <string>

#include "base/hex.h"

namespace skep {
namespace {

using Type = MsgpackTape::Type;

std::string FromHex(std::string_view digits) {
  std::string bytes(digits.size() / 2, '\0');
  EXPECT_TRUE(DecodeHex(digits, reinterpret_cast<uint8_t*>(bytes.data()), bytes.size())) << digits;
  return bytes;
}

// What was read, as one line; "bad" for what is refused.
std::string Read(std::string_view digits, size_t depth_max = 64) {
  const std::string bytes = FromHex(digits);
  MsgpackTape tape;
  if (!tape.Parse(bytes, depth_max)) {
    EXPECT_TRUE(tape.tokens().empty());
    return "bad";
  }
  std::string out;
  for (const MsgpackTape::Token& token : tape.tokens()) {
    if (!out.empty()) out += ' ';
    switch (token.type) {
      case Type::kNull:
        out += "null";
        break;
      case Type::kBool:
        out += token.int64 != 0 ? "true" : "false";
        break;
      case Type::kInt64:
        out += std::to_string(token.int64);
        break;
      case Type::kFloat64:
        out += fmt::format("{}f", token.float64);
        break;
      case Type::kString:
        out += '"' + std::string(tape.Text(token)) + '"';
        break;
      case Type::kBinary:
        out += fmt::format("bytes:{}", tape.Text(token).size());
        break;
      case Type::kTime:
        out += fmt::format("t{}", token.int64);
        break;
      case Type::kArray:
        out += fmt::format("[->{}", token.next);
        break;
      case Type::kMap:
        out += fmt::format("{{->{}", token.next);
        break;
    }
  }
  return out;
}

TEST(Msgpack, Scalars) {
  EXPECT_EQ(Read("c0"), "null");
  EXPECT_EQ(Read("c2"), "false");
  EXPECT_EQ(Read("c3"), "true");
  EXPECT_EQ(Read("00"), "0");
  EXPECT_EQ(Read("7f"), "127");
  EXPECT_EQ(Read("ff"), "-1");
  EXPECT_EQ(Read("e0"), "-32");
  EXPECT_EQ(Read("cc80"), "128");
  EXPECT_EQ(Read("cdffff"), "65535");
  EXPECT_EQ(Read("ceffffffff"), "4294967295");
  EXPECT_EQ(Read("cf7fffffffffffffff"), "9223372036854775807");
  EXPECT_EQ(Read("d080"), "-128");
  EXPECT_EQ(Read("d18000"), "-32768");
  EXPECT_EQ(Read("d280000000"), "-2147483648");
  EXPECT_EQ(Read("d38000000000000000"), "-9223372036854775808");
  EXPECT_EQ(Read("d07f"), "127");
}

TEST(Msgpack, Floats) {
  MsgpackTape tape;
  const std::string wide = FromHex("cb3ff8000000000000");
  ASSERT_TRUE(tape.Parse(wide));
  EXPECT_EQ(tape.tokens()[0].float64, 1.5);
  const std::string narrow = FromHex("ca3fc00000");
  ASSERT_TRUE(tape.Parse(narrow));
  EXPECT_EQ(tape.tokens()[0].float64, 1.5);
  const std::string large = FromHex("cfffffffffffffffff");
  ASSERT_TRUE(tape.Parse(large));
  EXPECT_EQ(tape.tokens()[0].type, Type::kFloat64);
  EXPECT_EQ(tape.tokens()[0].float64, 18446744073709551615.0);
}

TEST(Msgpack, TextAndBytes) {
  EXPECT_EQ(Read("a0"), "\"\"");
  EXPECT_EQ(Read("a3616263"), "\"abc\"");
  EXPECT_EQ(Read("d903616263"), "\"abc\"");
  EXPECT_EQ(Read("da0003616263"), "\"abc\"");
  EXPECT_EQ(Read("db00000003616263"), "\"abc\"");
  EXPECT_EQ(Read("c4020001"), "bytes:2");
  EXPECT_EQ(Read("c500020001"), "bytes:2");
  EXPECT_EQ(Read("c6000000020001"), "bytes:2");
  EXPECT_EQ(Read("d40101"), "bytes:1");
  EXPECT_EQ(Read("c70305010203"), "bytes:3");
}

TEST(Msgpack, Containers) {
  EXPECT_EQ(Read("80"), "{->1");
  EXPECT_EQ(Read("90"), "[->1");
  EXPECT_EQ(Read("93019002"), "[->4 1 [->3 2");
  EXPECT_EQ(Read("82a16101a162920203"), "{->7 \"a\" 1 \"b\" [->7 2 3");
  EXPECT_EQ(Read("dc00020102"), "[->3 1 2");
  EXPECT_EQ(Read("dd000000020102"), "[->3 1 2");
  EXPECT_EQ(Read("de0001a16101"), "{->3 \"a\" 1");
  EXPECT_EQ(Read("df00000001a16101"), "{->3 \"a\" 1");
  EXPECT_EQ(Read("81a16181a16280"), "{->5 \"a\" {->5 \"b\" {->5");
}

TEST(Msgpack, Times) {
  EXPECT_EQ(Read("d6ff00000001"), "t1000000000");
  EXPECT_EQ(Read("d7ff0000000400000001"), "t1000000001");
  EXPECT_EQ(Read("c70cff0000000100000000000000ff"), "t255000000001");
  EXPECT_EQ(Read("c70cff00000001ffffffffffffffff"), "t-999999999");
}

TEST(Msgpack, RefusesTimesThatAreNone) {
  EXPECT_EQ(Read("d5ff0001"), "bad");                        // of two bytes
  EXPECT_EQ(Read("d7ffee6b280000000001"), "bad");            // a second of nanoseconds
  EXPECT_EQ(Read("c70cff000000007fffffffffffffff"), "bad");  // beyond every calendar
  EXPECT_EQ(Read("c70cff000000008000000000000000"), "bad");
}

TEST(Msgpack, RefusesWhatIsCutShort) {
  for (const std::string_view cut :
       {"", "cc", "cd00", "cb00000000", "a361", "d9", "d90361", "c4", "c40201", "c7", "c70cff00",
        "d6ff00", "91", "81", "81a161", "dc0002", "dc000201", "dd00000001", "df"})
    EXPECT_EQ(Read(cut), "bad") << cut;
}

TEST(Msgpack, RefusesWhatIsNone) {
  EXPECT_EQ(Read("c1"), "bad");
  EXPECT_EQ(Read("0000"), "bad");        // trailing byte
  EXPECT_EQ(Read("810101"), "bad");      // a name that is a number
  EXPECT_EQ(Read("819001"), "bad");      // or a list
  EXPECT_EQ(Read("81c4016101"), "bad");  // or bytes
}

TEST(Msgpack, RefusesWhatIsNestedTooDeep) {
  EXPECT_EQ(Read("919190", 3), "[->3 [->3 [->3");
  EXPECT_EQ(Read("91919190", 3), "bad");
  std::string deep;
  for (int i = 0; i < 5000; ++i) deep += "91";
  EXPECT_EQ(Read(deep + "90", 1 << 20), "bad");
}

TEST(Msgpack, HugeClaimsTakeNoMemory) {
  EXPECT_EQ(Read("ddffffffff"), "bad");
  EXPECT_EQ(Read("dfffffffff"), "bad");
  EXPECT_EQ(Read("dbffffffff61"), "bad");
}

}  // namespace
}  // namespace skep
