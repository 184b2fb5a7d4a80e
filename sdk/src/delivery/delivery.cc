// SPDX-License-Identifier: Apache-2.0
#include "delivery/delivery.h"

#include <pthread.h>
#include <signal.h>

#include <algorithm>
#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <random>
#include <system_error>
#include <thread>

#include "core/fork.h"

namespace skep::sdk {
namespace {

using std::chrono::milliseconds;

constexpr size_t kBatchesMax = 100'000;  // bounds what empty bodies cost
constexpr int64_t kNever = INT64_MAX;

int64_t Nanos(milliseconds time) { return std::chrono::nanoseconds(time).count(); }

}  // namespace

struct Delivery::Impl {
  Impl(DeliveryOptions options_in, std::unique_ptr<Source> source_in,
       std::unique_ptr<Sender> sender_in, std::shared_ptr<ExportCounters> counters_in,
       const Clock& clock_in)
      : options(std::move(options_in)),
        source(std::move(source_in)),
        sender(std::move(sender_in)),
        counters(std::move(counters_in)),
        clock(clock_in),
        random(static_cast<uint64_t>(clock.UnixNanos()) ^ std::hash<std::string>()(options.name)) {
    WatchForks();
    fork_generation = ForkGeneration();
    next_drain_ns = clock.SteadyNanos() + Nanos(options.schedule_delay);
  }

  const DeliveryOptions options;
  const std::unique_ptr<Source> source;
  const std::unique_ptr<Sender> sender;
  const std::shared_ptr<ExportCounters> counters;  // with those who read them
  const Clock& clock;

  // Held by the one that drains and sends: the delivery thread, or who calls RunOnce or Flush
  // without one. Taken before `mutex`.
  std::mutex run_mutex;
  std::mt19937_64 random;  // under run_mutex

  mutable std::mutex mutex;  // guards all below
  std::condition_variable changed_for_thread;
  std::condition_variable changed_for_flush;
  std::deque<Batch> queue;  // front: the one being sent
  size_t queue_bytes = 0;
  size_t queue_records = 0;
  uint64_t batches_in = 0;     // ever queued
  uint64_t batches_out = 0;    // ever answered
  uint64_t flushes_asked = 0;  // each has the source drained once
  uint64_t flushes_drained = 0;
  int64_t next_drain_ns = 0;
  int64_t not_before_ns = 0;  // of the next attempt
  uint32_t attempts_of_front = 0;
  bool woken = false;        // drain now
  bool attempt_now = false;  // despite a backoff
  bool sending = false;
  bool signal = false;  // there is something new for the thread
  bool stop = false;
  bool stopped = false;

  std::thread thread;
  uint32_t fork_generation = 0;  // not changed after the start

  // A child has neither the thread nor, perhaps, a free lock.
  bool InChild() const { return ForkGeneration() != fork_generation; }

  // With `mutex` held.
  bool Enqueue(Batch batch) {
    counters->accepted += batch.records;
    if (stopped) {
      counters->dropped_shutdown += batch.records;
      return false;
    }
    if (queue_bytes + batch.body.size() > options.queue_bytes_max || queue.size() >= kBatchesMax) {
      counters->dropped_full += batch.records;
      return false;
    }
    const size_t bytes = batch.body.size();
    const uint32_t records = batch.records;
    try {
      queue.push_back(std::move(batch));
    } catch (...) {  // no memory
      counters->dropped_full += records;
      return false;
    }
    queue_bytes += bytes;
    queue_records += records;
    ++batches_in;
    return true;
  }

  void Notify() {
    signal = true;
    changed_for_thread.notify_one();
  }

  void PopFront() {
    queue_bytes -= queue.front().body.size();
    queue_records -= queue.front().records;
    ++batches_out;
    queue.pop_front();
    attempts_of_front = 0;
    not_before_ns = 0;
  }

  // Full jitter: anywhere up to the exponential bound, so that many processes do not come back at
  // once.
  milliseconds Backoff() {
    int64_t bound_ms = std::max<int64_t>(1, options.backoff_first.count());
    for (uint32_t i = 1; i < attempts_of_front && bound_ms < options.backoff_max.count(); ++i)
      bound_ms *= 2;
    bound_ms = std::min<int64_t>(bound_ms, std::max<int64_t>(1, options.backoff_max.count()));
    return milliseconds(std::uniform_int_distribution<int64_t>(1, bound_ms)(random));
  }

  struct Line {
    DiagnosticLevel level;
    std::string text;
  };

