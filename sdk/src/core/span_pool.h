// SPDX-License-Identifier: Apache-2.0
// SpanPool: the spans of one provider that one thread uses again and again, so that starting a span
// takes no memory and no cache line that other threads write. Spans may be ended and let go by any
// thread; they come back to the pool of the thread that started them. A thread that ends leaves its
// pool; once the last of its spans is back, another thread takes it over.
//
// refs_ counts what keeps the pool in use: kOwned while a thread owns it, less one for each span
// that came back from another thread; the owner counts its own in live_ without atomics, and
// settles when it ends. A pool in use keeps its core.
#pragma once

#include <atomic>
#include <cstdint>

#include "core/provider_core.h"
#include "core/recording_span.h"

namespace skep::sdk {

class SpanPool {
 public:
  ~SpanPool();
  SpanPool(const SpanPool&) = delete;
  SpanPool& operator=(const SpanPool&) = delete;

  // A span of this thread's pool, for Begin. Throws std::bad_alloc.
  static RecordingSpan* Take(ProviderCore& core);
  // Takes back a span that nobody refers to.
  static void Free(RecordingSpan* span);
  // Lets go of this thread's pool of `core`, if it has one.
  static void LeaveThread(ProviderCore& core);

  ProviderCore& core() { return core_; }
  // Unix time less steady time, looked up at most once in a second of steady time by this thread.
  int64_t UnixMinusSteady(int64_t steady_ns);

  // Around the calls of processors; Close waits for them.
  void BeginEnding() { ending_.fetch_add(1, std::memory_order_seq_cst); }
  void FinishEnding() { ending_.fetch_sub(1, std::memory_order_release); }
  void WaitUntilNoSpanIsEnding() const;

 private:
  friend class ProviderCore;
  friend struct ThreadPools;
  static constexpr int64_t kOwned = int64_t{1} << 40;
  static constexpr uint32_t kKeptMax = 256;  // idle spans of a pool

  explicit SpanPool(ProviderCore& core) : core_(core) {}
  static SpanPool& OfThisThread(ProviderCore& core);
  static SpanPool& AdoptOrCreate(ProviderCore& core);
  bool OwnedByThisThread() const;
  RecordingSpan* TakeIdle();
  void Disown();
  void DropRefs(int64_t count);

  ProviderCore& core_;
  SpanPool* next_ = nullptr;  // in the core's list
  std::atomic<const void*> owner_{nullptr};
  RecordingSpan* idle_ = nullptr;  // the owner's
  uint32_t idle_count_ = 0;
  std::atomic<uint32_t> generation_{0};
  int64_t live_ = 0;
  int64_t anchor_steady_ns_ = 0;
  int64_t unix_minus_steady_ns_ = 0;
  bool anchored_ = false;
  alignas(64) std::atomic<int64_t> refs_{kOwned};
  std::atomic<uint32_t> ending_{0};
  alignas(64) std::atomic<RecordingSpan*> returned_{nullptr};  // by other threads
  std::atomic<uint32_t> returned_count_{0};
};

}  // namespace skep::sdk
