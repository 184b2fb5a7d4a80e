// SPDX-License-Identifier: Apache-2.0
// RecordingSpan: a span with everything it was given, in memory that is used again by the next span
// of its thread (span_pool.h). A spin lock of its own guards what changes; it is held for the
// copying of one attribute or event, and hardly ever wanted by two threads. Once it has ended
// nothing changes any more, so processors read it without the lock.
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <string_view>
#include <vector>

#include "core/arena.h"
#include "core/fork.h"
#include "core/span_state.h"
#include "core/spin_lock.h"
#include "skep/sdk/span_data.h"
#include "skep/sdk/tracer.h"

namespace skep::sdk {

class SpanPool;
class ProviderCore;

class RecordingSpan final : public SpanState {
 public:
  explicit RecordingSpan(SpanPool& home) : SpanState(ForRecording{}), home_(&home) {}

  struct Start {
    const InstrumentationScope* scope;
    std::string_view name;
    SpanKind kind;
    SpanContext&& context;
    SpanId parent_id;
    bool parent_remote;
    int64_t start_unix_ns;
    int64_t unix_minus_steady_ns;  // turns SteadyNanos into the trace's Unix time
  };
  // Makes it a new span with one reference. Called by the thread that took it from the pool.
  void Begin(Start&& start);

  void SetAttribute(std::string_view key, const AttributeValue& value);
  void AddEvent(std::string_view name, Attributes attributes, int64_t time_unix_ns);
  void AddLink(const SpanContext& target, Attributes attributes);
  void SetStatus(StatusCode code, std::string_view description);
  void UpdateName(std::string_view name);
  void End(int64_t end_unix_ns);

  // Recording: begun, not ended, and of this process.
  bool IsRecording() const {
    return recording_now_.load(std::memory_order_acquire) && generation_ == ForkGeneration();
  }
  SpanPool& home() const { return *home_; }
  int64_t unix_minus_steady_ns() const { return unix_minus_steady_ns_; }

 private:
  friend class SpanPool;

  // Runs `change` under the lock if the span records. Without memory the change is lost, and
  // counted.
  template <typename Change>
  void Mutate(uint32_t& dropped, Change change);
  // An event or a link, if there is room for one more: add(own attributes, how many were dropped).
  template <typename Parts, typename Add>
  void AddPart(Parts& parts, size_t parts_max, uint32_t& dropped_parts, Attributes attributes,
               Add add);
  // Overwrites, in the old text's place if the new one fits.
  void ReplaceText(std::string_view& slot, std::string_view text);
  void ReplaceValue(AttributeValue& slot, const AttributeValue& value);
  // Moves what is still of use to a new arena once overwritten values have filled much of this one.
  void CompactIfWasteful();
  void Compact();
  SpanData View() const;
  // Empties it for the next span.
  void Clear();

  SpanPool* const home_;
  RecordingSpan* next_free_ = nullptr;
  std::atomic<bool> recording_now_{false};
  mutable SpinLock lock_;  // guards everything below but what Begin sets for good
  StatusCode status_ = StatusCode::kUnset;
  SpanKind kind_ = SpanKind::kInternal;
  bool parent_remote_ = false;
  uint32_t generation_ = 0;
  SpanId parent_id_;
  const InstrumentationScope* scope_ = nullptr;
  int64_t start_unix_ns_ = 0;
  int64_t end_unix_ns_ = 0;
  int64_t unix_minus_steady_ns_ = 0;
  uint32_t dropped_attributes_ = 0;
  uint32_t dropped_events_ = 0;
  uint32_t dropped_links_ = 0;
  size_t wasted_bytes_ = 0;
  std::string_view name_;
  std::string_view status_description_;
  std::vector<Attribute> attributes_;
  std::vector<EventData> events_;
  std::vector<LinkData> links_;
  std::vector<std::unique_ptr<SpanContext>> link_targets_;
  std::unique_ptr<Arena> compacted_;  // in place of arena_ once overwriting filled that
  Arena arena_;

  Arena& arena() { return compacted_ == nullptr ? arena_ : *compacted_; }
};

inline RecordingSpan* SpanState::Recorder() {
  return recording_ ? static_cast<RecordingSpan*>(this) : nullptr;
}

}  // namespace skep::sdk
