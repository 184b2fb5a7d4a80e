// SPDX-License-Identifier: Apache-2.0
#include "ingest/dedup_window.h"

#include <xxhash.h>

#include <array>
#include <utility>

namespace skep {

DedupKey DedupKeyOf(std::string_view project, WireFormat format, std::string_view body) {
  // The body is hashed once; the short rest is hashed over its hash.
  const XXH128_hash_t of_body = XXH3_128bits(body.data(), body.size());
  const XXH128_hash_t of_project = XXH3_128bits(project.data(), project.size());
  const std::array<uint64_t, 5> parts = {of_body.high64, of_body.low64, of_project.high64,
                                         of_project.low64, static_cast<uint64_t>(format)};
  const XXH128_hash_t all = XXH3_128bits(parts.data(), sizeof parts);
  return {all.high64, all.low64};
}

size_t DedupKeySet::PlaceOf(const DedupKey& key) const {
  const size_t mask = places_.size() - 1;
  size_t at = static_cast<size_t>(key.low * 0x9E3779B97F4A7C15ull ^ key.high) & mask;
  while (!IsZero(places_[at]) && !(places_[at] == key)) at = (at + 1) & mask;
  return at;
}

bool DedupKeySet::Contains(const DedupKey& key) const {
  return !places_.empty() && places_[PlaceOf(key)] == key;
}

void DedupKeySet::Insert(const DedupKey& key) {
  if (places_.size() < 2 * (size_ + 1)) {
    std::vector<DedupKey> old(places_.empty() ? 64 : 2 * places_.size());
    old.swap(places_);
    for (const DedupKey& moved : old)
      if (!IsZero(moved)) places_[PlaceOf(moved)] = moved;
  }
  DedupKey& place = places_[PlaceOf(key)];
  if (place == key) return;
  place = key;
  ++size_;
}

void DedupWindow::State::Turn(int64_t now_ns) {
  if (younger.size() < kDedupKeysMax / 2 && now_ns - younger_since_ns < kDedupWindowNs) return;
  // After a pause of two windows the younger ones are too old as well.
  older = now_ns - younger_since_ns < 2 * kDedupWindowNs ? std::move(younger) : DedupKeySet();
  younger = DedupKeySet();
  younger_since_ns = now_ns;
}

DedupWindow::Verdict DedupWindow::Begin(const DedupKey& key, int64_t now_ns, AckFunction* ack) {
  if (IsZero(key)) return Verdict::kNew;
  return state_.With([&](State& state) {
    state.Turn(now_ns);
    if (state.younger.Contains(key) || state.older.Contains(key)) return Verdict::kAcknowledged;
    const auto [at, is_new] = state.in_flight.try_emplace(key);
    if (is_new) return Verdict::kNew;
    at->second.push_back(std::move(*ack));
    return Verdict::kWaiting;
  });
}

std::vector<AckFunction> DedupWindow::Finish(const DedupKey& key, int64_t now_ns,
                                             bool acknowledged) {
  if (IsZero(key)) return {};
  return state_.With([&](State& state) {
    std::vector<AckFunction> waiting;
    const auto at = state.in_flight.find(key);
    if (at != state.in_flight.end()) {
      waiting = std::move(at->second);
      state.in_flight.erase(at);
    }
    if (acknowledged) {
      state.Turn(now_ns);
      state.younger.Insert(key);
    }
    return waiting;
  });
}

void DedupWindow::Restore(const DedupKey& key, int64_t time_ns) {
  if (IsZero(key)) return;
  state_.With([&](State& state) {
    state.Turn(time_ns);
    state.younger.Insert(key);
  });
}

}  // namespace skep
