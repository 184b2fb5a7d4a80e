// SPDX-License-Identifier: Apache-2.0
#include "skep/sdk/tracer.h"

#include <algorithm>
#include <chrono>
#include <functional>
#include <memory>
#include <utility>
#include <vector>

#include "core/provider_core.h"
#include "core/random_ids.h"
#include "core/recording_span.h"
#include "core/run_all.h"
#include "core/span_pool.h"

namespace skep::sdk {
namespace {

constexpr std::chrono::seconds kShutdownTimeout{5};

const SpanState* ParentOf(const StartOptions& options) {
  if (options.root) return nullptr;
  const SpanState* parent =
      options.parent != nullptr ? SpanState::Of(*options.parent) : SpanState::OfCurrentContext();
  return parent;
}

// The ids of a new span, and what it keeps of its parent.
struct Ids {
  SpanContext context;
  const SpanContext* parent = nullptr;  // null for a root
};

Ids IdsFor(const SpanState* parent, int64_t unix_ns) {
  Ids ids;
  ids.context.span_id = NewSpanId();
  if (parent != nullptr && parent->context().IsValid()) {
    ids.parent = &parent->context();
    ids.context.trace_id = ids.parent->trace_id;
    ids.context.random = ids.parent->random;
  } else if (parent != nullptr && parent->context().trace_id.IsValid()) {
    // A load balancer named the trace, and no span of it: X-Ray's header without Parent.
    ids.context.trace_id = parent->context().trace_id;
    ids.context.random = parent->context().random;
  } else {
    ids.context.trace_id = NewTraceId(unix_ns);
    ids.context.random = true;
  }
  return ids;
}

Span Start(ProviderCore& core, const InstrumentationScope& scope, std::string_view name,
           const StartOptions& options) {
  const SpanState* parent = ParentOf(options);
  const RecordingSpan* local = parent == nullptr ? nullptr : parent->Recorder();
  std::unique_ptr<RecordingSpan, void (*)(RecordingSpan*)> taken(SpanPool::Take(core),
                                                                 SpanPool::Free);
  const int64_t steady_ns = core.clock().SteadyNanos();
  // Spans of one trace in one process share a time base, so that no clock step tears them apart.
  const int64_t offset = local != nullptr && &local->home().core() == &core
                             ? local->unix_minus_steady_ns()
                             : taken->home().UnixMinusSteady(steady_ns);
  const int64_t now = steady_ns + offset;
  Ids ids = IdsFor(parent, now);
  SamplingResult decision = core.sampler().ShouldSample(
      {ids.parent, ids.context.trace_id, name, options.kind, options.attributes});
  ids.context.sampled = decision.sampled;
  ids.context.trace_state = std::move(decision.trace_state);
  if (!ids.context.sampled) return SpanState::Adopt(new SpanState(std::move(ids.context)));
  taken->Begin({&scope, name, options.kind, std::move(ids.context),
                ids.parent == nullptr ? SpanId() : ids.parent->span_id,
                ids.parent != nullptr && ids.parent->remote,
                options.start_unix_ns == 0 ? now : options.start_unix_ns, offset});
  Span span = SpanState::Adopt(taken.release());
  RecordingSpan& recorder = *SpanState::Of(span)->Recorder();
  for (const auto& [key, value] : options.attributes) recorder.SetAttribute(key, value);
  for (const auto& [key, value] : decision.attributes) recorder.SetAttribute(key, value);
  for (const SpanLink& link : options.links) recorder.AddLink(link.target, link.attributes);
  return span;
}

}  // namespace

Span Tracer::StartSpan(std::string_view name, const StartOptions& options) const {
  if (shared_ == nullptr || shared_->core.closed()) return {};
  try {
    return Start(shared_->core, shared_->scope, name, options);
  } catch (...) {
    return {};  // no memory, or a sampler that throws
  }
}

struct TracerProvider::Impl {
  ProviderCore* core;
  bool shut_down = false;
};

TracerProvider::TracerProvider(TracerProviderOptions options)
    : impl_(std::make_unique<Impl>(Impl{new ProviderCore(std::move(options))})) {}

TracerProvider::~TracerProvider() {
  if (!impl_->shut_down) Shutdown(kShutdownTimeout);
  impl_->core->Close();
  SpanPool::LeaveThread(*impl_->core);
  impl_->core->Unref();
}

void TracerProvider::AddProcessor(std::unique_ptr<SpanProcessor> processor) {
  if (processor != nullptr) impl_->core->processors().push_back(std::move(processor));
}

Tracer TracerProvider::GetTracer(std::string_view scope_name, std::string_view scope_version) {
  return Tracer(std::make_shared<const Tracer::Shared>(
      *impl_->core, impl_->core->Scope(scope_name, scope_version)));
}

namespace {

using Call = bool (SpanProcessor::*)(std::chrono::milliseconds);

// Asks all processors at once, so that each has all of the time.
bool AskAll(ProviderCore& core, std::chrono::milliseconds timeout, Call call) {
  timeout = std::max(timeout, std::chrono::milliseconds(0));
  std::vector<std::function<bool()>> parts;
  for (const auto& processor : core.processors()) {
    parts.emplace_back([&processor, timeout, call] { return (*processor.*call)(timeout); });
  }
  return RunAll(parts);
}

}  // namespace

bool TracerProvider::ForceFlush(std::chrono::milliseconds timeout) {
  return AskAll(*impl_->core, timeout, &SpanProcessor::ForceFlush);
}

bool TracerProvider::Shutdown(std::chrono::milliseconds timeout) {
  impl_->shut_down = true;
  return AskAll(*impl_->core, timeout, &SpanProcessor::Shutdown);
}

}  // namespace skep::sdk
