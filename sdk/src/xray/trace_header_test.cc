// SPDX-License-Identifier: Apache-2.0
#include "skep/sdk/xray/trace_header.h"

#include <gtest/gtest.h>

namespace skep::sdk::xray {
namespace {

using Decision = TraceHeader::Decision;
constexpr const char* kRoot = "1-5759e988-bd862e3fe1be46a994272793";

TEST(TraceHeader, IsReadAndWritten) {
  const std::string text = std::string("Root=") + kRoot + ";Parent=53995c3f42cd8ad8;Sampled=1";
  const TraceHeader header = TraceHeader::Parse(text);
  ASSERT_TRUE(header.root && header.parent);
  EXPECT_EQ(header.root->Hex(), "5759e988bd862e3fe1be46a994272793");
  EXPECT_EQ(header.parent->Hex(), "53995c3f42cd8ad8");
  EXPECT_EQ(header.decision, Decision::kSampled);
  EXPECT_EQ(header.Text(), text);
}

TEST(TraceHeader, TakesFieldsInAnyOrderWithSpaces) {
  const TraceHeader header = TraceHeader::Parse(std::string(" Sampled=0 ; Root = ") + kRoot);
  EXPECT_EQ(header.decision, Decision::kNotSampled);
  ASSERT_TRUE(header.root);
  EXPECT_EQ(header.Text(), std::string("Root=") + kRoot + ";Sampled=0");
}

TEST(TraceHeader, KeepsOtherFieldsButSelf) {
  const TraceHeader header =
      TraceHeader::Parse(std::string("Self=1-67891234-12456789abcdef012345678;Root=") + kRoot +
                         ";Lineage=a:1;Sampled=?");
  EXPECT_EQ(header.decision, Decision::kRequested);
  EXPECT_EQ(header.rest, "Lineage=a:1");
  EXPECT_EQ(header.Text(), std::string("Root=") + kRoot + ";Sampled=?;Lineage=a:1");
}

TEST(TraceHeader, TakesNothingFromWhatIsMalformed) {
  for (const char* text :
       {"", ";", "=", "Root", "Root=", "Root=1-xyz-00", "Root=5759e988bd862e3fe1be46a994272793",
        "Root=1-00000000-000000000000000000000000", "Sampled=2", "Parent=53995c3f42cd8ad8"}) {
    const TraceHeader header = TraceHeader::Parse(text);
    EXPECT_FALSE(header.root || header.parent) << text;
    EXPECT_EQ(header.decision, Decision::kAbsent) << text;
    EXPECT_EQ(header.Text(), "") << text;
  }
}

TEST(TraceHeader, PassesOnNothingThatBreaksAHeader) {
  EXPECT_EQ(TraceHeader::Parse("A=b\r\nSet-Cookie: x;C=d e;F=g").rest, "F=g");
  const TraceHeader header = TraceHeader::Parse("A=" + std::string(300, 'x') + ";B=c");
  EXPECT_EQ(header.rest, "B=c");
}

}  // namespace
}  // namespace skep::sdk::xray
