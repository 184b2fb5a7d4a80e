// SPDX-License-Identifier: Apache-2.0
// ProviderCore: what a TracerProvider shares with its tracers, the threads' pools and the spans; it
// lives until the last of them is gone. The processors do not: they go with the provider, and
// nobody calls them any more. Without a mutex, so that a fork finds it usable. Thread-safe.
#pragma once

#include <atomic>
#include <chrono>
#include <memory>
#include <string_view>
#include <vector>

#include "skep/sdk/span_data.h"
#include "skep/sdk/tracer.h"

namespace skep::sdk {

class SpanPool;

class ProviderCore {
 public:
  explicit ProviderCore(TracerProviderOptions options);
  ProviderCore(const ProviderCore&) = delete;
  ProviderCore& operator=(const ProviderCore&) = delete;

  void Ref() { refs_.fetch_add(1, std::memory_order_relaxed); }
  void Unref() {
    if (refs_.fetch_sub(1, std::memory_order_acq_rel) == 1) delete this;
  }

  const InstrumentationScope& Scope(std::string_view name, std::string_view version);
  // No processor is called after it; waits for those that are being called. The provider's last
  // act.
  void Close();
  bool closed() const { return closed_.load(std::memory_order_seq_cst); }

  const Resource& resource() const { return resource_; }
  Sampler& sampler() const { return *sampler_; }
  const SpanLimits& limits() const { return limits_; }
  const Clock& clock() const { return *clock_; }
  std::vector<std::unique_ptr<SpanProcessor>>& processors() { return processors_; }

 private:
  friend class SpanPool;
  struct ScopeNode {
    InstrumentationScope scope;
    ScopeNode* next;
  };
  ~ProviderCore();

  std::atomic<uint32_t> refs_{1};
  std::atomic<bool> closed_{false};
  Resource resource_;
  std::shared_ptr<Sampler> sampler_;  // shared with who configured it
  SpanLimits limits_;
  const Clock* clock_;
  std::vector<std::unique_ptr<SpanProcessor>> processors_;
  std::atomic<ScopeNode*> scopes_{nullptr};  // only grows
  std::atomic<SpanPool*> pools_{nullptr};    // only grows; threads that end leave theirs to others
};

struct Tracer::Shared {
  Shared(ProviderCore& provider, const InstrumentationScope& own) : core(provider), scope(own) {
    core.Ref();
  }
  ~Shared() { core.Unref(); }
  Shared(const Shared&) = delete;
  Shared& operator=(const Shared&) = delete;
  ProviderCore& core;
  const InstrumentationScope& scope;
};

}  // namespace skep::sdk
