// SPDX-License-Identifier: Apache-2.0
// LogEvents: pages of the log events of a CloudWatch log group, in order of time and, within a
// millisecond, of arrival. A page ends at a count or at a size, whichever comes first, and the next
// one begins at a cursor, so nothing is read twice. Thread-safe, as its Reader is.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/cancel.h"
#include "base/result.h"
#include "model/statement.h"
#include "query/reader.h"

namespace skep {

// The place of an event in its group's order.
struct LogEventPosition {
  int64_t time_ms = 0;
  uint64_t event_id = 0;
  auto operator<=>(const LogEventPosition&) const = default;
};

struct LogEventsQuery {
  std::string project = "default";
  std::string group{};
  std::vector<std::string> streams{};  // empty: all that have stream_prefix
  std::string stream_prefix{};
  int64_t from_ms = 0;                      // inclusive
  int64_t until_ms = INT64_MAX;             // exclusive
  bool newest_first = false;                // the direction of reading
  std::optional<LogEventPosition> after{};  // exclusive, in that direction
  size_t limit = 10'000;
  size_t bytes_max = 1u << 20;  // of a page's messages; its first event may be longer
};

struct LogEvent {
  LogEventPosition position;
  int64_t ingestion_ms = 0;
  std::string stream;
  std::string message;
};

struct LogEventPage {
  std::vector<LogEvent> events;  // in the direction of reading
  bool more = false;
};

Statement PlanLogEvents(const LogEventsQuery& query);

class LogEvents {
 public:
  // The reader must outlive it.
  explicit LogEvents(Reader* reader) : reader_(reader) {}

  // Sees everything acknowledged before the call. Errors are the reader's.
  Result<LogEventPage> Read(const LogEventsQuery& query, const CancelToken& cancel) const;
  // Returns when everything acknowledged before the call is committed, also in the catalog.
  Status Settle() const;

 private:
  Reader* reader_;
};

}  // namespace skep
