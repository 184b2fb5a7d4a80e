// SPDX-License-Identifier: Apache-2.0
#include "doors/honeycomb/dependency_runs.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <set>
#include <string_view>
#include <tuple>
#include <utility>

namespace skep::honeycomb {
namespace {

constexpr int64_t kBarrierDeadlineMs = 10'000;
constexpr uint64_t kKeptBytesMax = 64ull << 20;

BackgroundOptions OptionsOf(const DependencyRuns::Options& options) {
  BackgroundOptions all;
  all.running_max = 1;
  all.waiting_max = options.waiting_max;
  all.kept_max = options.kept_max;
  all.kept_bytes_max = kKeptBytesMax;
  all.noun = "map dependency request";
  all.nouns = "map dependency requests";
  return all;
}

Result<std::vector<Dependency>> Run(Reader& reader, const DependencyQuestion& question,
                                    const CancelToken& cancel) {
  SKEP_TRY(reader.Refresh(Freshness::kFresh, kBarrierDeadlineMs));
  size_t position = 0;
  SKEP_ASSIGN(const ServiceMap map, ReadServiceMap(reader, question.map, cancel, &position));
  return DependenciesIn(map, question);
}

uint64_t BytesOf(const std::vector<Dependency>& dependencies) {
  uint64_t bytes = 0;
  for (const Dependency& dependency : dependencies)
    bytes += sizeof(Dependency) + dependency.parent.size() + dependency.child.size();
  return bytes;
}

int64_t WholeCalls(double calls) {
  constexpr auto kMost = static_cast<double>(std::numeric_limits<int64_t>::max() / 2);
  return std::llround(std::min(calls, kMost));
}

}  // namespace

std::vector<Dependency> DependenciesIn(const ServiceMap& map, const DependencyQuestion& question) {
  std::set<std::string_view> services;
  for (const MapNode& node : map.nodes)
    if (node.kind == MapNodeKind::kService) services.insert(node.name);
  const std::set<std::string_view> asked(question.services.begin(), question.services.end());
  std::vector<Dependency> found;
  for (const MapEdge& edge : map.edges) {
    if (!services.contains(edge.from) || !services.contains(edge.to)) continue;
    if (!asked.empty() && !asked.contains(edge.from) && !asked.contains(edge.to)) continue;
    found.push_back({edge.from, edge.to, WholeCalls(edge.spread.Count())});
  }
  std::sort(found.begin(), found.end(), [](const Dependency& a, const Dependency& b) {
    return std::tie(b.calls, a.parent, a.child) < std::tie(a.calls, b.parent, b.child);
  });
  if (found.size() > question.limit) found.resize(question.limit);
  return found;
}

DependencyRuns::DependencyRuns(Reader* reader, Options options)
    : runs_({[reader](const DependencyQuestion& question, const CancelToken& cancel,
                      const std::shared_ptr<QueryProgress>&,
                      const auto&) { return Run(*reader, question, cancel); },
             BytesOf},
            OptionsOf(options)) {}

Result<DependencyRun> DependencyRuns::Look(const std::string& id, int64_t wait_ms) {
  return runs_.Look(id, wait_ms);
}

}  // namespace skep::honeycomb
