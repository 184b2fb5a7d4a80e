// SPDX-License-Identifier: Apache-2.0
#include "cloudwatch/event_buffer.h"

#include <algorithm>
#include <numeric>

#include "core/json_text.h"

namespace skep::sdk::cloudwatch {
namespace {

constexpr size_t kWorthSendingBytes = kBatchBytesMax / 2;
constexpr size_t kEventBytes = sizeof(Event) + 32;  // what an event costs besides its text

size_t PartOfThread() {
  static std::atomic<size_t> next{0};
  static thread_local const size_t part = next.fetch_add(1, std::memory_order_relaxed);
  return part;
}

// By time, and what has the same time as it came: std::stable_sort of libstdc++ 12 calls what clang
// warns of.
std::vector<Event> InOrder(std::vector<Event> events) {
  std::vector<size_t> order(events.size());
  std::iota(order.begin(), order.end(), size_t{0});
  std::ranges::sort(order, {},
                    [&events](size_t i) { return std::pair(events[i].time_unix_ns, i); });
  std::vector<Event> sorted;
  sorted.reserve(events.size());
  for (const size_t i : order) sorted.push_back(std::move(events[i]));
  return sorted;
}

}  // namespace

EventBuffer::Added EventBuffer::Add(Event event) {
  const size_t cost = event.text.size() + kEventBytes;
  const size_t bytes = bytes_.fetch_add(cost, std::memory_order_relaxed) + cost;
  if (bytes > bytes_max_) {
    bytes_.fetch_sub(cost, std::memory_order_relaxed);
    return Added::kFull;
  }
  Part& part = parts_[PartOfThread() % parts_.size()];
  {
    const std::lock_guard lock(part.mutex);
    if (part.closed) {
      bytes_.fetch_sub(cost, std::memory_order_relaxed);
      return Added::kClosed;
    }
    part.events.push_back(std::move(event));
  }
  // Once, by whoever crosses the line.
  return bytes >= kWorthSendingBytes && bytes - cost < kWorthSendingBytes ? Added::kWorthSending
                                                                          : Added::kYes;
}

std::vector<Event> EventBuffer::TakeAll() {
  std::vector<Event> events;
  size_t bytes = 0;
  for (Part& part : parts_) {
    std::vector<Event> taken;
    {
      const std::lock_guard lock(part.mutex);
      taken.swap(part.events);
    }
    for (Event& event : taken) {
      bytes += event.text.size() + kEventBytes;
      events.push_back(std::move(event));
    }
  }
  bytes_.fetch_sub(bytes, std::memory_order_relaxed);
  return InOrder(std::move(events));
}

void EventBuffer::Close() {
  for (Part& part : parts_) {
    const std::lock_guard lock(part.mutex);
    part.closed = true;
  }
}

std::vector<Batch> MakeBatches(const std::vector<Event>& events) {
  std::vector<Batch> batches;
  size_t bytes = 0;
  int64_t first_ms = 0;
  for (const Event& event : events) {
    const int64_t time_ms = event.time_unix_ns / 1'000'000;
    const size_t cost = event.text.size() + kEventOverhead;
    if (batches.empty() || batches.back().records >= kBatchEventsMax ||
        bytes + cost > kBatchBytesMax || time_ms - first_ms >= kBatchSpanMaxMs) {
      batches.emplace_back();
      bytes = 0;
      first_ms = time_ms;
    }
    Batch& batch = batches.back();
    batch.body += batch.records == 0 ? "[{\"timestamp\":" : ",{\"timestamp\":";
    batch.body += std::to_string(time_ms);
    batch.body += ",\"message\":";
    AppendJsonString(batch.body, event.text);
    batch.body += '}';
    ++batch.records;
    bytes += cost;
  }
  for (Batch& batch : batches) batch.body += ']';
  return batches;
}

}  // namespace skep::sdk::cloudwatch
