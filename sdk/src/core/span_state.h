// SPDX-License-Identifier: Apache-2.0
// SpanState: what the handles of one span share. By itself it is a span that records nothing: ids
// of a caller, or of a span that was not sampled. RecordingSpan (recording_span.h) is the other
// kind. Reference-counted; ids never change after it was made. Thread-safe.
#pragma once

#include <atomic>
#include <cstdint>
#include <utility>

#include "skep/sdk/context.h"
#include "skep/sdk/span.h"
#include "skep/sdk/span_context.h"

namespace skep::sdk {

class RecordingSpan;

class SpanState {
 public:
  explicit SpanState(SpanContext context) : context_(std::move(context)) {}
  SpanState(const SpanState&) = delete;
  SpanState& operator=(const SpanState&) = delete;

  const SpanContext& context() const { return context_; }
  // This span if it is of the recording kind, ended or not; else null.
  RecordingSpan* Recorder();
  const RecordingSpan* Recorder() const { return const_cast<SpanState*>(this)->Recorder(); }

  void Ref() { refs_.fetch_add(1, std::memory_order_relaxed); }
  void Unref() {
    // Who holds the only reference can't have it copied by another meanwhile.
    if (refs_.load(std::memory_order_acquire) == 1 ||
        refs_.fetch_sub(1, std::memory_order_acq_rel) == 1) {
      Release();
    }
  }

  // A handle that takes over one reference.
  static Span Adopt(SpanState* state) { return Span(state); }
  static SpanState* Of(const Span& span) { return span.state_; }
  static SpanState* Of(const Context& context) { return context.span_; }
  // The span of the thread's current context, not counted: it lives as long as that context is
  // current.
  static SpanState* OfCurrentContext();

 protected:
  struct ForRecording {};
  explicit SpanState(ForRecording) : recording_(true) {}
  ~SpanState() = default;

  std::atomic<uint32_t> refs_{1};
  const bool recording_ = false;
  SpanContext context_;

 private:
  void Release();
};

}  // namespace skep::sdk
