// SPDX-License-Identifier: Apache-2.0
#include "core/recording_span.h"

#include <algorithm>
#include <cstring>
#include <mutex>
#include <utility>

#include "core/attribute_copy.h"
#include "core/json_text.h"
#include "core/span_pool.h"

namespace skep::sdk {
namespace {

constexpr size_t kWasteMax = 64 * 1024;
constexpr size_t kKeptCapacity = 64;  // of a span's vectors, for its next use

template <typename T>
void Empty(std::vector<T>& values) {
  values.clear();
  if (values.capacity() > kKeptCapacity) values.shrink_to_fit();
}

}  // namespace

void RecordingSpan::Begin(Start&& start) {
  refs_.store(1, std::memory_order_relaxed);
  generation_ = ForkGeneration();
  scope_ = start.scope;
  kind_ = start.kind;
  context_ = std::move(start.context);
  parent_id_ = start.parent_id;
  parent_remote_ = start.parent_remote;
  start_unix_ns_ = start.start_unix_ns;
  unix_minus_steady_ns_ = start.unix_minus_steady_ns;
  name_ = arena_.Copy(FrontOf(start.name, kNameBytesMax));
  recording_now_.store(true, std::memory_order_release);
}

template <typename Change>
void RecordingSpan::Mutate(uint32_t& dropped, Change change) {
  if (!IsRecording()) return;
  const std::lock_guard lock(lock_);
  if (!recording_now_.load(std::memory_order_relaxed)) return;
  try {
    change();
  } catch (...) {
    ++dropped;
  }
}

void RecordingSpan::SetAttribute(std::string_view key, const AttributeValue& value) {
  Mutate(dropped_attributes_, [&] {
    for (auto& [known, slot] : attributes_) {
      if (known == key) return ReplaceValue(slot, value);
    }
    const SpanLimits& limits = home_->core().limits();
    if (attributes_.size() >= limits.attributes_max || key.empty() || key.size() > kKeyBytesMax) {
      ++dropped_attributes_;
      return;
    }
    Arena& own = arena();
    const std::string_view own_key = own.Copy(key);
    if (IsScalar(value)) {
      attributes_.emplace_back(own_key, value);
    } else {
      attributes_.emplace_back(own_key, CopyValue(own, value, limits.value_bytes_max));
    }
  });
}

template <typename Parts, typename Add>
void RecordingSpan::AddPart(Parts& parts, size_t parts_max, uint32_t& dropped_parts,
                            Attributes attributes, Add add) {
  Mutate(dropped_parts, [&] {
    if (parts.size() >= parts_max) {
      ++dropped_parts;
      return;
    }
    const SpanLimits& limits = home_->core().limits();
    uint32_t dropped = 0;
    const auto copied = CopyAttributes(arena(), attributes, limits.attributes_per_event_max,
                                       limits.value_bytes_max, dropped);
    add(copied, dropped);
  });
}

void RecordingSpan::AddEvent(std::string_view name, Attributes attributes, int64_t time_unix_ns) {
  if (!IsRecording()) return;
  if (time_unix_ns == 0) {
    // The provider's clock may be gone with it.
    home_->BeginEnding();
    if (!home_->core().closed()) {
      time_unix_ns = home_->core().clock().SteadyNanos() + unix_minus_steady_ns_;
    }
    home_->FinishEnding();
  }
  AddPart(events_, home_->core().limits().events_max, dropped_events_, attributes,
          [&](Attributes copied, uint32_t dropped) {
            const std::string_view own_name = arena().Copy(FrontOf(name, kNameBytesMax));
            events_.push_back({time_unix_ns, own_name, copied, dropped});
          });
}

void RecordingSpan::AddLink(const SpanContext& target, Attributes attributes) {
  AddPart(links_, home_->core().limits().links_max, dropped_links_, attributes,
          [&](Attributes copied, uint32_t dropped) {
            link_targets_.push_back(std::make_unique<SpanContext>(target));
            links_.push_back({link_targets_.back().get(), copied, dropped});
          });
}

void RecordingSpan::SetStatus(StatusCode code, std::string_view description) {
  Mutate(dropped_attributes_, [&] {
    if (status_ == StatusCode::kOk || code == StatusCode::kUnset) return;
    status_ = code;
    ReplaceText(status_description_, code == StatusCode::kError ? description : "");
  });
}

void RecordingSpan::UpdateName(std::string_view name) {
  Mutate(dropped_attributes_, [&] { ReplaceText(name_, name); });
}

void RecordingSpan::ReplaceText(std::string_view& slot, std::string_view text) {
  text = FrontOf(text, kNameBytesMax);
  if (text.size() <= slot.size()) {
    // The arena's own bytes, which are not const.
    char* place = const_cast<char*>(slot.data());
    if (!text.empty()) std::memmove(place, text.data(), text.size());
    slot = {place, text.size()};
    return;
  }
  wasted_bytes_ += slot.size();
  slot = arena().Copy(text);
  CompactIfWasteful();
}

void RecordingSpan::ReplaceValue(AttributeValue& slot, const AttributeValue& value) {
  const size_t before = BytesOf(slot);
  slot = CopyValue(arena(), value, home_->core().limits().value_bytes_max);
  wasted_bytes_ += before;
  CompactIfWasteful();
}

void RecordingSpan::CompactIfWasteful() {
  if (wasted_bytes_ > std::max(kWasteMax, arena().HeapBytes() / 2)) Compact();
}

void RecordingSpan::Compact() {
  auto fresh = std::make_unique<Arena>();
  const size_t all = SIZE_MAX;  // limits were applied when it came
  uint32_t none = 0;
  std::vector<Attribute> attributes;
  attributes.reserve(attributes_.size());
  for (const auto& [key, value] : attributes_) {
    attributes.emplace_back(fresh->Copy(key), CopyValue(*fresh, value, all));
  }
  std::vector<EventData> events = events_;
  for (EventData& event : events) {
    event.name = fresh->Copy(event.name);
    event.attributes = CopyAttributes(*fresh, event.attributes, all, all, none);
  }
  std::vector<LinkData> links = links_;
  for (LinkData& link : links) {
    link.attributes = CopyAttributes(*fresh, link.attributes, all, all, none);
  }
  const std::string_view name = fresh->Copy(name_);
  const std::string_view description = fresh->Copy(status_description_);
  attributes_.swap(attributes);
  events_.swap(events);
  links_.swap(links);
  name_ = name;
  status_description_ = description;
  compacted_ = std::move(fresh);
  arena_.Reset();
  wasted_bytes_ = 0;
}

void RecordingSpan::End(int64_t end_unix_ns) {
  if (!IsRecording()) return;
  home_->BeginEnding();
  ProviderCore& core = home_->core();
  const bool closed = core.closed();
  if (!closed && end_unix_ns == 0) {
    end_unix_ns = core.clock().SteadyNanos() + unix_minus_steady_ns_;
  }
  lock_.lock();
  const bool first = recording_now_.load(std::memory_order_relaxed);
  recording_now_.store(false, std::memory_order_release);
  if (first) end_unix_ns_ = std::max(end_unix_ns, start_unix_ns_);
  lock_.unlock();
  if (first && !closed && !core.processors().empty()) {
    const SpanData view = View();
    for (const auto& processor : core.processors()) processor->OnEnd(view);
  }
  home_->FinishEnding();
}

SpanData RecordingSpan::View() const {
  SpanData view;
  view.name = name_;
  view.kind = kind_;
  view.context = &context_;
  view.parent_id = parent_id_;
  view.parent_remote = parent_remote_;
  view.start_unix_ns = start_unix_ns_;
  view.end_unix_ns = end_unix_ns_;
  view.status = status_;
  view.status_description = status_description_;
  view.attributes = attributes_;
  view.events = events_;
  view.links = links_;
  view.dropped_attributes = dropped_attributes_;
  view.dropped_events = dropped_events_;
  view.dropped_links = dropped_links_;
  view.scope = scope_;
  view.resource = &home_->core().resource();
  return view;
}

void RecordingSpan::Clear() {
  recording_now_.store(false, std::memory_order_relaxed);
  context_.trace_state.clear();
  status_ = StatusCode::kUnset;
  dropped_attributes_ = dropped_events_ = dropped_links_ = 0;
  name_ = status_description_ = {};
  wasted_bytes_ = 0;
  Empty(attributes_);
  if (!events_.empty()) Empty(events_);
  if (!links_.empty()) {
    Empty(links_);
    Empty(link_targets_);
  }
  compacted_.reset();
  arena_.Reset();
}

}  // namespace skep::sdk
