// SPDX-License-Identifier: Apache-2.0
#include "query/trace/clock_skew.h"

#include <gtest/gtest.h>

#include "query/trace/testing.h"

namespace skep {
namespace {

using testing::SpanRow;
using testing::TreeOf;

EventRow On(std::string service, std::string host, EventRow row) {
  row.dataset = std::move(service);
  if (!host.empty()) row.attributes = R"({"host":{"name":")" + host + R"("}})";
  return row;
}

TEST(ClockSkewTest, CallsWithinTheirCallersSayNothing) {
  EXPECT_TRUE(MeasureSkew(TreeOf({SpanRow(1, 0, "root", 0, 100),
                                  On("api", "", SpanRow(2, 1, "call", 10, 90))}))
                  .empty());
  // One clock: the same host, whatever the services.
  EXPECT_TRUE(MeasureSkew(TreeOf({On("shop", "h1", SpanRow(1, 0, "root", 0, 100)),
                                  On("api", "h1", SpanRow(2, 1, "call", 110, 120))}))
                  .empty());
}

TEST(ClockSkewTest, BoundsOfAllCallsTogether) {
  const TraceTree tree =
      TreeOf({SpanRow(1, 0, "root", 0, 1000), SpanRow(2, 1, "call", 100, 200),
              On("api", "b", SpanRow(3, 2, "serve", 300, 380)), SpanRow(4, 1, "call", 400, 460),
              On("api", "b", SpanRow(5, 4, "serve", 610, 650)),
              On("db", "b", SpanRow(6, 5, "query", 620, 630))});
  const auto skews = MeasureSkew(tree);
  ASSERT_EQ(skews.size(), 1u);
  EXPECT_EQ(tree.Text(skews[0].place), "b");
  EXPECT_EQ(tree.Text(skews[0].against), "shop");
  EXPECT_EQ(skews[0].low_ns, -200);   // by the first call; the second says -210
  EXPECT_EQ(skews[0].high_ns, -190);  // by the second; the first says -180
  EXPECT_EQ(skews[0].shift_ns, -195);
  EXPECT_EQ(skews[0].calls, 2u);
  EXPECT_EQ(skews[0].outside, 2u);
  EXPECT_TRUE(skews[0].consistent);
}

TEST(ClockSkewTest, ConsumersOnlyCannotBeginEarlier) {
  EventRow sent = SpanRow(2, 1, "send", 100, 110);
  sent.kind = SpanKind::kProducer;
  EventRow taken = On("worker", "", SpanRow(3, 2, "take", 40, 45));
  taken.kind = SpanKind::kConsumer;
  const TraceTree tree = TreeOf({SpanRow(1, 0, "root", 0, 1000), sent, taken});
  const auto skews = MeasureSkew(tree);
  ASSERT_EQ(skews.size(), 1u);
  EXPECT_EQ(skews[0].shift_ns, 60);
  EXPECT_EQ(skews[0].high_ns, std::nullopt);
}

TEST(ClockSkewTest, CallsThatContradictEachOtherAreSaidTo) {
  const TraceTree tree =
      TreeOf({SpanRow(1, 0, "root", 0, 1000), SpanRow(2, 1, "call", 100, 110),
              On("api", "", SpanRow(3, 2, "serve", 200, 210)), SpanRow(4, 1, "call", 400, 410),
              On("api", "", SpanRow(5, 4, "serve", 800, 810))});
  const auto skews = MeasureSkew(tree);
  ASSERT_EQ(skews.size(), 1u);
  EXPECT_FALSE(skews[0].consistent);
}

TEST(ClockSkewTest, ShiftsAddUpAlongTheWayAndRepairEveryCall) {
  std::mt19937 random(21);
  for (int round = 0; round < 200; ++round) {
    std::vector<int64_t> off = {0};
    std::vector<EventRow> rows = {On("s0", "h0", SpanRow(1, 0, "root", 0, 1'000'000))};
    std::vector<std::tuple<uint32_t, size_t, int64_t, int64_t>> spans = {{1, 0, 0, 1'000'000}};
    for (size_t host = 1; host < 5; ++host)
      off.push_back(static_cast<int64_t>(random() % 400'000) - 200'000);
    for (uint32_t n = 2; n < 40; ++n) {
      const auto [parent, parent_host, from, to] = spans[random() % spans.size()];
      if (to - from < 10) continue;
      // A host is called by the one before it or by itself.
      const size_t host = std::min<size_t>(4, parent_host + random() % 2);
      const int64_t start =
          from + static_cast<int64_t>(random() % static_cast<uint64_t>(to - from));
      const int64_t end =
          start + static_cast<int64_t>(random() % static_cast<uint64_t>(to - start));
      spans.emplace_back(n, host, start, end);
      const std::string name = std::to_string(host);
      rows.push_back(On("s" + name, "h" + name,
                        SpanRow(n, parent, "call", start + off[host], end + off[host])));
    }
    TraceTree tree = TreeOf(std::move(rows));
    const auto skews = MeasureSkew(tree);
    for (const ClockSkew& skew : skews) EXPECT_TRUE(skew.consistent);
    tree.Shift(ShiftsOf(skews));
    EXPECT_TRUE(MeasureSkew(tree).empty());
    for (const TreeRow& row : tree.rows()) {
      if (row.parent == kNoRow) continue;
      EXPECT_GE(row.time_ns, tree.row(row.parent).time_ns);
      EXPECT_LE(row.end_ns, tree.row(row.parent).end_ns);
    }
  }
}

}  // namespace
}  // namespace skep
