// SPDX-License-Identifier: Apache-2.0
// What is said of a known field by number is what its texts say.
#include "query/explore/known_fields.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <map>

#include "query/explore/run_query.h"
#include "query/explore/spec_json.h"
#include "query/testing.h"
#include "store/testing.h"

namespace skep {
namespace {

using testing::kTestTimeNs;
using testing::TestRecord;
using testing::TestWorld;

// No row has an attribute, so that names mean columns.
class NoAttributes final : public FieldTypes {
 public:
  TypeSet TypesOf(std::string_view, std::string_view) const override { return {}; }
  bool MayBeSampled(std::string_view) const override { return false; }
};

// Rows of every word.
class Rows {
 public:
  explicit Rows(Store* store) : world_(store) {
    for (const Door door : {Door::kOtlp, Door::kXRay, Door::kCloudWatch, Door::kRollbar,
                            Door::kHoneycomb, Door::kSkep})
      world_.Add(TestRecord::Line(door, 0, 0, "line"));
    for (const Signal signal : {Signal::kSpanEvent, Signal::kSpanLink, Signal::kError,
                                Signal::kEvent, Signal::kMetric, Signal::kLog})
      world_.Add(TestRecord::Make(signal, Door::kOtlp, 1));
    for (uint8_t kind = 0; kind <= static_cast<uint8_t>(SpanKind::kConsumer); ++kind) {
      TestRecord span = TestRecord::Span(Door::kOtlp, 1, kind, kind / 2, kind % 2 ? "a" : "");
      span.record.kind = static_cast<SpanKind>(kind);
      span.record.status = static_cast<SpanStatus>(kind % 3);
      world_.Add(span.For(kind).Of(kind % 2 ? "shop" : ""));
    }
    for (Severity severity = 0; severity <= 24; ++severity) {
      TestRecord line = TestRecord::Line(Door::kOtlp, 0, 0, severity % 2 ? "line" : "");
      line.record.severity = severity;
      line.record.item = severity % 3;
      world_.Add(line);
    }
    world_.Commit();
  }

  QueryResult Ask(const std::string& members) {
    SpecErrors errors;
    auto spec = ParseQuerySpec(fmt::format(R"({{"start_time":{},"time_range":60,{}}})",
                                           kTestTimeNs / 1'000'000'000, members),
                               &errors);
    EXPECT_TRUE(spec) << members;
    QueryRequest request;
    request.spec = *spec;
    request.limit = 1000;
    auto result = RunQuery(world_.reader(), request, types_, {});
    EXPECT_TRUE(result) << result.error().message << result.error().detail;
    return result ? std::move(*result) : QueryResult();
  }
  double CountWhere(std::string_view field, std::string_view rest) {
    const QueryResult result = Ask(fmt::format(R"("filters":[{{"column":"{}",{}}}])", field, rest));
    return result.total.empty() ? -1 : result.total[0].Number();
  }

  static constexpr double kCount = 43;

 private:
  NoAttributes types_;
  TestWorld world_;
};

TEST(KnownFieldsTest, ExistsWhereItsTextIsNotNull) {
  SKEP_OPEN_TEST_STORE(store);
  Rows rows(store.get());
  for (const KnownField& field : KnownFields()) {
    double there = 0;
    const QueryResult groups = rows.Ask(fmt::format(R"("breakdowns":["{}"])", field.name));
    for (const ResultRow& row : groups.rows)
      if (!std::holds_alternative<std::monostate>(row.group[0])) there += row.measures[0].Number();
    EXPECT_EQ(rows.CountWhere(field.name, R"("op":"exists")"), there) << field.name;
    EXPECT_EQ(rows.CountWhere(field.name, R"("op":"does-not-exist")"), Rows::kCount - there)
        << field.name;
  }
}

TEST(KnownFieldsTest, WordsAreItsTexts) {
  SKEP_OPEN_TEST_STORE(store);
  Rows rows(store.get());
  size_t with_words = 0;
  for (const KnownField& field : KnownFields()) {
    if (field.words.empty()) continue;
    ++with_words;
    std::map<std::string, double> counts;
    for (const ResultRow& row : rows.Ask(fmt::format(R"("breakdowns":["{}"])", field.name)).rows) {
      if (const auto* text = std::get_if<std::string>(&row.group[0]))
        counts[*text] = row.measures[0].Number();
      if (std::holds_alternative<bool>(row.group[0])) counts["true"] = row.measures[0].Number();
    }
    for (const auto& [text, count] : counts)
      EXPECT_TRUE(std::any_of(field.words.begin(), field.words.end(),
                              [&](const KnownWord& word) { return word.text == text; }))
          << field.name << " " << text;
    for (const KnownWord& word : field.words) {
      const std::string value = fmt::format(R"("value":"{}")", word.text);
      const std::string set = fmt::format(R"("value":["nobody","{}",7])", word.text);
      const double count = counts[std::string(word.text)];
      EXPECT_EQ(rows.CountWhere(field.name, R"("op":"=",)" + value), count) << field.name << value;
      EXPECT_EQ(rows.CountWhere(field.name, R"("op":"!=",)" + value), Rows::kCount - count)
          << field.name << value;
      EXPECT_EQ(rows.CountWhere(field.name, R"("op":"in",)" + set), count) << field.name << set;
      EXPECT_EQ(rows.CountWhere(field.name, R"("op":"not-in",)" + set), Rows::kCount - count)
          << field.name << set;
    }
    EXPECT_EQ(rows.CountWhere(field.name, R"("op":"=","value":"nobody")"), 0) << field.name;
  }
  EXPECT_EQ(with_words, 7u);
  EXPECT_EQ(rows.CountWhere("error", R"("op":"=","value":true)"), 2);
  EXPECT_EQ(rows.CountWhere("error", R"("op":"=","value":false)"), 0);
  EXPECT_EQ(rows.CountWhere("error", R"("op":"!=","value":true)"), Rows::kCount - 2);
}

}  // namespace
}  // namespace skep
