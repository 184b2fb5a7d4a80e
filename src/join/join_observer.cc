// SPDX-License-Identifier: Apache-2.0
#include "join/join_observer.h"

#include <algorithm>
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
  return projects_.With([&](Projects& projects) -> Speaking {
    auto found = projects.find(request.project);
    if (found == projects.end()) {
      if (projects.size() >= kProjectsMax) return {};
      found = projects.emplace(std::string(request.project), Project()).first;
    }
    Project& project = found->second;
    const auto speaking = [&] {
      int doors = 0;
      for (const int64_t last_ns : project.heard_ns)
        if (last_ns != 0 && now_ns - last_ns < kSpeakingNs) ++doors;
      return doors > 1;
    };
    const bool before = speaking();
    project.heard_ns[static_cast<size_t>(door) - 1] = now_ns;
    const bool after = speaking();
    if (std::exchange(project.second, now_ns / kNsPerS) != now_ns / kNsPerS) project.copied = 0;
    return {after, after && !before, kPerSecondMax - std::min(kPerSecondMax, project.copied)};
  });
}

void JoinObserver::Count(std::string_view project, size_t copied) {
  projects_.With([&](Projects& projects) {
    if (const auto found = projects.find(project); found != projects.end())
      found->second.copied += copied;
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
      ReadCandidates(batch, request.door, request.ingest_time_ns, speaking.room, &cut);
  Count(request.project, delivery.candidates.size());
  if (cut) {
    delivery.gap_ns = request.ingest_time_ns;
    CountDropped();
  }
  if (delivery.candidates.empty() && !delivery.wake) return nullptr;
  return std::make_unique<Effect>(this, std::move(delivery));
}

void JoinObserver::CountDropped() {
  const uint64_t dropped = inbox_.With([](Inbox& inbox) { return ++inbox.dropped; });
  if (IsPowerOfTwo(dropped))
    Log(LogLevel::kWarn, "join", "more than can be joined: requests left out={}", dropped);
}

void JoinObserver::Add(Delivery delivery) {
  const bool full = inbox_.With([&](Inbox& inbox) {
    const size_t size = delivery.candidates.size();
    const bool no_room = inbox.waiting + size > kWaitingMax;
    if (no_room) {
      delivery.gap_ns = clock_();
      delivery.candidates = {};
      // One note of the gap is enough.
      if (!delivery.wake && !inbox.deliveries.empty() && inbox.deliveries.back().gap_ns != 0 &&
          inbox.deliveries.back().project == delivery.project)
        return true;
    } else {
      inbox.waiting += size;
    }
    inbox.deliveries.push_back(std::move(delivery));
    return no_room;
  });
  arrived_.notify_one();
  if (full) CountDropped();
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
