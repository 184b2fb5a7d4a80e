// SPDX-License-Identifier: Apache-2.0
#include "join/join_observer.h"

#include <chrono>
#include <utility>

#include "base/log.h"
#include "join/candidate_reader.h"

namespace skep::join {
namespace {

constexpr size_t kProjectsMax = 10'000;

bool IsPowerOfTwo(uint64_t n) { return n != 0 && (n & (n - 1)) == 0; }

}  // namespace

class JoinObserver::Effect final : public CommitEffect {
 public:
  Effect(JoinObserver* observer, Delivery delivery)
      : observer_(observer), delivery_(std::move(delivery)) {}

  void Apply(uint64_t sequence) override {
    for (LineCandidate& line : delivery_.candidates.lines)
      line.event_id = EventId(sequence, line.event_id);
    for (ErrorCandidate& error : delivery_.candidates.errors)
      error.event_id = EventId(sequence, error.event_id);
    observer_->Add(std::move(delivery_));
  }

 private:
  JoinObserver* observer_;
  Delivery delivery_;
};

JoinObserver::Speaking JoinObserver::Hear(const RequestInfo& request) {
  // Honeycomb's door and OTLP's bring the same kind of trace.
  const Door door = request.door == Door::kHoneycomb ? Door::kOtlp : request.door;
  const int64_t now_ns = clock_();
  return heard_.With([&](Heard& heard) -> Speaking {
    auto found = heard.find(request.project);
    if (found == heard.end()) {
      if (heard.size() >= kProjectsMax) return {};
      found = heard.emplace(std::string(request.project), Heard::mapped_type{}).first;
    }
    const auto speaking = [&] {
      int doors = 0;
      for (const int64_t last_ns : found->second)
        if (last_ns != 0 && now_ns - last_ns < kSpeakingNs) ++doors;
      return doors > 1;
    };
    const bool before = speaking();
    found->second[static_cast<size_t>(door) - 1] = now_ns;
    const bool after = speaking();
    return {after, after && !before};
  });
}

std::unique_ptr<CommitEffect> JoinObserver::Extract(const RecordBatch& batch,
                                                    const RequestInfo& request) {
  if (request.door == Door::kSkep) return nullptr;
  const Speaking speaking = Hear(request);
  if (!speaking.joins) return nullptr;
  Delivery delivery;
  delivery.project = request.project;
  delivery.wake = speaking.woke;
  bool cut = false;
  delivery.candidates =
      ReadCandidates(batch, request.door, request.ingest_time_ns, kPerBatchMax, &cut);
  if (cut) delivery.gap_ns = request.ingest_time_ns;
  if (delivery.candidates.empty() && !delivery.wake) return nullptr;
  return std::make_unique<Effect>(this, std::move(delivery));
}

void JoinObserver::Add(Delivery delivery) {
  const uint64_t dropped = inbox_.With([&](Inbox& inbox) -> uint64_t {
    const size_t size = delivery.candidates.size();
    bool full = false;
    if (inbox.waiting + size > kWaitingMax) {
      full = true;
      delivery.gap_ns = clock_();
      delivery.candidates = {};
      ++inbox.dropped;
      // One note of the gap is enough.
      if (!delivery.wake && !inbox.deliveries.empty() && inbox.deliveries.back().gap_ns != 0 &&
          inbox.deliveries.back().project == delivery.project)
        return inbox.dropped;
    }
    inbox.waiting += full ? 0 : size;
    inbox.deliveries.push_back(std::move(delivery));
    return full ? inbox.dropped : 0;
  });
  arrived_.notify_one();
  if (IsPowerOfTwo(dropped))
    Log(LogLevel::kWarn, "join", "the joiner does not keep up: requests left out={}", dropped);
}

std::vector<Delivery> JoinObserver::Take(int64_t wait_ms) {
  return inbox_.WithLock([&](Inbox& inbox, std::unique_lock<std::mutex>& lock) {
    arrived_.wait_for(lock, std::chrono::milliseconds(wait_ms),
                      [&] { return inbox.closed || !inbox.deliveries.empty(); });
    inbox.waiting = 0;
    return std::exchange(inbox.deliveries, {});
  });
}

void JoinObserver::Close() {
  inbox_.With([](Inbox& inbox) { inbox.closed = true; });
  arrived_.notify_all();
}

uint64_t JoinObserver::dropped() const {
  return inbox_.With([](const Inbox& inbox) { return inbox.dropped; });
}

}  // namespace skep::join
