// SPDX-License-Identifier: Apache-2.0
// DedupWindow: which requests were acknowledged lately, by their key, so that one that is sent
// again because its answer got lost is answered without being stored again. Holds at least the
// window's time unless more than its most keys came meanwhile. While the first of two is still on
// its way to the disk, the second waits for its outcome. Thread-safe.
#pragma once

#include <cstddef>
#include <cstdint>
#include <unordered_map>
#include <vector>

#include "base/guarded.h"
#include "ingest/sink.h"

namespace skep {

inline constexpr int64_t kDedupWindowNs = 600 * kNsPerS;
inline constexpr size_t kDedupKeysMax = 1'000'000;

inline bool IsZero(const DedupKey& key) { return key == DedupKey{}; }

// A growing set of keys in one flat table; the zero key marks free places.
class DedupKeySet {
 public:
  bool Contains(const DedupKey& key) const;
  void Insert(const DedupKey& key);
  size_t size() const { return size_; }

 private:
  size_t PlaceOf(const DedupKey& key) const;
  std::vector<DedupKey> places_;
  size_t size_ = 0;
};

class DedupWindow {
 public:
  enum class Verdict { kNew, kAcknowledged, kWaiting };

  // kNew: the caller must call Finish for this key. kWaiting: `ack` was taken and will come out of
  // that Finish. Zero keys are always new and need no Finish.
  Verdict Begin(const DedupKey& key, int64_t now_ns, AckFunction* ack);
  // The acks that waited for this key; the caller calls them with the same outcome.
  std::vector<AckFunction> Finish(const DedupKey& key, int64_t now_ns, bool acknowledged);
  // From the journal, at start.
  void Restore(const DedupKey& key, int64_t time_ns);

 private:
  struct Hash {
    size_t operator()(const DedupKey& key) const { return static_cast<size_t>(key.low); }
  };
  // Two generations: the younger one becomes the older one when it is full or as old as the window.
  struct State {
    DedupKeySet younger;
    DedupKeySet older;
    int64_t younger_since_ns = 0;
    std::unordered_map<DedupKey, std::vector<AckFunction>, Hash> in_flight;

    void Turn(int64_t now_ns);
  };
  Guarded<State> state_;
};

}  // namespace skep
