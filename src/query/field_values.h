// SPDX-License-Identifier: Apache-2.0
// FieldValues: what a filter can ask for: the names of requests' own fields and of the attributes
// of their entries, each with its most frequent values. Counted over the newest entries of the
// range, not over all. Thread-safe, as the Reader is.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "query/event_row.h"
#include "query/reader.h"
#include "query/time_range.h"

namespace skep {

struct FieldValue {
  std::string value;
  uint64_t count = 0;
};

struct Field {
  std::string name;
  Door door = Door::kOtlp;  // that said it most
  uint64_t count = 0;       // entries that have it
  std::vector<FieldValue> values;
};

// The newest entries (EventRow, kEntry).
Statement PlanFieldSample(std::string_view project, const TimeRange& range);
// Own fields first, then the most frequent ones. Pure.
std::vector<Field> CountFields(const std::vector<EventRow>& entries, std::string_view contains);

Result<std::vector<Field>> ListFields(Reader& reader, const std::string& project,
                                      const TimeRange& range, std::string_view contains,
                                      const CancelToken& cancel);

}  // namespace skep
