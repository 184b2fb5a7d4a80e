// SPDX-License-Identifier: Apache-2.0
// The tables of the engine: the columns of `events` as BlockBuilder writes them and as the DDL
// declares them, and the migrations that lead there. Both kinds of store use it. Constants and pure
// functions.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace skep {

inline constexpr std::string_view kEventsTable = "events";
inline constexpr std::string_view kMigrationsTable = "skep_migrations";

// In the order of the table. `type` is letter for letter what the engine calls it: another spelling
// in a block makes the engine cast every value, at fifty times the cost.
struct EventsColumn {
  std::string_view name;
  std::string_view type;
  std::string_view codec;  // how it is kept; empty: as the engine likes
};
std::span<const EventsColumn> EventsColumns();

// `time, duration_ns, ...` of all columns.
std::string EventsColumnList();

struct Migration {
  uint32_t version;
  std::string (*sql)();
};
// In order of version; never changed once released, only followed by others.
std::span<const Migration> Migrations();

// Made before the first migration; holds one row for each that was done.
std::string CreateMigrationsTableSql();

}  // namespace skep
