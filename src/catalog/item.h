// SPDX-License-Identifier: Apache-2.0
// Item: all occurrences of one error, what people work on. It is found by its id, a hash of
// project, environment and fingerprint (see errors/), which is also the column `item` of every
// occurrence. Plain structs; values.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "model/record.h"

namespace skep {

// The numbers below are stored: never change one, only add.
enum class ItemStatus : int8_t { kActive = 1, kResolved = 2, kMuted = 3, kArchived = 4 };
enum class ItemLevel : int8_t {
  kDebug = 10,
  kInfo = 20,
  kWarning = 30,
  kError = 40,
  kCritical = 50
};

struct ItemStatusName {
  ItemStatus status;
  std::string_view name;
};
inline constexpr std::array<ItemStatusName, 4> kItemStatusNames = {
    {{ItemStatus::kActive, "active"},
     {ItemStatus::kResolved, "resolved"},
     {ItemStatus::kMuted, "muted"},
     {ItemStatus::kArchived, "archived"}}};

struct ItemLevelName {
  ItemLevel level;
  std::string_view name;
};
inline constexpr std::array<ItemLevelName, 5> kItemLevelNames = {
    {{ItemLevel::kDebug, "debug"},
     {ItemLevel::kInfo, "info"},
     {ItemLevel::kWarning, "warning"},
     {ItemLevel::kError, "error"},
     {ItemLevel::kCritical, "critical"}}};

std::string_view NameOf(ItemStatus status);
std::string_view NameOf(ItemLevel level);
std::optional<ItemStatus> ItemStatusFromName(std::string_view name);
std::optional<ItemLevel> ItemLevelFromName(std::string_view name);

struct Item {
  uint64_t id = 0;
  std::string project;
  int64_t counter = 0;  // #1, #2 ... within the project: what people say
  std::string environment;
  std::string fingerprint;  // 40 characters at most
  int64_t grouping_version = 0;
  std::string title;  // of the first occurrence
  ItemLevel level = ItemLevel::kError;
  ItemStatus status = ItemStatus::kActive;
  std::string platform;
  std::string framework;
  std::string language;
  std::string exception_class;  // empty for messages
  Door door = Door::kRollbar;   // of the first occurrence
  int64_t first_occurrence_ns = 0;
  uint64_t first_occurrence_id = 0;  // event_id of the row in `events`
  int64_t last_occurrence_ns = 0;
  uint64_t last_occurrence_id = 0;
  uint64_t activating_occurrence_id =
      0;  // the one that made it active: the first, or one after it was resolved
  int64_t last_activated_ns = 0;
  int64_t last_resolved_ns = 0;  // 0: never
  int64_t last_muted_ns = 0;     // 0: never
  std::string resolved_in_version;
  int64_t total_occurrences = 0;           // ever
  int64_t occurrences_since_resolved = 0;  // what Rollbar calls total_occurrences
  int64_t people = 0;                      // distinct ones, counted up to Items::kPeopleMax
};

// What one occurrence says to its item.
struct ItemOccurrence {
  uint64_t item = 0;
  std::string project;
  std::string environment;
  std::string fingerprint;
  int64_t grouping_version = 0;
  std::string title;
  ItemLevel level = ItemLevel::kError;
  std::string platform;
  std::string framework;
  std::string language;
  std::string exception_class;
  Door door = Door::kRollbar;
  int64_t time_ns = 0;         // when it happened, by the client
  int64_t received_ns = 0;     // when it arrived, by our clock
  uint64_t occurrence_id = 0;  // event_id
  uint64_t person = 0;         // hash of who was hit; 0: nobody known
  std::string code_version;    // may be empty
};

}  // namespace skep
