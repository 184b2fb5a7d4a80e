// SPDX-License-Identifier: Apache-2.0
#include "errors/item_state.h"

#include "errors/versions.h"

namespace skep {
namespace {

constexpr size_t kVersionBytesMax = 40;

void Activate(Item& item, const ItemOccurrence& occurrence) {
  item.status = ItemStatus::kActive;
  item.last_activated_ns = occurrence.received_ns;
  item.activating_occurrence_id = occurrence.occurrence_id;
}

bool Wakes(const Item& item, const ItemOccurrence& occurrence) {
  if (item.status != ItemStatus::kResolved) return false;
  // On its way while somebody resolved the item: it is what was resolved.
  if (occurrence.received_ns <= item.last_resolved_ns) return false;
  if (item.resolved_in_version.empty() || occurrence.code_version.empty()) return true;
  const auto order = CompareVersions(occurrence.code_version, item.resolved_in_version);
  return !order || *order >= 0;  // an unknown order counts as newer: rather one alarm too many
}

}  // namespace

void AddOccurrence(Item& item, const ItemOccurrence& occurrence) {
  if (item.total_occurrences == 0) {
    item.title = occurrence.title;
    item.level = occurrence.level;
    Activate(item, occurrence);
  } else if (Wakes(item, occurrence)) {
    Activate(item, occurrence);
    item.occurrences_since_resolved = 0;
  }
  if (item.total_occurrences == 0 || occurrence.time_ns < item.first_occurrence_ns) {
    item.first_occurrence_ns = occurrence.time_ns;
    item.first_occurrence_id = occurrence.occurrence_id;
  }
  if (item.total_occurrences == 0 || occurrence.time_ns >= item.last_occurrence_ns) {
    item.last_occurrence_ns = occurrence.time_ns;
    item.last_occurrence_id = occurrence.occurrence_id;
  }
  ++item.total_occurrences;
  ++item.occurrences_since_resolved;
}

Status SetItemStatus(Item& item, ItemStatus status, int64_t now_ns,
                     const std::string& resolved_in_version) {
  if (resolved_in_version.size() > kVersionBytesMax)
    return Error(Code::kInvalidArgument, "resolved_in_version has more than 40 characters");
  if (status == ItemStatus::kArchived || item.status == ItemStatus::kArchived)
    return Error(Code::kFailedPrecondition, "an archived item stays archived");
  if (status == ItemStatus::kResolved) {
    item.last_resolved_ns = now_ns;
    item.resolved_in_version = resolved_in_version;
    item.occurrences_since_resolved = 0;
  } else if (status == ItemStatus::kMuted && item.status != ItemStatus::kMuted) {
    item.last_muted_ns = now_ns;
  } else if (status == ItemStatus::kActive && item.status != ItemStatus::kActive) {
    item.last_activated_ns = now_ns;
  }
  item.status = status;
  return {};
}

}  // namespace skep
