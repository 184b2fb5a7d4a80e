// SPDX-License-Identifier: Apache-2.0
// What is stored comes back, whatever it is; and a block is stored once.
#include "store/conformance.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <set>
#include <thread>

#include "base/clock.h"
#include "store/newest_spans.h"

namespace skep::testing {
namespace {

class StoredTest : public ConformanceTest {};
SKEP_CONFORMANCE(StoredTest);

TEST_P(StoredTest, EveryFixedField) {
  const auto trace_id = TraceId::FromHex("0102030405060708090a0b0c0d0e0fff");
  const auto span_id = SpanId::FromHex("1112131415161718");
  const auto parent_id = SpanId::FromHex("2122232425262728");
  RecordBatch batch;
  AddRow(batch, [&](RecordBatch&, Record& record) {
    record.time_ns = kTimeNs + 123'456'789;
    record.duration_ns = UINT64_MAX;
    record.signal = Signal::kJoin;
    record.kind = SpanKind::kConsumer;
    record.status = SpanStatus::kError;
    record.severity = 24;
    record.trace_id = *trace_id;
    record.span_id = *span_id;
    record.parent_id = *parent_id;
    record.dataset = "shop";
    record.name = "GET /";
    record.body = "body";
    record.raw = "{}";
    record.sample_rate = 2.5;
    record.item = 0xFFFF'FFFF'FFFF'FFFE;
  });
  BlockBuilder builder;
  builder.Append(batch, {"team-1", Door::kRollbar, 77, kTimeNs + 5});
  Insert(builder.Encode(), "t");
  const ResultTable table = Query(
      "SELECT time, duration_ns, project, signal, door, kind, status, severity, dataset, name, "
      "trace_id, span_id, parent_id, body, raw, sample_rate, item, event_id, ingest_time, "
      "toJSONString(attributes) FROM events");
  ASSERT_EQ(table.rows, 1u);
  EXPECT_EQ(table.column(0).Int(0), kTimeNs + 123'456'789);
  EXPECT_EQ(table.column(1).UInt(0), UINT64_MAX);
  EXPECT_EQ(table.column(2).Text(0), "team-1");
  EXPECT_EQ(table.column(3).Int(0), 9);
  EXPECT_EQ(table.column(4).Int(0), 4);
  EXPECT_EQ(table.column(5).Int(0), 5);
  EXPECT_EQ(table.column(6).Int(0), 2);
  EXPECT_EQ(table.column(7).Int(0), 24);
  EXPECT_EQ(table.column(8).Text(0), "shop");
  EXPECT_EQ(table.column(9).Text(0), "GET /");
  EXPECT_EQ(table.column(10).Text(0), trace_id->raw());
  EXPECT_EQ(table.column(11).Text(0), span_id->raw());
  EXPECT_EQ(table.column(12).Text(0), parent_id->raw());
  EXPECT_EQ(table.column(13).Text(0), "body");
  EXPECT_EQ(table.column(14).Text(0), "{}");
  EXPECT_EQ(table.column(15).Float(0), 2.5);
  EXPECT_EQ(table.column(16).UInt(0), 0xFFFF'FFFF'FFFF'FFFE);
  EXPECT_EQ(table.column(17).UInt(0), EventId(77, 0));  // of all but spans
  EXPECT_EQ(table.column(18).Int(0), kTimeNs + 5);
  EXPECT_EQ(table.column(19).Text(0), "{}");
}

TEST_P(StoredTest, EventIdsOfAllButSpans) {
  const auto plain = [](RecordBatch&, Record&) {};
  const auto span = [](RecordBatch&, Record& record) {
    record.signal = Signal::kSpan;
    record.span_id.bytes[0] = 1;
  };
  Insert(MakeBlock({plain, plain, span}, 3), "t");
  const ResultTable table = Query("SELECT event_id FROM events ORDER BY event_id");
  ASSERT_EQ(table.rows, 3u);
  EXPECT_EQ(table.column(0).UInt(0), 0u);
  EXPECT_EQ(table.column(0).UInt(1), EventId(3, 0));
  EXPECT_EQ(table.column(0).UInt(2), EventId(3, 1));
}

TEST_P(StoredTest, AttributesOfEveryType) {
  const auto number = [](Value value) {
    return [value](RecordBatch& batch, Record&) { batch.Add("v", value); };
  };
  Insert(
      MakeBlock({number(Value::Int(std::numeric_limits<int64_t>::min())),
                 number(Value::Int(std::numeric_limits<int64_t>::max())),
                 number(Value::Float(-0.1)), number(Value::Float(1e300)), number(Value::Bool(true)),
                 number(Value::Bool(false)), number(Value::String("text")),
                 number(Value::String("")), [](RecordBatch&, Record&) {}}),
      "t");
  const ResultTable table = Query(
      "SELECT attributes.v, dynamicType(attributes.v), attributes.v.:Int64, attributes.v.:Float64, "
      "attributes.v.:Bool, attributes.v.:String FROM events ORDER BY event_id");
  ASSERT_EQ(table.rows, 9u);
  const auto& text = table.column(0);
  const auto& type = table.column(1);
  EXPECT_EQ(text.Text(0), "-9223372036854775808");
  EXPECT_EQ(type.Text(0), "Int64");
  EXPECT_EQ(table.column(2).Int(0), std::numeric_limits<int64_t>::min());
  EXPECT_EQ(table.column(2).Int(1), std::numeric_limits<int64_t>::max());
  EXPECT_TRUE(table.column(2).IsNull(2));
  EXPECT_EQ(text.Text(2), "-0.1");
  EXPECT_EQ(type.Text(2), "Float64");
  EXPECT_EQ(table.column(3).Float(2), -0.1);
  EXPECT_EQ(table.column(3).Float(3), 1e300);
  EXPECT_EQ(text.Text(4), "true");
  EXPECT_EQ(text.Text(5), "false");
  EXPECT_EQ(table.column(4).UInt(4), 1u);
  EXPECT_FALSE(table.column(4).IsNull(5));
  EXPECT_EQ(text.Text(6), "text");
  EXPECT_EQ(table.column(5).Text(6), "text");
  EXPECT_EQ(table.column(5).Text(7), "");
  EXPECT_FALSE(table.column(5).IsNull(7));
  EXPECT_TRUE(text.IsNull(8));
  EXPECT_TRUE(table.column(5).IsNull(8));
}

TEST_P(StoredTest, NumbersThatAreNone) {
  Insert(MakeBlock({[](RecordBatch& batch, Record&) {
           batch.Add("nan", Value::Float(std::nan("")));
           batch.Add("inf", Value::Float(-std::numeric_limits<double>::infinity()));
         }}),
         "t");
  const ResultTable table = Query(
      "SELECT attributes.nan.:Float64, attributes.inf.:Float64, toJSONString(attributes) "
      "FROM events");
  ASSERT_EQ(table.rows, 1u);
  EXPECT_TRUE(std::isnan(table.column(0).Float(0)));
  EXPECT_EQ(table.column(1).Float(0), -std::numeric_limits<double>::infinity());
  EXPECT_EQ(table.column(2).Text(0), R"({"inf":"-inf","nan":"nan"})");
}

TEST_P(StoredTest, AnyNameOfAnAttribute) {
  // Name, and how it is written in SQL.
  const std::vector<std::pair<std::string, std::string>> names = {
      {"http.route", "`http.route`"},
      {"a", "a"},
      {"a.b", "`a.b`"},  // beside `a`
      {"a..b", "`a..b`"},
      {".", "`.`"},
      {".lead", "`.lead`"},
      {"trail.", "`trail.`"},
      {"quote'double\"", "`quote'double\"`"},
      {"back`tick", "`back\\`tick`"},
      {"back\\slash", "`back\\\\slash`"},
      {"sp ace", "`sp ace`"},
      {"tab\tline\n", "`tab\tline\n`"},
      {std::string("nul\0x", 5), "`nul\\0x`"},
      {"ünïcödé-字", "`ünïcödé-字`"},
      {"100%2Epercent", "`100%2Epercent`"},
      {"array[0]", "`array[0]`"},
      {"null", "`null`"},
      {"type:String", "`type:String`"},
      {std::string(1024, 'k'), "`" + std::string(1024, 'k') + "`"},
  };
  RecordBatch batch;
  AddRow(batch, [&](RecordBatch& b, Record&) {
    for (const auto& [name, quoted] : names) b.Add(name, Value::String(name));
  });
  Insert(MakeBlock(batch), "t");
  for (const auto& [name, quoted] : names) {
    const ResultTable table =
        Query("SELECT attributes." + quoted + ", attributes." + quoted + ".:String FROM events");
    ASSERT_EQ(table.rows, 1u) << name;
    EXPECT_EQ(table.column(0).Text(0), name);
    EXPECT_EQ(table.column(1).Text(0), name);
  }
}

TEST_P(StoredTest, AnEmptyNameIsKept) {
  Insert(MakeBlock({[](RecordBatch& batch, Record&) { batch.Add("", Value::Int(1)); }}), "t");
  const ResultTable table = Query("SELECT toJSONString(attributes) FROM events");
  ASSERT_EQ(table.rows, 1u);
  EXPECT_EQ(table.column(0).Text(0), R"({"":1})");
}

TEST_P(StoredTest, AllAttributesAsText) {
  Insert(MakeBlock({[](RecordBatch& batch, Record&) {
           batch.Add("http.route", Value::String("/a/\"b\"\\"));
           batch.Add("n", Value::Int(9007199254740993));
         }}),
         "t");
  for (const char* sql :
       {"SELECT toJSONString(attributes) FROM events", "SELECT attributes FROM events"}) {
    const ResultTable table = Query(sql);
    ASSERT_EQ(table.rows, 1u);
    EXPECT_EQ(table.column(0).Text(0), R"({"http":{"route":"/a/\"b\"\\"},"n":9007199254740993})");
  }
}

TEST_P(StoredTest, AnyBytesOfText) {
  std::string all;
  for (int i = 0; i < 256; ++i) all += static_cast<char>(i);
  const std::string text = "naïve 日本語 🦀 \xF0\x28\x8C\x28 " + all;
  Insert(MakeBlock({[&](RecordBatch& batch, Record& record) {
           record.body = text;
           record.name = text;
           record.dataset = text;
           batch.Add("text", Value::String(text));
         }}),
         "t");
  const ResultTable table =
      Query(Statement("SELECT body, name, dataset, attributes.text.:String FROM events "
                      "WHERE body = {text:String} AND attributes.text.:String = {text:String}")
                .Bind("text", text));
  ASSERT_EQ(table.rows, 1u);
  for (int i = 0; i < 4; ++i) EXPECT_EQ(table.column(static_cast<size_t>(i)).Text(0), text);
}

TEST_P(StoredTest, ManyPaths) {
  constexpr int kRows = 100;
  constexpr int kPathsOfARow = 50;  // 5,000 in all: far over what the table keeps apart
  RecordBatch batch;
  for (int row = 0; row < kRows; ++row) {
    AddRow(batch, [&](RecordBatch& b, Record&) {
      for (int i = 0; i < kPathsOfARow; ++i) {
        const int number = row * kPathsOfARow + i;
        b.Add(b.KeyCopied("path." + std::to_string(number)), Value::Int(number));
      }
    });
  }
  Insert(MakeBlock(batch), "t");
  for (const int number : {0, 777, 2500, 4999}) {
    const std::string path = "attributes.`path." + std::to_string(number) + "`.:Int64";
    const ResultTable table =
        Query("SELECT " + path + " FROM events WHERE " + path + " IS NOT NULL");
    ASSERT_EQ(table.rows, 1u) << number;
    EXPECT_EQ(table.column(0).Int(0), number);
  }
  const ResultTable table =
      Query("SELECT uniqExact(arrayJoin(JSONAllPaths(attributes))) FROM events");
  EXPECT_EQ(table.column(0).Int(0), kRows * kPathsOfARow);
}

// So many paths that one block would mostly say what is absent: it is cut into several.
TEST_P(StoredTest, ABlockThatIsCut) {
  constexpr size_t kRows = 6000;
  constexpr size_t kEvery = 3;  // rows that share paths
  RecordBatch batch;
  for (size_t row = 0; row < kRows; ++row) {
    AddRow(batch, [&](RecordBatch& b, Record& record) {
      record.duration_ns = row;
      for (size_t i = 0; i < 12; ++i)
        b.Add(b.KeyCopied("k" + std::to_string(row / kEvery) + "." + std::to_string(i)),
              Value::Int(static_cast<int64_t>(row)));
    });
  }
  const NativeBlock block = MakeBlock(batch);
  EXPECT_EQ(block.rows, kRows);
  Insert(block, "t");
  Insert(block, "t");
  EXPECT_EQ(Count(), static_cast<int64_t>(kRows));
  EXPECT_EQ(Count("attributes.`k1999.11`.:Int64 >= 5997"), 3);
}

TEST_P(StoredTest, ABigBlock) {
  constexpr size_t kRows = 60'000;
  const std::string text(200, 'x');
  RecordBatch batch;
  for (size_t row = 0; row < kRows; ++row) {
    AddRow(batch, [&](RecordBatch& b, Record& record) {
      record.duration_ns = row;
      record.body = text;
      for (int i = 0; i < 10; ++i)
        b.Add(b.KeyCopied("a" + std::to_string(i)), Value::Int(static_cast<int64_t>(row)));
    });
  }
  Insert(MakeBlock(batch), "t");
  const ResultTable table = Query(
      "SELECT count(), sum(duration_ns), sum(attributes.a9.:Int64), sum(length(body)) FROM events");
  EXPECT_EQ(table.column(0).UInt(0), kRows);
  EXPECT_EQ(table.column(1).UInt(0), kRows * (kRows - 1) / 2);
  EXPECT_EQ(table.column(2).UInt(0), kRows * (kRows - 1) / 2);
  EXPECT_EQ(table.column(3).UInt(0), kRows * 200);
}

TEST_P(StoredTest, ATextOfManyMegabytes) {
  const std::string text(8u << 20, 'y');
  Insert(MakeBlock({[&](RecordBatch&, Record& record) { record.raw = text; }}), "t");
  const ResultTable table = Query("SELECT raw FROM events");
  ASSERT_EQ(table.rows, 1u);
  EXPECT_TRUE(table.column(0).Text(0) == text);
}

TEST_P(StoredTest, ATokenIsStoredOnce) {
  const NativeBlock block = NumberedBlock("once", 100);
  Insert(block, "default-1-100-abc'\\");
  Insert(block, "default-1-100-abc'\\");
  EXPECT_EQ(Count(), 100);
  Insert(block, "another");
  EXPECT_EQ(Count(), 200);
}

TEST_P(StoredTest, SharedAttributesAndThoseThatHideThem) {
  RecordBatch batch;
  batch.BeginShared();
  batch.AddShared("service.name", Value::String("shop"));
  batch.AddShared("host", Value::String("h1"));
  const SharedSet shared = batch.EndShared();
  for (int i = 0; i < 2; ++i) {
    batch.BeginRecord(shared).time_ns = kTimeNs;
    if (i == 1) batch.Add("host", Value::Int(2));
    batch.EndRecord();
  }
  Insert(MakeBlock(batch), "t");
  const ResultTable table = Query("SELECT toJSONString(attributes) FROM events ORDER BY event_id");
  ASSERT_EQ(table.rows, 2u);
  EXPECT_EQ(table.column(0).Text(0), R"({"host":"h1","service":{"name":"shop"}})");
  EXPECT_EQ(table.column(0).Text(1),
            R"({"host":2,"resource":{"host":"h1"},"service":{"name":"shop"}})");
}

TEST_P(StoredTest, ABlockThatIsNoneIsRefused) {
  NativeBlock block = NumberedBlock("x", 10);
  NativeBlock cut;
  cut.rows = 10;
  cut.data.Append(block.data.view().substr(0, block.data.size() - 7));
  const auto inserted = store_->Insert(cut, "t");
  ASSERT_FALSE(inserted);
  EXPECT_EQ(inserted.error().code, Code::kInvalidArgument) << inserted.error().detail;
  EXPECT_EQ(Count(), 0);
  Insert(block, "t");  // nothing of it was kept, the token neither
  EXPECT_EQ(Count(), 10);
}

TEST_P(StoredTest, ReadersBesideAWriter) {
  constexpr int kBlocks = 20;
  constexpr int kRows = 50;
  std::atomic<bool> done = false;
  const auto read = [&] {
    int64_t last = 0;
    while (!done) {
      const auto table = store_->Query(Statement("SELECT count(), count() % 50 FROM events"));
      ASSERT_TRUE(table) << table.error().detail;
      EXPECT_GE(table->column(0).Int(0), last);
      EXPECT_EQ(table->column(1).Int(0), 0);  // a block is there as a whole or not at all
      last = table->column(0).Int(0);
    }
  };
  std::vector<std::jthread> readers;
  for (int i = 0; i < 3; ++i) readers.emplace_back(read);
  const NativeBlock block = NumberedBlock("x", kRows);
  for (int i = 0; i < kBlocks; ++i) {
    Insert(block, "t" + std::to_string(i));
    EXPECT_EQ(Count(), int64_t{kRows} * (i + 1));  // visible on return
  }
  done = true;
}

TEST_P(StoredTest, TheNewestSpans) {
  const auto span = [](uint8_t number, Signal signal, int64_t time_ns = kTimeNs) -> Fill {
    return [=](RecordBatch&, Record& record) {
      record.signal = signal;
      record.time_ns = time_ns;
      record.kind = SpanKind::kServer;
      record.dataset = "shop";
      record.trace_id.bytes[0] = 7;
      record.span_id.bytes[0] = number;
    };
  };
  const auto stored = [&](uint64_t sequence, int64_t ingest_ns, const std::vector<Fill>& fills) {
    RecordBatch batch;
    for (const Fill& fill : fills) AddRow(batch, fill);
    BlockBuilder builder;
    builder.Append(batch, {"team-1", Door::kOtlp, sequence, ingest_ns});
    Insert(builder.Encode(), "t" + std::to_string(sequence));
  };
  const auto newest = [&](size_t spans_max) {
    const auto spans = NewestSpans(*store_, spans_max);
    EXPECT_TRUE(spans) << spans.error().detail;
    std::vector<StoredSpan> found;
    if (spans) found = *spans;
    return found;
  };
  EXPECT_TRUE(newest(10).empty());
  stored(1, kTimeNs, {span(1, Signal::kSpan)});  // too long ago
  stored(2, kTimeNs + 700 * kNsPerS,
         {span(2, Signal::kSpan), span(3, Signal::kOpenSpan), span(4, Signal::kLog),
          span(5, Signal::kRepeat), span(6, Signal::kSpan, kTimeNs - 2 * 86'400 * kNsPerS)});
  stored(3, kTimeNs + 900 * kNsPerS, {span(7, Signal::kSpan)});
  const std::vector<StoredSpan> both = newest(10);
  ASSERT_EQ(both.size(), 2u);
  EXPECT_EQ(both[0].span_id.bytes[0], 7);
  EXPECT_EQ(both[1].span_id.bytes[0], 2);
  EXPECT_EQ(both[1].trace_id.bytes[0], 7);
  EXPECT_EQ(both[1].project, "team-1");
  EXPECT_EQ(both[1].dataset, "shop");
  EXPECT_EQ(both[1].kind, SpanKind::kServer);
  EXPECT_EQ(newest(1).size(), 1u);

  const auto event = [](std::string_view name) -> Fill {
    return [=](RecordBatch&, Record& record) {
      record.signal = Signal::kSpanEvent;
      record.name = name;
      record.dataset = "shop";
      record.trace_id.bytes[0] = 7;
      record.parent_id.bytes[0] = 8;
    };
  };
  stored(4, kTimeNs + 901 * kNsPerS, {span(8, Signal::kSpan), event("a"), event("b"), event("a")});
  std::multiset<std::pair<std::string, uint32_t>> parts;
  for (const StoredSpan& stored_span : newest(10)) {
    if (stored_span.signal == Signal::kSpan) continue;
    EXPECT_EQ(stored_span.span_id.bytes[0], 8);
    EXPECT_EQ(stored_span.time_ns, kTimeNs);
    parts.emplace(stored_span.name, stored_span.place);
  }
  EXPECT_EQ(parts, (std::multiset<std::pair<std::string, uint32_t>>{{"a", 0}, {"b", 1}, {"a", 2}}));
}

TEST_P(StoredTest, GivesMemoryBackAndGoesOn) {
  const Status released = store_->ReleaseMemory();
  EXPECT_TRUE(released) << released.error().message << ": " << released.error().detail;
  EXPECT_TRUE(store_->Query(Statement("SELECT count() FROM events")));
}

TEST_P(StoredTest, MigrateAgainChangesNothing) {
  Insert(NumberedBlock("x", 5), "t");
  const auto migrated = store_->Migrate();
  ASSERT_TRUE(migrated) << migrated.error().detail;
  EXPECT_EQ(Count(), 5);
}

TEST_P(StoredTest, Stats) {
  Insert(NumberedBlock("x", 5), "a");
  Insert(NumberedBlock("x", 7), "b");
  const auto stats = store_->Stats();
  ASSERT_TRUE(stats) << stats.error().detail;
  EXPECT_EQ(stats->rows, 12u);
  EXPECT_GT(stats->bytes_on_disk, 0u);
  EXPECT_GE(stats->parts, 1u);
}

}  // namespace
}  // namespace skep::testing
