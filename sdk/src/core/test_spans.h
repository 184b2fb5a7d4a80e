// SPDX-License-Identifier: Apache-2.0
// For tests: a processor that keeps copies of the spans that ended, and a clock that stands still.
// Thread-safe.
#pragma once

#include <atomic>
#include <chrono>
#include <map>
#include <memory>
#include <mutex>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

#include "skep/sdk/clock.h"
#include "skep/sdk/processor.h"
#include "skep/sdk/span_data.h"
#include "skep/sdk/tracer.h"

namespace skep::sdk {

inline std::string TextOf(const AttributeValue& value) {
  std::ostringstream out;
  out << std::boolalpha;
  std::visit(
      [&out]<typename T>(const T& held) {
        if constexpr (requires { out << held; }) {
          out << held;
        } else {
          out << '[';
          for (size_t i = 0; i < held.size(); ++i) out << (i == 0 ? "" : ",") << held[i];
          out << ']';
        }
      },
      value.Get());
  return out.str();
}

inline std::map<std::string, std::string> TextsOf(std::span<const Attribute> attributes) {
  std::map<std::string, std::string> texts;
  for (const auto& [key, value] : attributes) texts[std::string(key)] = TextOf(value);
  return texts;
}

struct EndedEvent {
  int64_t time_unix_ns;
  std::string name;
  std::map<std::string, std::string> attributes;
  uint32_t dropped_attributes;
};

struct EndedSpan {
  std::string name;
  SpanKind kind;
  SpanContext context;
  SpanId parent_id;
  bool parent_remote;
  int64_t start_unix_ns;
  int64_t end_unix_ns;
  StatusCode status;
  std::string status_description;
  std::vector<std::string> keys;  // in their order
  std::map<std::string, std::string> attributes;
  std::vector<EndedEvent> events;
  std::vector<std::pair<SpanContext, std::map<std::string, std::string>>> links;
  uint32_t dropped_attributes;
  uint32_t dropped_events;
  uint32_t dropped_links;
  InstrumentationScope scope;
  std::string service;
  uint32_t dropped_link_attributes = 0;  // of all links
};

// What the processor writes to and tests read; outlives the provider.
class EndedSpans {
 public:
  void Add(EndedSpan span) {
    const std::lock_guard lock(mutex_);
    spans_.push_back(std::move(span));
  }
  std::vector<EndedSpan> All() const {
    const std::lock_guard lock(mutex_);
    return spans_;
  }
  size_t Count() const {
    const std::lock_guard lock(mutex_);
    return spans_.size();
  }

 private:
  mutable std::mutex mutex_;  // guards spans_
  std::vector<EndedSpan> spans_;
};

class CollectingProcessor final : public SpanProcessor {
 public:
  explicit CollectingProcessor(std::shared_ptr<EndedSpans> spans) : spans_(std::move(spans)) {}
  void OnEnd(const SpanData& span) noexcept override {
    EndedSpan ended{std::string(span.name),
                    span.kind,
                    *span.context,
                    span.parent_id,
                    span.parent_remote,
                    span.start_unix_ns,
                    span.end_unix_ns,
                    span.status,
                    std::string(span.status_description),
                    {},
                    TextsOf(span.attributes),
                    {},
                    {},
                    span.dropped_attributes,
                    span.dropped_events,
                    span.dropped_links,
                    *span.scope,
                    span.resource->ServiceName()};
    for (const auto& [key, value] : span.attributes) ended.keys.emplace_back(key);
    for (const EventData& event : span.events) {
      ended.events.push_back({event.time_unix_ns, std::string(event.name),
                              TextsOf(event.attributes), event.dropped_attributes});
    }
    for (const LinkData& link : span.links) {
      ended.links.emplace_back(*link.target, TextsOf(link.attributes));
      ended.dropped_link_attributes += link.dropped_attributes;
    }
    spans_->Add(std::move(ended));
  }
  bool ForceFlush(std::chrono::milliseconds) noexcept override { return true; }
  bool Shutdown(std::chrono::milliseconds) noexcept override { return true; }

 private:
  std::shared_ptr<EndedSpans> spans_;  // shared with the test
};

class StoppedClock final : public Clock {
 public:
  int64_t UnixNanos() const override { return unix_ns.load(); }
  int64_t SteadyNanos() const override { return steady_ns.load(); }
  void Advance(int64_t ns) {
    unix_ns += ns;
    steady_ns += ns;
  }
  std::atomic<int64_t> unix_ns{1'700'000'000'000'000'000};
  std::atomic<int64_t> steady_ns{5'000};
};

}  // namespace skep::sdk
