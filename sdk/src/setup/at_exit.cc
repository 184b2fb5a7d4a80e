// SPDX-License-Identifier: Apache-2.0
#include "setup/at_exit.h"

#include <cstdlib>
#include <map>
#include <mutex>

namespace skep::sdk {
namespace {

struct Registry {
  std::recursive_mutex mutex;  // guards all below; held while they run, so that none goes meanwhile
  uint64_t last_id = 0;
  std::map<uint64_t, std::function<void()>> all;
};

// Never destroyed: static objects may take theirs back after the handlers ran.
Registry& TheRegistry() {
  static Registry* const registry = [] {
    std::atexit([] {
      Registry& all = TheRegistry();
      const std::lock_guard lock(all.mutex);
      for (const auto& [id, run] : all.all) run();
    });
    return new Registry;
  }();
  return *registry;
}

uint64_t Register(std::function<void()> run) {
  Registry& registry = TheRegistry();
  const std::lock_guard lock(registry.mutex);
  registry.all[++registry.last_id] = std::move(run);
  return registry.last_id;
}

}  // namespace

AtExit::AtExit(std::function<void()> run) : id_(Register(std::move(run))) {}

AtExit::~AtExit() {
  Registry& registry = TheRegistry();
  const std::lock_guard lock(registry.mutex);
  registry.all.erase(id_);
}

}  // namespace skep::sdk
