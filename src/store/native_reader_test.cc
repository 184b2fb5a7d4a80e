// SPDX-License-Identifier: Apache-2.0
// Answers that no engine gives. What it gives is in the conformance tests.
#include "store/native_reader.h"

#include <gtest/gtest.h>

#include <string>

#include "base/bytes.h"
#include "store/native_writer.h"

namespace skep {
namespace {

Bytes Head(uint64_t columns, uint64_t rows, std::string_view type) {
  Bytes bytes;
  native::AppendVarint(columns, &bytes);
  native::AppendVarint(rows, &bytes);
  native::AppendColumnHead("x", type, &bytes);
  return bytes;
}

Code CodeOf(const Bytes& bytes, const NativeLimits& limits = {}) {
  const auto table = ReadNative(bytes.view(), limits);
  return table ? Code::kUnknown : table.error().code;
}

TEST(NativeReaderTest, ReadsNothing) {
  const auto table = ReadNative("", {});
  ASSERT_TRUE(table);
  EXPECT_EQ(table->rows, 0u);
}

TEST(NativeReaderTest, RefusesWhatIsCut) {
  Bytes bytes = Head(1, 2, "String");
  native::AppendText("a", &bytes);
  native::AppendText("bc", &bytes);
  ASSERT_TRUE(ReadNative(bytes.view(), {}));
  for (size_t size = 1; size < bytes.size(); ++size)
    EXPECT_FALSE(ReadNative(bytes.view().substr(0, size), {})) << size;
}

TEST(NativeReaderTest, RefusesMoreRowsThanBytes) {
  for (const char* type : {"UInt64", "String", "FixedString(1000)", "Nullable(Int8)", "Array(Int8)",
                           "Dynamic", "UUID"})
    EXPECT_EQ(CodeOf(Head(1, 900'000, type)), Code::kInternal) << type;
  EXPECT_EQ(CodeOf(Head(UINT64_MAX, 1, "Int8")), Code::kInternal);
}

TEST(NativeReaderTest, LimitsRows) {
  EXPECT_EQ(CodeOf(Head(1, 1'000'001, "UInt8")), Code::kResourceExhausted);
  EXPECT_EQ(CodeOf(Head(1, UINT64_MAX, "UInt8")), Code::kResourceExhausted);
}

TEST(NativeReaderTest, LimitsWhatADictionaryExpandsTo) {
  constexpr uint64_t kRows = 10'000;
  Bytes bytes = Head(1, kRows, "LowCardinality(String)");
  bytes.AppendRaw<uint64_t>(1);
  bytes.AppendRaw<uint64_t>(0x600);
  bytes.AppendRaw<uint64_t>(1);
  native::AppendText(std::string(100'000, 'x'), &bytes);
  bytes.AppendRaw<uint64_t>(kRows);
  bytes.Append(std::string(kRows, '\0'));
  NativeLimits limits;
  limits.bytes_max = 100u << 20;
  EXPECT_EQ(CodeOf(bytes, limits), Code::kResourceExhausted);
}

TEST(NativeReaderTest, RefusesIndexesOutOfTheDictionary) {
  Bytes bytes = Head(1, 1, "LowCardinality(String)");
  bytes.AppendRaw<uint64_t>(1);
  bytes.AppendRaw<uint64_t>(0x600);
  bytes.AppendRaw<uint64_t>(1);
  native::AppendText("x", &bytes);
  bytes.AppendRaw<uint64_t>(1);
  bytes.PushBack(1);
  EXPECT_EQ(CodeOf(bytes), Code::kInternal);
}

TEST(NativeReaderTest, RefusesOffsetsThatGoBack) {
  Bytes bytes = Head(1, 2, "Array(UInt8)");
  bytes.AppendRaw<uint64_t>(2);
  bytes.AppendRaw<uint64_t>(1);
  bytes.Append("ab");
  EXPECT_EQ(CodeOf(bytes), Code::kInternal);
}

TEST(NativeReaderTest, RefusesBlocksThatDiffer) {
  Bytes bytes = Head(1, 1, "UInt8");
  bytes.PushBack(1);
  const Bytes other = Head(1, 1, "Int8");
  bytes.Append(other.view());
  bytes.PushBack(1);
  EXPECT_EQ(CodeOf(bytes), Code::kInternal);
}

TEST(NativeReaderTest, RefusesTypes) {
  for (const char* type :
       {"Tuple(UInt8)", "Decimal(9, 2)", "Nonsense", "Array(", "FixedString(0)", "FixedString(-1)",
        "FixedString(99999999999)", "Nullable(Array(UInt8))", "LowCardinality(Array(String))", "",
        "Array(Array(Array(Array(Array(Array(Array(Array(Array(Array(Array(Array(Array(Array(Array("
        "Array(Array(Array(UInt8))))))))))))))))))"})
    EXPECT_EQ(CodeOf(Head(1, 1, type)), Code::kUnimplemented) << type;
}

}  // namespace
}  // namespace skep
