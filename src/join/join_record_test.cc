// SPDX-License-Identifier: Apache-2.0
#include "join/join_record.h"

#include <gtest/gtest.h>

#include "join/testing.h"
#include "model/canonical.h"
#include "wire/protobuf.h"

namespace skep::join {
namespace {

using testing::SpanOf;
using testing::TraceOf;

Join SegmentJoin() {
  return {.kind = JoinKind::kEvidence,
          .door = Door::kXRay,
          .trace_id = TraceOf(1, 'o'),
          .span_id = SpanOf(1, 'o'),
          .root_ns = testing::kEpochNs,
          .guest_trace_id = TraceOf(2, 'x'),
          .guest_span_id = SpanOf(2, 'x'),
          .event_id = 0,
          .event_ns = 0,
          .evidence = "same method and path"};
}

Join LineJoin() {
  Join join = SegmentJoin();
  join.kind = JoinKind::kSameRecord;
  join.door = Door::kCloudWatch;
  join.guest_trace_id = {};
  join.guest_span_id = {};
  join.event_id = 77;
  join.event_ns = testing::kEpochNs + 5;
  return join;
}

std::string Text(const RecordBatch& batch, size_t row, std::string_view name) {
  const Value* value = batch.Find(batch.records()[row], name);
  return value == nullptr ? "(none)" : std::string(value->text());
}

Result<RecordBatch> RoundTrip(std::vector<Join> joins) {
  return DecodeJoins(EncodeJoins(joins), {});
}

TEST(JoinRecordTest, SegmentIsFoundFromBothTraces) {
  const auto batch = RoundTrip({SegmentJoin()});
  ASSERT_TRUE(batch);
  ASSERT_EQ(batch->records().size(), 2u);
  const Record& host = batch->records()[0];
  const Record& guest = batch->records()[1];
  EXPECT_EQ(host.signal, Signal::kJoin);
  EXPECT_EQ(host.trace_id, TraceOf(1, 'o'));
  EXPECT_EQ(host.parent_id, SpanOf(1, 'o'));
  EXPECT_TRUE(host.span_id.empty());
  EXPECT_EQ(host.time_ns, testing::kEpochNs);
  EXPECT_EQ(guest.trace_id, TraceOf(2, 'x'));
  EXPECT_EQ(guest.time_ns, testing::kEpochNs);
  EXPECT_EQ(Text(*batch, 0, "join.role"), "host");
  EXPECT_EQ(Text(*batch, 1, "join.role"), "guest");
  EXPECT_EQ(Text(*batch, 0, "join.trace_id"), TraceOf(2, 'x').Hex());
  EXPECT_EQ(Text(*batch, 1, "join.trace_id"), TraceOf(1, 'o').Hex());
  for (const size_t row : {0u, 1u}) {
    EXPECT_EQ(Text(*batch, row, "join.kind"), "evidence");
    EXPECT_EQ(Text(*batch, row, "join.door"), "xray");
    EXPECT_EQ(Text(*batch, row, "join.span_id"), SpanOf(2, 'x').Hex());
    EXPECT_EQ(Text(*batch, row, "join.text"), "same method and path");
    EXPECT_EQ(batch->Find(batch->records()[row], "join.event_id"), nullptr);
  }
}

TEST(JoinRecordTest, LineIsNamedByItsEvent) {
  const auto batch = RoundTrip({LineJoin()});
  ASSERT_TRUE(batch);
  ASSERT_EQ(batch->records().size(), 1u);
  EXPECT_EQ(Text(*batch, 0, "join.kind"), "same_record");
  EXPECT_EQ(Text(*batch, 0, "join.door"), "cloudwatch");
  EXPECT_EQ(Text(*batch, 0, "join.trace_id"), "(none)");
  EXPECT_EQ(Text(*batch, 0, "join.span_id"), "(none)");
  EXPECT_EQ(batch->Find(batch->records()[0], "join.event_id")->int64(), 77);
  EXPECT_EQ(batch->Find(batch->records()[0], "join.event_time_ns")->int64(), testing::kEpochNs + 5);
}

TEST(JoinRecordTest, SameBodyGivesSameRecords) {
  const std::vector<Join> joins = {SegmentJoin(), LineJoin()};
  const auto once = DecodeJoins(EncodeJoins(joins), {});
  const auto again = DecodeJoins(Bytes(EncodeJoins(joins).view()), {});
  ASSERT_TRUE(once && again);
  EXPECT_EQ(Canonical(*once), Canonical(*again));
}

TEST(JoinRecordTest, FieldsOfLaterVersionsArePassedOver) {
  Bytes body;
  ProtoWriter writer(&body);
  const std::vector<Join> joins = {LineJoin()};
  const Bytes join = EncodeJoins(joins);
  body.Append(join.view());
  writer.Text(9, "of a later version");
  const auto batch = DecodeJoins(std::move(body), {});
  ASSERT_TRUE(batch);
  EXPECT_EQ(batch->records().size(), 1u);
}

TEST(JoinRecordTest, EmptyBodyIsNoJoins) {
  const auto batch = RoundTrip({});
  ASSERT_TRUE(batch);
  EXPECT_TRUE(batch->records().empty());
}

TEST(JoinRecordTest, RefusesWhatIsNoJoin) {
  const auto refused = [](Join join) { return !RoundTrip({std::move(join)}).has_value(); };
  Join join = SegmentJoin();
  join.trace_id = {};
  EXPECT_TRUE(refused(join)) << "without a host";
  join = LineJoin();
  join.event_id = 0;
  EXPECT_TRUE(refused(join)) << "without a guest";
  join = SegmentJoin();
  join.guest_trace_id = join.trace_id;
  EXPECT_TRUE(refused(join)) << "with itself";
  join = SegmentJoin();
  join.kind = static_cast<JoinKind>(3);
  EXPECT_TRUE(refused(join)) << "of an unknown kind";
  join = SegmentJoin();
  join.door = static_cast<Door>(0);
  EXPECT_TRUE(refused(join)) << "of no door";
  join = SegmentJoin();
  join.evidence = "\xff";
  EXPECT_TRUE(refused(join)) << "with text that is no UTF-8";
  join = SegmentJoin();
  join.root_ns = -1;
  EXPECT_TRUE(refused(join)) << "before 1970";
  join = LineJoin();
  join.event_id = uint64_t{1} << 63;
  EXPECT_TRUE(refused(join)) << "of an event id that no query could give";
}

TEST(JoinRecordTest, RefusesBytesThatAreCutShort) {
  const std::vector<Join> joins = {SegmentJoin()};
  const Bytes whole = EncodeJoins(joins);
  for (size_t size = 1; size < whole.size(); ++size)
    EXPECT_FALSE(DecodeJoins(Bytes(whole.view().substr(0, size)), {})) << size;
}

TEST(JoinRecordTest, RefusesMoreThanOneBodyMayHold) {
  const std::vector<Join> joins(kJoinsPerBodyMax + 1, LineJoin());
  EXPECT_FALSE(DecodeJoins(EncodeJoins(joins), {}));
}

}  // namespace
}  // namespace skep::join
