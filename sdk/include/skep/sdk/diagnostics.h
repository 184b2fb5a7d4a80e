// SPDX-License-Identifier: Apache-2.0
// What the library says of itself: counters of what was sent and what was dropped and why, and its
// own few log lines. One object per exporter, owned by it and shared with those who read it.
// Thread-safe.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

namespace skep::sdk {

// Counts records (spans, lines, items, segments). Always: accepted = sent + rejected + dropped_* +
// what is still queued.
struct ExportCounters {
  std::atomic<uint64_t> accepted{0};  // given to the exporter
  std::atomic<uint64_t> sent{0};      // acknowledged by the receiver
  std::atomic<uint64_t> rejected{
      0};  // refused for good by the receiver, or more than it can ever take
  std::atomic<uint64_t> dropped_full{0};      // the queue was full
  std::atomic<uint64_t> dropped_shutdown{0};  // left when the process ended
  std::atomic<uint64_t> retries{0};           // attempts beyond the first
  uint64_t Dropped() const { return rejected + dropped_full + dropped_shutdown; }
};

enum class DiagnosticLevel : uint8_t { kError, kWarn, kInfo, kDebug };
// Where the library's own lines go; by default to stderr, kWarn and worse, each kind at most once a
// minute.
using DiagnosticHandler = std::function<void(DiagnosticLevel, std::string_view)>;
void SetDiagnosticHandler(DiagnosticHandler handler,
                          DiagnosticLevel level = DiagnosticLevel::kWarn);
void Diagnose(DiagnosticLevel level, std::string_view message);

}  // namespace skep::sdk
