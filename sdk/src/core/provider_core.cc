// SPDX-License-Identifier: Apache-2.0
#include "core/provider_core.h"

#include <string>
#include <utility>

#include "core/fork.h"
#include "core/span_pool.h"

namespace skep::sdk {

ProviderCore::ProviderCore(TracerProviderOptions options)
    : resource_(std::move(options.resource)),
      sampler_(options.sampler != nullptr ? std::move(options.sampler)
                                          : ParentBasedSampler(AlwaysOnSampler())),
      limits_(options.limits),
      clock_(options.clock != nullptr ? options.clock : &Clock::System()) {
  WatchForks();
}

ProviderCore::~ProviderCore() {
  for (SpanPool* pool = pools_.load(std::memory_order_acquire); pool != nullptr;) {
    delete std::exchange(pool, pool->next_);
  }
  for (ScopeNode* node = scopes_.load(std::memory_order_acquire); node != nullptr;) {
    delete std::exchange(node, node->next);
  }
}

const InstrumentationScope& ProviderCore::Scope(std::string_view name, std::string_view version) {
  ScopeNode* head = scopes_.load(std::memory_order_acquire);
  for (ScopeNode* node = head; node != nullptr; node = node->next) {
    if (node->scope.name == name && node->scope.version == version) return node->scope;
  }
  auto* added = new ScopeNode{{std::string(name), std::string(version)}, head};
  while (!scopes_.compare_exchange_weak(added->next, added, std::memory_order_release,
                                        std::memory_order_relaxed)) {
  }
  return added->scope;
}

void ProviderCore::Close() {
  closed_.store(true, std::memory_order_seq_cst);
  for (SpanPool* pool = pools_.load(std::memory_order_seq_cst); pool != nullptr;
       pool = pool->next_) {
    pool->WaitUntilNoSpanIsEnding();
  }
  processors_.clear();
}

}  // namespace skep::sdk
