// SPDX-License-Identifier: Apache-2.0
#include "core/span_pool.h"

#include <sched.h>

#include <utility>
#include <vector>

namespace skep::sdk {
namespace {

constexpr int64_t kAnchorAgeMaxNs = 1'000'000'000;

// Its address tells threads apart; trivial, so that it can be asked while a thread ends.
constinit thread_local bool t_thread_ended = false;
constinit thread_local SpanPool* t_last = nullptr;

}  // namespace

// The pools that this thread owns, one for each provider that it starts spans of.
struct ThreadPools {
  std::vector<SpanPool*> pools;

  ~ThreadPools() {
    t_thread_ended = true;
    t_last = nullptr;
    for (SpanPool* pool : pools) pool->Disown();
  }
  void DropClosed() {
    std::erase_if(pools, [](SpanPool* pool) {
      if (!pool->core().closed()) return false;
      pool->Disown();
      return true;
    });
  }
  static ThreadPools& Mine() {
    static thread_local ThreadPools pools;
    return pools;
  }
};

SpanPool::~SpanPool() {
  for (RecordingSpan* span = idle_; span != nullptr;) delete std::exchange(span, span->next_free_);
  for (RecordingSpan* span = returned_.load(std::memory_order_acquire); span != nullptr;) {
    delete std::exchange(span, span->next_free_);
  }
}

bool SpanPool::OwnedByThisThread() const {
  return owner_.load(std::memory_order_relaxed) == &t_thread_ended;
}

SpanPool& SpanPool::AdoptOrCreate(ProviderCore& core) {
  for (SpanPool* pool = core.pools_.load(std::memory_order_acquire); pool != nullptr;
       pool = pool->next_) {
    int64_t unused = 0;
    if (pool->refs_.load(std::memory_order_relaxed) == 0 &&
        pool->refs_.compare_exchange_strong(unused, kOwned, std::memory_order_acquire,
                                            std::memory_order_relaxed)) {
      core.Ref();
      pool->live_ = 0;
      pool->owner_.store(&t_thread_ended, std::memory_order_relaxed);
      return *pool;
    }
  }
  auto* pool = new SpanPool(core);
  pool->generation_.store(ForkGeneration(), std::memory_order_relaxed);
  pool->owner_.store(&t_thread_ended, std::memory_order_relaxed);
  core.Ref();
  pool->next_ = core.pools_.load(std::memory_order_relaxed);
  while (!core.pools_.compare_exchange_weak(pool->next_, pool, std::memory_order_seq_cst,
                                            std::memory_order_relaxed)) {
  }
  return *pool;
}

SpanPool& SpanPool::OfThisThread(ProviderCore& core) {
  ThreadPools& mine = ThreadPools::Mine();
  for (SpanPool* pool : mine.pools) {
    if (&pool->core_ == &core) {
      t_last = pool;
      return *pool;
    }
  }
  t_last = nullptr;
  mine.DropClosed();
  mine.pools.reserve(mine.pools.size() + 1);
  SpanPool& pool = AdoptOrCreate(core);
  mine.pools.push_back(&pool);
  t_last = &pool;
  return pool;
}

RecordingSpan* SpanPool::TakeIdle() {
  if (generation_.load(std::memory_order_relaxed) != ForkGeneration()) {
    // What other threads were doing at the fork they do not finish here.
    ending_.store(0, std::memory_order_relaxed);
    generation_.store(ForkGeneration(), std::memory_order_relaxed);
  }
  if (idle_ == nullptr) {
    idle_count_ = 0;
    idle_ = returned_.exchange(nullptr, std::memory_order_acquire);
    returned_count_.store(0, std::memory_order_relaxed);
    for (RecordingSpan* span = idle_; span != nullptr; span = span->next_free_) ++idle_count_;
  }
  RecordingSpan* span = idle_;
  if (span == nullptr) {
    span = new RecordingSpan(*this);
  } else {
    idle_ = span->next_free_;
    --idle_count_;
  }
  ++live_;
  return span;
}

RecordingSpan* SpanPool::Take(ProviderCore& core) {
  if (t_last != nullptr && &t_last->core_ == &core) [[likely]]
    return t_last->TakeIdle();
  if (t_thread_ended) {
    // Another thread_local's destructor starts a span: it is the only one of its pool.
    SpanPool& pool = AdoptOrCreate(core);
    RecordingSpan* span = pool.TakeIdle();
    pool.Disown();
    return span;
  }
  return OfThisThread(core).TakeIdle();
}

void SpanPool::Free(RecordingSpan* span) {
  span->Clear();
  SpanPool* pool = span->home_;
  if (pool->OwnedByThisThread()) {
    --pool->live_;
    if (pool->idle_count_ >= kKeptMax) {
      delete span;
      return;
    }
    span->next_free_ = pool->idle_;
    pool->idle_ = span;
    ++pool->idle_count_;
    return;
  }
  if (pool->returned_count_.fetch_add(1, std::memory_order_relaxed) >= kKeptMax) {
    delete span;
  } else {
    span->next_free_ = pool->returned_.load(std::memory_order_relaxed);
    while (!pool->returned_.compare_exchange_weak(span->next_free_, span, std::memory_order_release,
                                                  std::memory_order_relaxed)) {
    }
  }
  pool->DropRefs(1);
}

void SpanPool::Disown() {
  owner_.store(nullptr, std::memory_order_relaxed);
  DropRefs(kOwned - live_);
}

void SpanPool::DropRefs(int64_t count) {
  ProviderCore& core = core_;
  if (refs_.fetch_sub(count, std::memory_order_acq_rel) == count) core.Unref();
}

void SpanPool::LeaveThread(ProviderCore& core) {
  if (t_thread_ended) return;
  ThreadPools& mine = ThreadPools::Mine();
  t_last = nullptr;
  std::erase_if(mine.pools, [&core](SpanPool* pool) {
    if (&pool->core_ != &core) return false;
    pool->Disown();
    return true;
  });
}

int64_t SpanPool::UnixMinusSteady(int64_t steady_ns) {
  if (!anchored_ || steady_ns - anchor_steady_ns_ >= kAnchorAgeMaxNs) {
    unix_minus_steady_ns_ = core_.clock().UnixNanos() - steady_ns;
    anchor_steady_ns_ = steady_ns;
    anchored_ = true;
  }
  return unix_minus_steady_ns_;
}

void SpanPool::WaitUntilNoSpanIsEnding() const {
  if (generation_.load(std::memory_order_relaxed) != ForkGeneration()) return;
  while (ending_.load(std::memory_order_seq_cst) != 0) sched_yield();
}

}  // namespace skep::sdk
