// SPDX-License-Identifier: Apache-2.0
// Counters: what each door received, stored, refused and dropped since the start; shown on the page
// and by /api/ui/counters. Owned by app, handed to doors and the sink by reference. Thread-safe;
// adding is one relaxed atomic.
#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace skep {

enum class Counter : uint8_t {
  kRequests,   // requests or datagrams received
  kRecords,    // records acknowledged
  kBytes,      // bytes of bodies, after decompression
  kRefused,    // requests answered with a client's error
  kThrottled,  // requests answered with the throttle reply
  kDropped,    // records lost because the protocol has no answer (UDP), or the client asked for too
               // much
  kDuplicates,   // requests that had been acknowledged before
  kLastEventNs,  // when the door last acknowledged something; a gauge
  kCount,
};

struct CounterName {
  Counter counter;
  std::string_view name;
};
inline constexpr std::array<CounterName, static_cast<size_t>(Counter::kCount)> kCounterNames = {{
    {Counter::kRequests, "requests"},
    {Counter::kRecords, "records"},
    {Counter::kBytes, "bytes"},
    {Counter::kRefused, "refused"},
    {Counter::kThrottled, "throttled"},
    {Counter::kDropped, "dropped"},
    {Counter::kDuplicates, "duplicates"},
    {Counter::kLastEventNs, "last_event_ns"},
}};

class DoorCounters {
 public:
  void Add(Counter counter, int64_t n = 1) {
    values_[static_cast<size_t>(counter)].fetch_add(n, std::memory_order_relaxed);
  }
  void Set(Counter counter, int64_t value) {
    values_[static_cast<size_t>(counter)].store(value, std::memory_order_relaxed);
  }
  int64_t Get(Counter counter) const {
    return values_[static_cast<size_t>(counter)].load(std::memory_order_relaxed);
  }

 private:
  std::array<std::atomic<int64_t>, static_cast<size_t>(Counter::kCount)> values_{};
};

// One row per door; the index is model's Door.
class Counters {
 public:
  static constexpr size_t kDoorsMax = 8;
  DoorCounters& door(size_t index) { return doors_[index]; }
  const DoorCounters& door(size_t index) const { return doors_[index]; }

 private:
  std::array<DoorCounters, kDoorsMax> doors_;
};

}  // namespace skep
