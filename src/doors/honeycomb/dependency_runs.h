// SPDX-License-Identifier: Apache-2.0
// DependencyRuns: service maps as Honeycomb's API asks for them, in the background: which service
// called which, and how often, from the map that the page shows (query/trace/service_map.h). Owns
// its thread. Thread-safe.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "query/explore/background_runs.h"
#include "query/trace/service_map.h"

namespace skep::honeycomb {

struct Dependency {
  std::string parent;
  std::string child;
  int64_t calls = 0;  // weighted by sample rate
};

struct DependencyQuestion {
  MapQuestion map;
  std::vector<std::string> services;  // one of them calls or is called; none: all
  size_t limit = 10'000;
};

// Most calls first, cut by the limit; only between services: databases, queues and hosts that tell
// nothing themselves are no nodes there. Pure.
std::vector<Dependency> DependenciesIn(const ServiceMap& map, const DependencyQuestion& question);

using DependencyRun = BackgroundRun<DependencyQuestion, std::vector<Dependency>>;

class DependencyRuns {
 public:
  struct Options {
    size_t waiting_max = 16;
    size_t kept_max = 64;
  };

  // The reader must outlive it.
  DependencyRuns(Reader* reader, Options options);
  explicit DependencyRuns(Reader* reader) : DependencyRuns(reader, Options()) {}

  // The id. kResourceExhausted when too many wait.
  Result<std::string> Start(DependencyQuestion question) {
    return runs_.Start(std::move(question));
  }
  // Waits up to `wait_ms` for it to be done. kNotFound: never was, or was dropped.
  Result<DependencyRun> Look(const std::string& id, int64_t wait_ms = 0);

 private:
  BackgroundRuns<DependencyQuestion, std::vector<Dependency>> runs_;
};

}  // namespace skep::honeycomb