  // With `mutex` held: counts what the attempt came to, and says what there is to say of it.
  std::optional<Line> Settle(const Attempt& attempt) {
    const uint32_t records = queue.front().records;
    const std::string who = options.name + ": ";
    if (attempt.result == Attempt::Result::kRetry) {
      // One that says "at once" (0, or a date that is over) would be asked in a circle.
      const bool has_said = attempt.retry_after && attempt.retry_after->count() > 0;
      const milliseconds wait = has_said ? *attempt.retry_after : Backoff();
      not_before_ns = clock.SteadyNanos() + Nanos(wait);
      return Line{DiagnosticLevel::kWarn, who + "will try again: " + attempt.reason};
    }
    const uint32_t rejected = attempt.result == Attempt::Result::kRejected
                                  ? records
                                  : std::min(attempt.rejected_records, records);
    counters->sent += records - rejected;
    counters->rejected += rejected;
    PopFront();
    if (rejected > 0 || attempt.result == Attempt::Result::kRejected) {
      return Line{DiagnosticLevel::kError,
                  who + std::to_string(rejected) + " records were rejected: " + attempt.reason};
    }
    if (attempt.reason.empty()) return std::nullopt;
    return Line{DiagnosticLevel::kWarn, who + "the receiver warns: " + attempt.reason};
  }

  // With run_mutex held and `mutex` locked by `lock`, which it lets go meanwhile.
  void DrainSource(std::unique_lock<std::mutex>& lock) {
    woken = false;
    const uint64_t flushes = flushes_asked;
    next_drain_ns = clock.SteadyNanos() + Nanos(options.schedule_delay);
    std::vector<Batch> batches;
    if (source) {
      lock.unlock();
      try {
        batches = source->Drain();
      } catch (...) {  // no memory; what it did not hand over it still has, or has counted
      }
      lock.lock();
    }
    for (Batch& batch : batches) Enqueue(std::move(batch));
    flushes_drained = flushes;
    changed_for_flush.notify_all();
  }

  Attempt Try(const Batch& batch) {
    try {
      return sender->Send(batch, options.timeout);
    } catch (...) {  // no memory; there may be some later
      return Attempt{};
    }
  }

  void SendFront(std::unique_lock<std::mutex>& lock) {
    attempt_now = false;
    sending = true;
    if (++attempts_of_front > 1) ++counters->retries;
    const Batch& front = queue.front();  // stays where it is: others only push to the back
    lock.unlock();
    const Attempt attempt = Try(front);
    lock.lock();
    sending = false;
    const std::optional<Line> line = Settle(attempt);
    changed_for_flush.notify_all();
    if (!line) return;
    // Without the lock: what handles the program's diagnostics may log, and so come back here.
    lock.unlock();
    Diagnose(line->level, line->text);
    lock.lock();
  }

  int64_t Run() {
    const std::lock_guard running(run_mutex);
    std::unique_lock lock(mutex);
    signal = false;
    while (!stop) {
      const int64_t now_ns = clock.SteadyNanos();
      const bool drain_due = source && (woken || now_ns >= next_drain_ns);
      if (drain_due || flushes_drained != flushes_asked) {
        DrainSource(lock);
      } else if (!queue.empty() && (attempt_now || now_ns >= not_before_ns)) {
        SendFront(lock);
      } else {
        attempt_now = false;
        break;
      }
    }
    return std::min(source ? next_drain_ns : kNever, queue.empty() ? kNever : not_before_ns);
  }

  // The program shall not end because there was no memory for a line of diagnostics.
  int64_t RunGuarded() {
    try {
      return Run();
    } catch (...) {
      return clock.SteadyNanos() + Nanos(options.backoff_first);
    }
  }

  void ThreadMain() {
    pthread_setname_np(pthread_self(), ("skep-" + options.name).substr(0, 15).c_str());
    std::unique_lock lock(mutex);
    while (!stop) {
      lock.unlock();
      const int64_t due_ns = RunGuarded();
      lock.lock();
      auto ready = [this] { return signal || stop; };
      if (due_ns == kNever) {
        changed_for_thread.wait(lock, ready);
      } else {
        const int64_t wait_ns = std::max<int64_t>(0, due_ns - clock.SteadyNanos());
        changed_for_thread.wait_for(lock, std::chrono::nanoseconds(wait_ns), ready);
      }
    }
  }

