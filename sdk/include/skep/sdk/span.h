// SPDX-License-Identifier: Apache-2.0
// Span: one operation of a trace, as in OpenTelemetry's trace API. A copyable handle; copies are
// the same span. Every method is thread-safe, never blocks, never throws, and does nothing on a
// span that is not recording or has ended. What a span may hold is bounded (SpanLimits); what is
// over is counted and shows as dropped_*_count.
#pragma once

#include <cstdint>
#include <exception>
#include <initializer_list>
#include <string_view>

#include "skep/sdk/attribute.h"
#include "skep/sdk/context.h"
#include "skep/sdk/span_context.h"

namespace skep::sdk {

enum class SpanKind : uint8_t {
  kInternal = 1,
  kServer = 2,
  kClient = 3,
  kProducer = 4,
  kConsumer = 5
};
enum class StatusCode : uint8_t { kUnset = 0, kOk = 1, kError = 2 };

class SpanState;  // src/core/span_state.h

class Span {
 public:
  Span() = default;  // records nothing
  // A span that records nothing but carries the ids of a caller's, so that children continue its
  // trace.
  static Span Remote(const SpanContext& context);
  // The current context's span.
  static Span Current();

  Span& SetAttribute(std::string_view key, const AttributeValue& value);
  Span& AddEvent(std::string_view name, std::initializer_list<Attribute> attributes = {});
  Span& AddEvent(std::string_view name, Attributes attributes, int64_t time_unix_ns);
  Span& AddLink(const SpanContext& target, std::initializer_list<Attribute> attributes = {});
  // kOk is final; kError is not overwritten by kUnset. The description counts with kError only.
  Span& SetStatus(StatusCode code, std::string_view description = {});
  // An event `exception` with exception.type, exception.message and exception.stacktrace (where it
  // was thrown if <skep/sdk/stack_trace.h> recorded that, else here), nested exceptions included.
  // Does not set the status.
  Span& RecordException(const std::exception& exception,
                        std::initializer_list<Attribute> attributes = {});
  Span& RecordException(const std::exception_ptr& exception);
  Span& UpdateName(std::string_view name);
  // The first call ends the span: it goes to the processors. 0 is now. The last handle's end ends
  // it too.
  void End(int64_t end_unix_ns = 0);

  const SpanContext& GetContext() const;
  bool IsRecording() const;

  // Handles share a reference count; see src/core/span_state.h.
  Span(const Span& other);
  Span(Span&& other) noexcept : state_(other.state_) { other.state_ = nullptr; }
  Span& operator=(Span other) noexcept {
    std::swap(state_, other.state_);
    return *this;
  }
  ~Span();

 private:
  friend class SpanState;
  explicit Span(SpanState* state) : state_(state) {}
  SpanState* state_ = nullptr;
};

// Makes a span the thread's current one until the end of the scope. It does not end the span.
class Scope {
 public:
  explicit Scope(const Span& span) : scope_(Context::Current().WithSpan(span)) {}

 private:
  ContextScope scope_;
};

}  // namespace skep::sdk
