// SPDX-License-Identifier: Apache-2.0
// Delivery: one thread per receiver that takes batches from a bounded queue and sends them, in
// order, with retries, until the receiver has answered. OTLP, CloudWatch Logs and Rollbar exporters
// are a Source (what fills batches), a Sender (one attempt, in the vendor's protocol) and a
// Delivery between them. It owns both. Submit and Wake are thread-safe and never block on the
// network; everything else of the Source and Sender runs on the delivery thread.
//
// Backoff: exponential from backoff_first to backoff_max with full jitter, or what the receiver's
// Retry-After says, if it is later than now. Full: the new batch is refused and its records counted
// as dropped_full. Nothing else is ever dropped before Shutdown. Records count as accepted when
// Delivery gets them, by Submit or out of the Source; a Source that drops some itself counts them
// (accepted and dropped_full).
//
// A process that forks sends from the parent alone: in the child what is submitted counts as
// dropped_shutdown, and nothing waits.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "skep/sdk/clock.h"
#include "skep/sdk/diagnostics.h"

namespace skep::sdk {

struct Batch {
  std::string body{};    // as the sender wants it
  std::string target{};  // the sender's own note, such as a log stream; may be empty
  uint32_t records = 0;  // how many it counts for
};

struct Attempt {
  enum class Result { kDelivered, kRetry, kRejected };
  Result result = Result::kRetry;
  std::optional<std::chrono::milliseconds> retry_after{};  // with kRetry, if the receiver said so
  uint32_t rejected_records = 0;                           // with kDelivered: a partial success
  std::string reason{};                                    // for the diagnostics
};

class Sender {
 public:
  virtual ~Sender() = default;
  virtual Attempt Send(const Batch& batch, std::chrono::milliseconds timeout) = 0;
  // Makes a Send that is running return soon. Called from another thread, at Shutdown when the time
  // is up: senders pass it on to HttpClient::Cancel.
  virtual void Cancel() {}
};

// Where batches come from besides Submit: asked when the schedule says so, when woken, before a
// flush and at shutdown; by one thread at a time.
class Source {
 public:
  virtual ~Source() = default;
  // May throw for want of memory; then it keeps what it would have handed over, or has counted it.
  virtual std::vector<Batch> Drain() = 0;
};

struct DeliveryOptions {
  std::string name{};                              // of the thread and in diagnostics: "otlp"
  std::chrono::milliseconds schedule_delay{5000};  // how long a record waits for company at most
  std::chrono::milliseconds timeout{10000};        // of one attempt
  std::chrono::milliseconds backoff_first{1000};
  std::chrono::milliseconds backoff_max{30000};
  size_t queue_bytes_max = 32 << 20;  // of bodies waiting, the one being sent included
  bool start_thread = true;           // false: tests call RunOnce with a clock of their own
};

class Delivery {
 public:
  // `source` may be null. `clock` must outlive it.
  Delivery(DeliveryOptions options, std::unique_ptr<Source> source, std::unique_ptr<Sender> sender,
           std::shared_ptr<ExportCounters> counters, const Clock& clock);
  ~Delivery();  // Shutdown(0) if nobody did before
  Delivery(const Delivery&) = delete;
  Delivery& operator=(const Delivery&) = delete;

  // Counts batch.records as accepted. False if the queue was full, and then counts them as
  // dropped_full.
  bool Submit(Batch batch);
  // Whether this process was forked from the one that made it. Parts around a Delivery ask this
  // before they take a lock of their own, which a thread that is not here may hold for ever.
  bool InChild() const;
  // The source has enough for a batch: do not wait for the schedule.
  void Wake();
  // Does everything that is due by the clock, and returns the SteadyNanos at which something is due
  // next.
  int64_t RunOnce();
  // Drains the source and waits until everything submitted before was answered. One attempt more is
  // made at once even if a backoff is running. False: the time was up first; what is left stays
  // queued.
  bool Flush(std::chrono::milliseconds timeout);
  // Flush, then stop; what is left, and what is submitted later, counts as dropped_shutdown.
  bool Shutdown(std::chrono::milliseconds timeout);

  // What waits now, the batch being sent included.
  size_t QueuedRecords() const;
  size_t QueuedBytes() const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace skep::sdk