  void StartThread() {
    // The program's signal handlers shall run on the program's threads.
    sigset_t all;
    sigset_t before;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    try {
      thread = std::thread([this] { ThreadMain(); });
    } catch (const std::system_error& error) {
      Diagnose(DiagnosticLevel::kError, options.name + ": no thread to send from: " + error.what());
    }
    pthread_sigmask(SIG_SETMASK, &before, nullptr);
  }

  bool Flush(milliseconds timeout) {
    std::unique_lock lock(mutex);
    if (stopped) return queue.empty();
    const uint64_t flush = ++flushes_asked;
    attempt_now = true;
    if (!thread.joinable()) {
      lock.unlock();
      Run();
      lock.lock();
      return queue.empty();
    }
    Notify();
    const auto deadline = std::chrono::steady_clock::now() + timeout;
    const int64_t deadline_ns = clock.SteadyNanos() + Nanos(timeout);
    auto drained = [&] { return flushes_drained >= flush || stop; };
    if (!changed_for_flush.wait_until(lock, deadline, drained)) return false;
    const uint64_t last = batches_in;
    auto hopeless = [&] {
      return !sending && !attempt_now && !queue.empty() && not_before_ns > deadline_ns;
    };
    changed_for_flush.wait_until(lock, deadline,
                                 [&] { return batches_out >= last || stop || hopeless(); });
    return batches_out >= last;
  }

  bool Shutdown(milliseconds timeout) {
    bool delivered = true;
    if (timeout.count() > 0) delivered = Flush(timeout);
    std::unique_lock lock(mutex);
    if (stopped) return delivered;
    stop = true;
    Notify();
    changed_for_flush.notify_all();
    std::thread ended = std::move(thread);
    lock.unlock();
    sender->Cancel();
    if (ended.joinable()) ended.join();

    const std::lock_guard running(run_mutex);
    std::vector<Batch> left = source ? source->Drain() : std::vector<Batch>();
    lock.lock();
    stopped = true;
    for (Batch& batch : left) Enqueue(std::move(batch));
    delivered = queue.empty() && left.empty();
    const size_t dropped = queue_records;
    counters->dropped_shutdown += dropped;
    queue.clear();
    queue_bytes = queue_records = 0;
    lock.unlock();
    if (dropped > 0) {
      Diagnose(DiagnosticLevel::kWarn, options.name + ": " + std::to_string(dropped) +
                                           " records were not sent before the end");
    }
    return delivered;
  }
};

Delivery::Delivery(DeliveryOptions options, std::unique_ptr<Source> source,
                   std::unique_ptr<Sender> sender, std::shared_ptr<ExportCounters> counters,
                   const Clock& clock)
    : impl_(std::make_unique<Impl>(std::move(options), std::move(source), std::move(sender),
                                   std::move(counters), clock)) {
  if (impl_->options.start_thread) impl_->StartThread();
}

Delivery::~Delivery() {
  if (impl_->InChild()) {
    // Its thread is the parent's, and to close its connections would end the parent's TLS sessions.
    [[maybe_unused]] Impl* const left_alone = impl_.release();
    return;
  }
  Shutdown(milliseconds(0));
}

bool Delivery::Submit(Batch batch) {
  if (impl_->InChild()) {
    impl_->counters->accepted += batch.records;
    impl_->counters->dropped_shutdown += batch.records;
    return false;
  }
  const std::lock_guard lock(impl_->mutex);
  const bool was_empty = impl_->queue.empty();
  if (!impl_->Enqueue(std::move(batch))) return false;
  if (was_empty) impl_->Notify();
  return true;
}

bool Delivery::InChild() const { return impl_->InChild(); }

void Delivery::Wake() {
  if (impl_->InChild()) return;
  const std::lock_guard lock(impl_->mutex);
  if (impl_->woken) return;
  impl_->woken = true;
  impl_->Notify();
}

int64_t Delivery::RunOnce() { return impl_->InChild() ? kNever : impl_->Run(); }

bool Delivery::Flush(milliseconds timeout) { return !impl_->InChild() && impl_->Flush(timeout); }

bool Delivery::Shutdown(milliseconds timeout) {
  return !impl_->InChild() && impl_->Shutdown(timeout);
}

size_t Delivery::QueuedRecords() const {
  if (impl_->InChild()) return 0;
  const std::lock_guard lock(impl_->mutex);
  return impl_->queue_records;
}

size_t Delivery::QueuedBytes() const {
  if (impl_->InChild()) return 0;
  const std::lock_guard lock(impl_->mutex);
  return impl_->queue_bytes;
}

}  // namespace skep::sdk
