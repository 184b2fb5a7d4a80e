// SPDX-License-Identifier: Apache-2.0
// EventBuffer: lines that wait to be put into a batch. Eight parts, each with a lock of its own, so
// that threads that log at once seldom meet; a thread always uses the same one, and so keeps its
// order. Thread-safe, bounded by bytes.
#pragma once

#include <array>
#include <atomic>
#include <cstdint>
#include <mutex>
#include <string>
#include <vector>

#include "delivery/delivery.h"

namespace skep::sdk::cloudwatch {

struct Event {
  int64_t time_unix_ns = 0;
  std::string text;
};

class EventBuffer {
 public:
  enum class Added : uint8_t { kYes, kWorthSending, kFull, kClosed };

  explicit EventBuffer(size_t bytes_max) : bytes_max_(bytes_max) {}
  Added Add(Event event);
  // Everything, in order of time.
  std::vector<Event> TakeAll();
  // Nothing is added any more.
  void Close();

 private:
  struct alignas(64) Part {
    std::mutex mutex;  // guards the other two
    std::vector<Event> events;
    bool closed = false;
  };

  const size_t bytes_max_;
  std::atomic<size_t> bytes_{0};
  std::array<Part, 8> parts_;
};

// Batches whose bodies are the JSON of `logEvents`, within AWS's limits. `events` are in order of
// time.
std::vector<Batch> MakeBatches(const std::vector<Event>& events);

constexpr size_t kBatchEventsMax = 10'000;
constexpr size_t kBatchBytesMax = 1'048'576;  // of the lines, with kEventOverhead for each
constexpr size_t kEventOverhead = 26;
constexpr int64_t kBatchSpanMaxMs = 24 * 60 * 60 * 1000;

}  // namespace skep::sdk::cloudwatch
