// SPDX-License-Identifier: Apache-2.0
#include "query/trace/trace_cache.h"

#include <algorithm>
#include <utility>

namespace skep {

std::shared_ptr<const LongTrace> TraceCache::Find(const LongTraceKey& key, uint64_t version) const {
  return state_.With([&](const State& state) -> std::shared_ptr<const LongTrace> {
    for (const Entry& entry : state.entries)
      if (entry.key == key && (version == 0 || entry.trace->version == version)) return entry.trace;
    return nullptr;
  });
}

std::shared_ptr<const LongTrace> TraceCache::Keep(const LongTraceKey& key,
                                                  std::unique_ptr<LongTrace> trace) {
  return state_.With([&](State& state) {
    trace->version = ++state.versions;
    std::shared_ptr<const LongTrace> kept = std::move(trace);
    const auto drop = [&](auto at) {
      state.rows -= at->trace->analysis.tree.rows().size();
      return state.entries.erase(at);
    };
    const auto old = std::find_if(state.entries.begin(), state.entries.end(),
                                  [&](const Entry& entry) { return entry.key == key; });
    if (old != state.entries.end()) drop(old);
    state.entries.push_back({key, kept});
    state.rows += kept->analysis.tree.rows().size();
    while (state.rows > rows_max_ && state.entries.size() > 1) drop(state.entries.begin());
    return kept;
  });
}

}  // namespace skep
