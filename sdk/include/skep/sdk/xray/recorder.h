// SPDX-License-Identifier: Apache-2.0
// Recorder: X-Ray segments and subsegments of a C++ program, as aws_xray_sdk does it for Python.
//
//   xray::Recorder recorder({.service = "backend"});
//   auto segment = recorder.InSegment({}, {.trace = xray::TraceOrigin::Header(header)});
//   segment->SetHttpRequest({.method = "GET", .url = url});
//   {
//     auto part = recorder.InSubsegment("mock-data");     // under what is current
//     part->PutAnnotation("user_handle", handle);
//   }
//   segment->SetHttpResponse(200);                          // ends and is sent with the scope
//
// What is current follows Context: it crosses threads and coroutines where a Context is handed
// over. Thread-safe; segments may outlive the recorder.
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <exception>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "skep/sdk/clock.h"
#include "skep/sdk/context.h"
#include "skep/sdk/span.h"
#include "skep/sdk/xray/emitter.h"
#include "skep/sdk/xray/entity.h"
#include "skep/sdk/xray/sampling.h"
#include "skep/sdk/xray/trace_header.h"
#include "skep/sdk/xray/value.h"

namespace skep::sdk::xray {

// What happens where a segment is needed and none is current (AWS_XRAY_CONTEXT_MISSING: LOG_ERROR,
// RUNTIME_ERROR, IGNORE_ERROR). All three count it. kRuntimeError calls
// RecorderOptions::context_missing_handler, which may throw; without a handler it is as kLogError,
// since this library throws nothing by itself.
enum class ContextMissing : uint8_t { kLogError, kRuntimeError, kIgnoreError };

struct RecorderOptions {
  bool enabled = true;              // false records nothing; AWS_XRAY_SDK_ENABLED=false, too
  std::string service = {};         // name of segments without one; AWS_XRAY_TRACING_NAME wins
  std::string daemon_address = {};  // AWS_XRAY_DAEMON_ADDRESS wins; default 127.0.0.1:2000
  ContextMissing context_missing = ContextMissing::kLogError;  // AWS_XRAY_CONTEXT_MISSING wins
  std::function<void(std::string_view what)> context_missing_handler = {};
  // a pattern with * and ?: a host that fits it names the segment, else `service` does
  std::string dynamic_naming = {};
  // over so many subsegments, finished ones are sent without waiting for their segment
  uint32_t streaming_threshold = 100;
  uint32_t stack_frames_max = 10;
  bool sampling = true;  // false: sampled, unless the caller decided otherwise
  // null: X-Ray's rules, from the daemon's TCP port. Shared with spans' sampling
  std::shared_ptr<SegmentSampler> sampler = {};
  // null: UdpEmitter(daemon_address). Shared with segments, which may live longer
  std::shared_ptr<Emitter> emitter = {};
  std::string origin = {};                // of every segment: "AWS::EC2::Instance", ...
  std::map<std::string, Value> aws = {};  // blocks of every segment's `aws`: "ec2", "ecs", ...
  std::string service_version = {};
  const Clock* clock = nullptr;  // null: the machine's; must outlive all segments
};

// Where a segment's trace id, its parent and the decision to sample come from.
class TraceOrigin {
 public:
  // A trace of its own.
  static TraceOrigin New() { return {}; }
  // Of an X-Amzn-Trace-Id. Without a well-formed Root a trace of its own; without Sampled=0|1 the
  // recorder decides.
  static TraceOrigin Header(std::string_view text);
  // In the span's trace (the same 32 hex digits), as a child of the span, sampled as it is; a trace
  // of its own if the span has none.
  static TraceOrigin FromSpan(const Span& span);
  static TraceOrigin CurrentSpan() { return FromSpan(Span::Current()); }
  // Beside the span: in its trace, without a parent in it.
  static TraceOrigin SameTrace(const Span& span);

 private:
  friend class Recorder;
  TraceHeader header_;
};

struct SegmentOptions {
  TraceOrigin trace = {};
  std::optional<bool> sampled = {};  // decided by the program, whatever `trace` says
  // For the sampling rules and the dynamic name.
  std::string_view host = {};
  std::string_view method = {};
  std::string_view url_path = {};
  int64_t start_unix_ns = 0;      // 0: now
  bool send_in_progress = false;  // tells X-Ray of it now, not only when it ends
};

struct RecorderStats {
  std::atomic<uint64_t> context_missing{0};
  std::atomic<uint64_t> ignored_annotations{0};
  std::atomic<uint64_t> ignored_metadata{0};
  // lost metadata or stack frames to fit into a datagram
  std::atomic<uint64_t> trimmed_documents{0};
  std::atomic<uint64_t> not_sampled{0};
};

// Current as long as this object lives, and ends with it; leaving the scope by an exception sets
// fault. Belongs to the thread that made it.
template <typename T>
class Scoped {
 public:
  Scoped(T entity, Context context)
      : entity_(std::move(entity)),
        scope_(std::move(context)),
        exceptions_(std::uncaught_exceptions()) {}
  ~Scoped() {
    if (std::uncaught_exceptions() > exceptions_) entity_.SetFault();
    entity_.End();
  }
  Scoped(const Scoped&) = delete;
  Scoped& operator=(const Scoped&) = delete;
  T* operator->() { return &entity_; }
  T& operator*() { return entity_; }

 private:
  T entity_;
  ContextScope scope_;
  int exceptions_;
};

struct RecorderCore;  // src/xray/recorder_core.h

class Recorder {
 public:
  // AWS_XRAY_SDK_ENABLED=false makes a recorder that records nothing.
  explicit Recorder(RecorderOptions options = {});
  ~Recorder();
  Recorder(const Recorder&) = delete;
  Recorder& operator=(const Recorder&) = delete;

  // Without a name: the host if it fits `dynamic_naming`, else `service`. Not current; see With.
  Segment BeginSegment(std::string_view name = {}, const SegmentOptions& options = {});
  Scoped<Segment> InSegment(std::string_view name = {}, const SegmentOptions& options = {});
  // Under what is current. Where nothing is: one that records nothing, and ContextMissing.
  Subsegment BeginSubsegment(std::string_view name, const SubsegmentOptions& options = {});
  Scoped<Subsegment> InSubsegment(std::string_view name, const SubsegmentOptions& options = {});
  // Runs `function` in a subsegment and records the exception that leaves it.
  template <typename F>
  decltype(auto) Capture(std::string_view name, F&& function,
                         const SubsegmentOptions& options = {}) {
    auto part = InSubsegment(name, options);
    try {
      return std::forward<F>(function)();
    } catch (...) {
      part->AddException(std::current_exception());
      throw;
    }
  }

  // A context in which `entity` is current, for ContextScope and to hand over.
  Context With(const Context& context, const Entity& entity) const;
  Entity CurrentEntity() const;
  Segment CurrentSegment() const;
  // On what is current. Where nothing is: ContextMissing.
  void PutAnnotation(std::string_view key, const AttributeValue& value);
  void PutMetadata(std::string_view key, const Value& value,
                   std::string_view name_space = "default");
  // X-Amzn-Trace-Id for a request to another service; empty where nothing is current.
  std::string TraceHeaderText() const;

  bool Flush(std::chrono::milliseconds timeout);
  const RecorderStats& Stats() const;
  const ExportCounters& Counters() const;

 private:
  Entity Needed(std::string_view what);
  // Shared with the segments, which may live longer.
  std::shared_ptr<RecorderCore> core_;
};

}  // namespace skep::sdk::xray
