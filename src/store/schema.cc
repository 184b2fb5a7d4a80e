// SPDX-License-Identifier: Apache-2.0
#include "store/schema.h"

#include <fmt/format.h>

namespace skep {
namespace {

constexpr std::string_view kSignalType =
    "Enum8('span' = 1, 'span_event' = 2, 'span_link' = 3, 'log' = 4, 'error' = 5, "
    "'event' = 6, 'metric' = 7, 'open_span' = 8, 'join' = 9, 'repeat' = 10)";

constexpr std::array kColumns = {
    EventsColumn{"time", "DateTime64(9, 'UTC')", "Delta(8), ZSTD(1)"},
    EventsColumn{"duration_ns", "UInt64", "ZSTD(1)"},
    EventsColumn{"project", "LowCardinality(String)", ""},
    EventsColumn{"signal", kSignalType, ""},
    EventsColumn{"door",
                 "Enum8('otlp' = 1, 'xray' = 2, 'cloudwatch' = 3, 'rollbar' = 4, 'honeycomb' = 5, "
                 "'skep' = 6)",
                 ""},
    EventsColumn{"kind",
                 "Enum8('none' = 0, 'internal' = 1, 'server' = 2, 'client' = 3, 'producer' = 4, "
                 "'consumer' = 5)",
                 ""},
    EventsColumn{"status", "Enum8('unset' = 0, 'ok' = 1, 'error' = 2)", ""},
    EventsColumn{"severity", "UInt8", ""},
    EventsColumn{"dataset", "LowCardinality(String)", ""},
    EventsColumn{"name", "LowCardinality(String)", ""},
    EventsColumn{"trace_id", "FixedString(16)", "ZSTD(1)"},
    EventsColumn{"span_id", "FixedString(8)", "ZSTD(1)"},
    EventsColumn{"parent_id", "FixedString(8)", "ZSTD(1)"},
    EventsColumn{"body", "String", "ZSTD(1)"},
    EventsColumn{"raw", "String", "ZSTD(1)"},
    EventsColumn{"sample_rate", "Float64", "ZSTD(1)"},
    EventsColumn{"item", "UInt64", "ZSTD(1)"},
    EventsColumn{"event_id", "UInt64", "Delta(8), ZSTD(1)"},
    EventsColumn{"ingest_time", "DateTime64(9, 'UTC')", "ZSTD(1)"},
    EventsColumn{"attributes", "JSON(max_dynamic_paths=512)", "ZSTD(1)"},
};

std::string CreateEventsSql() {
  std::string columns;
  for (const EventsColumn& column : kColumns) {
    columns += fmt::format("`{}` {}", column.name, column.type);
    if (!column.codec.empty()) columns += fmt::format(" CODEC({})", column.codec);
    columns += ",\n";
  }
  return fmt::format(
      "CREATE TABLE IF NOT EXISTS {} (\n{}"
      "INDEX trace_id_filter trace_id TYPE bloom_filter(0.0001) GRANULARITY 1\n"
      ") ENGINE = MergeTree ORDER BY (project, time)\n"
      "SETTINGS index_granularity = 8192, min_bytes_for_wide_part = 209715200, "
      "non_replicated_deduplication_window = 1000, fsync_after_insert = 1, "
      "fsync_part_directory = 1, merge_selector_base = 20, min_parts_to_merge_at_once = 10",
      kEventsTable, columns);
}

// The second that `time` lies in. Questions over time need no more: sorted as it is, it is read in
// a tenth of the time that nanoseconds take.
std::string AddSecondsSql() {
  return fmt::format(
      "ALTER TABLE {} ADD COLUMN IF NOT EXISTS time_s Int64 MATERIALIZED "
      "intDiv(toUnixTimestamp64Nano(time) - (toUnixTimestamp64Nano(time) < 0) * 999999999, "
      "1000000000) CODEC(Delta(8), LZ4)",
      kEventsTable);
}

// `signal` has a value more; nothing is written anew.
std::string AddRepeatSql() {
  return fmt::format("ALTER TABLE {} MODIFY COLUMN signal {}", kEventsTable, kSignalType);
}

// Texts with their lengths among them and not in a file of their own, for those of attributes too:
// two streams to read for each and not three, and a tenth less on disk. Compressed blocks end with
// each granule, so that what is read for one row is one granule.
std::string PackTextsSql() {
  return fmt::format(
      "ALTER TABLE {} MODIFY SETTING string_serialization_version = 'single_stream', "
      "min_compress_block_size = 4096",
      kEventsTable);
}

constexpr std::array kMigrations = {
    Migration{1, CreateEventsSql},
    Migration{2, AddSecondsSql},
    Migration{3, AddRepeatSql},
    Migration{4, PackTextsSql},
};

}  // namespace

std::span<const EventsColumn> EventsColumns() { return kColumns; }

std::string EventsColumnList() {
  std::string list;
  for (const EventsColumn& column : kColumns) {
    if (!list.empty()) list += ", ";
    list += column.name;
  }
  return list;
}

std::span<const Migration> Migrations() { return kMigrations; }

std::string CreateMigrationsTableSql() {
  return fmt::format(
      "CREATE TABLE IF NOT EXISTS {} (version UInt32, done DateTime DEFAULT now())\n"
      "ENGINE = MergeTree ORDER BY version SETTINGS fsync_after_insert = 1",
      kMigrationsTable);
}

}  // namespace skep
