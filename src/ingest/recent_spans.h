// SPDX-License-Identifier: Apache-2.0
// RecentSpans: which spans, events and links were stored lately, so that a span that comes again (a
// batch cut anew after a lost answer, a second exporter, another door) counts once: Mark turns its
// record into a `repeat`, and those events and links behind it that came before, too. Knows at
// least the kKnownMin newest, and after a start those that the store has (store/newest_spans.h). Up
// to 32 MB. Owned by the sink; used by recovery, then by the filler's thread alone.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include "model/record_batch.h"

namespace skep {

// What makes two records the same span: ids and dataset, and of a pair that shares one id (Zipkin's
// clients and servers do) the side.
struct SpanIdentity {
  TraceId trace_id;
  SpanId span_id;
  SpanKind kind = SpanKind::kNone;
};

// An event or a link of a span.
struct SpanPart {
  Signal signal = Signal::kSpanEvent;
  uint32_t place = 0;  // behind its span, from 0
  int64_t time_ns = 0;
  std::string_view name;
};

class RecentSpans {
 public:
  static constexpr size_t kKnownMin = 1u << 19;

  // To be called in order of sequence.
  void Mark(std::string_view project, RecordBatch* batch);
  // What the store has: a span, or a part of it.
  void Remember(std::string_view project, std::string_view dataset, const SpanIdentity& span);
  void Remember(std::string_view project, std::string_view dataset, const SpanIdentity& span,
                const SpanPart& part);
  size_t size() const { return younger_.size() + older_.size(); }

 private:
  // A hash of the identity whose two lowest bits say which sides were seen; those of a free place
  // are zero.
  struct Key {
    uint64_t high = 0;
    uint64_t low = 0;
  };
  // Open addressing, at most half full.
  class Table {
   public:
    void Prefetch(const Key& key) const;
    uint64_t SidesOf(const Key& key) const;
    // Adds the key's sides to those seen.
    void Add(const Key& key);
    size_t size() const { return size_; }

   private:
    size_t PlaceOf(const Key& key) const;
    void Grow();

    std::vector<Key> places_;
    size_t size_ = 0;
  };

  static Key KeyOf(uint64_t scope, const SpanIdentity& span);
  static Key KeyOf(uint64_t scope, const SpanIdentity& span, const SpanPart& part);
  void FindKeys(std::string_view project, const RecordBatch& batch);
  bool Add(const Key& key);

  Table younger_;
  Table older_;            // younger_ as it was when it was full
  std::vector<Key> keys_;  // of the batch at hand; without sides: neither span nor part
};

}  // namespace skep
