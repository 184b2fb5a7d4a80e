// SPDX-License-Identifier: Apache-2.0
#include "ingest/recent_spans.h"

#include <xxhash.h>

#include <cstring>
#include <utility>

namespace skep {
namespace {

constexpr uint64_t kSides = 3;
constexpr size_t kPlacesMin = 1024;

// A span without a side may be either: it is the same as one of any.
uint64_t SideOf(SpanKind kind) {
  switch (kind) {
    case SpanKind::kClient:
    case SpanKind::kProducer:
      return 1;
    case SpanKind::kServer:
    case SpanKind::kConsumer:
      return 2;
    case SpanKind::kNone:
    case SpanKind::kInternal:
      break;
  }
  return kSides;
}

uint64_t ScopeOf(std::string_view project, std::string_view dataset) {
  return XXH3_64bits_withSeed(dataset.data(), dataset.size(),
                              XXH3_64bits(project.data(), project.size()));
}

// Whether an event or a link is of the span before it.
bool IsPartOf(const Record& record, const Record& span) {
  return (record.signal == Signal::kSpanEvent || record.signal == Signal::kSpanLink) &&
         record.trace_id == span.trace_id && record.parent_id == span.span_id;
}

}  // namespace

RecentSpans::Key RecentSpans::KeyOf(uint64_t scope, const SpanIdentity& span) {
  uint8_t ids[sizeof span.trace_id.bytes + sizeof span.span_id.bytes];
  std::memcpy(ids, span.trace_id.bytes.data(), sizeof span.trace_id.bytes);
  std::memcpy(ids + sizeof span.trace_id.bytes, span.span_id.bytes.data(),
              sizeof span.span_id.bytes);
  const XXH128_hash_t hash = XXH3_128bits_withSeed(ids, sizeof ids, scope);
  return {hash.high64, (hash.low64 & ~kSides) | SideOf(span.kind)};
}

RecentSpans::Key RecentSpans::KeyOf(uint64_t scope, const SpanIdentity& span,
                                    const SpanPart& part) {
  const uint64_t parts[] = {static_cast<uint64_t>(part.signal), part.place,
                            static_cast<uint64_t>(part.time_ns)};
  const uint64_t named = XXH3_64bits_withSeed(part.name.data(), part.name.size(), scope);
  const uint64_t of_part = XXH3_64bits_withSeed(parts, sizeof parts, named);
  return KeyOf(of_part, {span.trace_id, span.span_id, SpanKind::kNone});
}

size_t RecentSpans::Table::PlaceOf(const Key& key) const {
  const size_t mask = places_.size() - 1;
  size_t at = static_cast<size_t>(key.high) & mask;
  for (;; at = (at + 1) & mask) {
    const Key& place = places_[at];
    if ((place.low & kSides) == 0) return at;
    if (place.high == key.high && ((place.low ^ key.low) & ~kSides) == 0) return at;
  }
}

void RecentSpans::Table::Prefetch(const Key& key) const {
  if (!places_.empty())
    __builtin_prefetch(&places_[static_cast<size_t>(key.high) & (places_.size() - 1)]);
}

uint64_t RecentSpans::Table::SidesOf(const Key& key) const {
  return places_.empty() ? 0 : places_[PlaceOf(key)].low & kSides;
}

void RecentSpans::Table::Add(const Key& key) {
  if (places_.size() < 2 * (size_ + 1)) Grow();
  Key& place = places_[PlaceOf(key)];
  if ((place.low & kSides) == 0) {
    place = key;
    ++size_;
  } else {
    place.low |= key.low & kSides;
  }
}

void RecentSpans::Table::Grow() {
  std::vector<Key> old(places_.empty() ? kPlacesMin : 2 * places_.size());
  old.swap(places_);
  for (const Key& key : old)
    if ((key.low & kSides) != 0) places_[PlaceOf(key)] = key;
}

// Whether it was there.
bool RecentSpans::Add(const Key& key) {
  const uint64_t seen = younger_.SidesOf(key) | older_.SidesOf(key);
  if ((seen & key.low & kSides) != 0) return true;
  if (younger_.size() >= kKnownMin) older_ = std::exchange(younger_, {});
  younger_.Add(key);
  return false;
}

void RecentSpans::Remember(std::string_view project, std::string_view dataset,
                           const SpanIdentity& span) {
  Add(KeyOf(ScopeOf(project, dataset), span));
}

void RecentSpans::Remember(std::string_view project, std::string_view dataset,
                           const SpanIdentity& span, const SpanPart& part) {
  Add(KeyOf(ScopeOf(project, dataset), span, part));
}

void RecentSpans::FindKeys(std::string_view project, const RecordBatch& batch) {
  keys_.clear();
  std::string_view dataset;
  uint64_t scope = ScopeOf(project, dataset);
  const Record* span = nullptr;  // whose events and links follow
  uint32_t place = 0;
  for (const Record& record : batch.records()) {
    Key& key = keys_.emplace_back();
    if (record.signal == Signal::kSpan) {
      const bool has_ids = !record.trace_id.empty() && !record.span_id.empty();
      span = has_ids ? &record : nullptr;
      place = 0;
    }
    if (span == nullptr || (span != &record && !IsPartOf(record, *span))) continue;
    if (span->dataset != dataset) {
      dataset = span->dataset;
      scope = ScopeOf(project, dataset);
    }
    const SpanIdentity identity{span->trace_id, span->span_id, span->kind};
    key = span == &record
              ? KeyOf(scope, identity)
              : KeyOf(scope, identity, {record.signal, place++, record.time_ns, record.name});
    younger_.Prefetch(key);
    older_.Prefetch(key);
  }
}

void RecentSpans::Mark(std::string_view project, RecordBatch* batch) {
  FindKeys(project, *batch);
  bool again = false;  // the span that the records at hand belong to
  for (size_t i = 0; i < keys_.size(); ++i) {
    if ((keys_[i].low & kSides) == 0) continue;
    Record& record = batch->mutable_records()[i];
    const bool known = Add(keys_[i]);
    if (record.signal == Signal::kSpan) again = known;
    // The copy that came before need not have had its events.
    if (again && known) record.signal = Signal::kRepeat;
  }
}

}  // namespace skep
