// SPDX-License-Identifier: Apache-2.0
// TracerProvider and Tracer, as in OpenTelemetry's trace API.
//
//   Tracer tracer = provider.GetTracer("home.activities");
//   ActiveSpan span = tracer.StartActiveSpan("create-activity");   // current until the scope ends,
//   then it ends span->SetAttribute("app.user_handle", handle);
//
// Thread-safe. A Tracer is a cheap value and must not outlive its provider; spans may.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "skep/sdk/clock.h"
#include "skep/sdk/processor.h"
#include "skep/sdk/resource.h"
#include "skep/sdk/sampler.h"
#include "skep/sdk/span.h"

namespace skep::sdk {

struct SpanLink {
  SpanContext target;
  Attributes attributes = {};
};

struct StartOptions {
  SpanKind kind = SpanKind::kInternal;
  int64_t start_unix_ns = 0;        // 0: now
  const Context* parent = nullptr;  // null: the current context
  bool root = false;                // true: a trace of its own, whatever is current
  Attributes attributes = {};       // seen by the sampler
  std::span<const SpanLink> links = {};
};

// OpenTelemetry's defaults (OTEL_SPAN_*_LIMIT); a string longer than the limit is cut at a
// character's border.
struct SpanLimits {
  uint32_t attributes_max = 128;
  uint32_t events_max = 128;
  uint32_t links_max = 128;
  uint32_t attributes_per_event_max = 128;
  uint32_t value_bytes_max = 64 * 1024;
};

// A span that is current as long as this object lives, and ends with it. Belongs to the thread that
// made it. A scope left by an exception gets the exception's event and the status kError from the
// caller, not from here.
class ActiveSpan {
 public:
  explicit ActiveSpan(Span span) : span_(std::move(span)), scope_(span_) {}
  ~ActiveSpan() { span_.End(); }
  ActiveSpan(const ActiveSpan&) = delete;
  ActiveSpan& operator=(const ActiveSpan&) = delete;
  Span* operator->() { return &span_; }
  Span& operator*() { return span_; }

 private:
  Span span_;
  Scope scope_;
};

class Tracer {
 public:
  Span StartSpan(std::string_view name, const StartOptions& options = {}) const;
  ActiveSpan StartActiveSpan(std::string_view name, const StartOptions& options = {}) const {
    return ActiveSpan(StartSpan(name, options));
  }

 private:
  friend class TracerProvider;
  struct Shared;  // the provider's parts and this tracer's instrumentation scope
  explicit Tracer(std::shared_ptr<const Shared> shared) : shared_(std::move(shared)) {}
  // Shared with the spans it started, which may end after the provider is gone.
  std::shared_ptr<const Shared> shared_;
};

struct TracerProviderOptions {
  Resource resource = {};
  std::shared_ptr<Sampler> sampler =
      nullptr;  // null: ParentBased(AlwaysOn), OpenTelemetry's default
  SpanLimits limits = {};
  const Clock* clock = nullptr;  // null: the machine's
};

class TracerProvider {
 public:
  explicit TracerProvider(TracerProviderOptions options);
  ~TracerProvider();  // Shutdown with 5 s
  TracerProvider(const TracerProvider&) = delete;
  TracerProvider& operator=(const TracerProvider&) = delete;

  // Before the first span: processors are not added later.
  void AddProcessor(std::unique_ptr<SpanProcessor> processor);
  Tracer GetTracer(std::string_view scope_name, std::string_view scope_version = {});
  // Both return whether everything that had ended was handed over in time.
  bool ForceFlush(std::chrono::milliseconds timeout);
  bool Shutdown(std::chrono::milliseconds timeout);

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace skep::sdk
