// SPDX-License-Identifier: Apache-2.0
// The statements as text; doors/cloudwatch/read_test.cc runs them.
#include "query/log_events.h"

#include <gtest/gtest.h>

namespace skep {
namespace {

constexpr int64_t kNowMs = 1'795'521'600'000;

std::string Spell(const LogEventsQuery& query) {
  const Statement statement = PlanLogEvents(query);
  std::string text = statement.sql;
  for (const auto& [name, value] : statement.parameters) text += "\n" + name + " = " + value;
  return text;
}

TEST(LogEventsPlanTest, AGroup) {
  EXPECT_EQ(Spell({.group = "g' OR 1"}),
            "SELECT toUnixTimestamp64Milli(time), event_id, toUnixTimestamp64Milli(ingest_time), "
            "ifNull(attributes.`aws.log.stream.name`.:String, ''), body FROM events WHERE "
            "project = {p1:String} AND time >= fromUnixTimestamp64Nano({p2:Int64}, 'UTC') AND "
            "signal = 'log' AND door = 'cloudwatch' AND dataset = {p3:String} ORDER BY time, "
            "event_id LIMIT {p4:UInt64}\n"
            "p1 = default\np2 = 0\np3 = g' OR 1\np4 = 10001");
}

TEST(LogEventsPlanTest, StreamsARangeAndAPlaceToGoOnFrom) {
  const LogEventsQuery query{.project = "p",
                             .group = "g",
                             .streams = {"a", "b'"},
                             .from_ms = 5,
                             .until_ms = kNowMs,
                             .newest_first = true,
                             .after = LogEventPosition{kNowMs - 1, 7},
                             .limit = 2};
  EXPECT_EQ(Spell(query),
            "SELECT toUnixTimestamp64Milli(time), event_id, toUnixTimestamp64Milli(ingest_time), "
            "ifNull(attributes.`aws.log.stream.name`.:String, ''), body FROM events WHERE "
            "project = {p1:String} AND time >= fromUnixTimestamp64Nano({p2:Int64}, 'UTC') AND "
            "time < fromUnixTimestamp64Nano({p3:Int64}, 'UTC') AND signal = 'log' AND "
            "door = 'cloudwatch' AND dataset = {p4:String} AND "
            "(attributes.`aws.log.stream.name`.:String = {p5:String} OR "
            "attributes.`aws.log.stream.name`.:String = {p6:String}) AND "
            "time <= fromUnixTimestamp64Nano({p7:Int64}, 'UTC') AND "
            "(time < fromUnixTimestamp64Nano({p8:Int64}, 'UTC') OR event_id < {p9:UInt64}) "
            "ORDER BY time DESC, event_id DESC LIMIT {p10:UInt64}\n"
            "p1 = p\np2 = 5000000\np3 = 1795521600000000000\np4 = g\np5 = a\np6 = b'\n"
            "p7 = 1795521599999000000\np8 = 1795521599999000000\np9 = 7\np10 = 3");
}

TEST(LogEventsPlanTest, TimesBeyondTheCalendarAreItsEnds) {
  const std::string text = Spell({.from_ms = INT64_MAX, .until_ms = INT64_MAX - 1});
  EXPECT_NE(text.find("p2 = 9223372036854000000\n"), std::string::npos) << text;
  EXPECT_EQ(text.find("time <"), std::string::npos) << text;
}

// Answers as a store does that has too little memory for more than `rows_max` rows.
class NarrowStore : public Store {
 public:
  explicit NarrowStore(size_t rows_max) : rows_max_(rows_max) {}
  Status Migrate() override { return {}; }
  Status Insert(const NativeBlock&, std::string_view) override { return {}; }
  Result<StoreStats> Stats() override { return StoreStats{}; }
  Result<ResultTable> Query(const Statement& statement, const QueryOptions&,
                            const CancelToken&) override {
    const size_t limit = std::stoul(statement.parameters.back().second);
    if (limit > rows_max_) return Error(Code::kResourceExhausted, "too much memory");
    ResultTable table;
    table.rows = limit;
    table.columns.resize(5);
    table.columns[0].data = std::vector<int64_t>(limit, kNowMs);
    table.columns[1].data = std::vector<uint64_t>(limit, 1);
    table.columns[2].data = std::vector<int64_t>(limit, kNowMs);
    table.columns[3].data = TextData{"", std::vector<uint64_t>(limit, 0)};
    table.columns[4].data = TextData{"", std::vector<uint64_t>(limit, 0)};
    return table;
  }

 private:
  size_t rows_max_;
};
class NoSink : public Sink {
 public:
  void Submit(Submission, AckFunction ack) override { ack({}); }
  Status Barrier(int64_t) override { return {}; }
  void Shutdown() override {}
  SinkStats Stats() const override { return {}; }
};

TEST(LogEventsTest, APageThatDoesNotFitIntoMemoryGetsShorter) {
  NoSink sink;
  NarrowStore narrow(50);
  Reader reader(&narrow, &sink);
  const auto page = LogEvents(&reader).Read({.group = "g"}, {});
  ASSERT_TRUE(page.has_value());
  EXPECT_EQ(page->events.size(), 39u);  // 10,000 / 16 / 16
  EXPECT_TRUE(page->more);
  NarrowStore closed(0);
  Reader none(&closed, &sink);
  EXPECT_EQ(LogEvents(&none).Read({.group = "g"}, {}).error().code, Code::kResourceExhausted);
}

}  // namespace
}  // namespace skep
