// SPDX-License-Identifier: Apache-2.0
// SegmentDecoder: one segment document to records of a batch: the segment or subsegment, its
// embedded subsegments and its links. A document is taken whole or refused whole, with the code
// that X-Ray gives for it; its neighbours in the batch stay as they are. Holds what is reused from
// document to document. One thread, one batch.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include "base/limits.h"
#include "doors/xray/attribute_writer.h"
#include "doors/xray/cause.h"
#include "model/record_batch.h"
#include "wire/json_tape.h"

namespace skep::xray {

enum class Entity { kEntity, kSegment, kSubsegment };

// Why a document was refused, in the words of UnprocessedTraceSegments.
struct Refusal {
  const char* code = nullptr;  // a literal such as "InvalidTraceId"
  Entity entity = Entity::kEntity;
  std::string_view id;  // as the document says it; empty where it cannot be read
  std::string_view document;
};

class SegmentDecoder {
 public:
  SegmentDecoder(RecordBatch* batch, const Limits& limits);

  // `document` must live as long as the batch; it may be a list of documents. What is refused is
  // counted in the batch and, unless `refusals` is null, appended to it.
  void Decode(std::string_view document, std::vector<Refusal>* refusals);

 private:
  // Tokens of the members that make a record; 0 where absent: the root is no member.
  struct Members {
    size_t id = 0, name = 0, trace_id = 0, parent_id = 0, start_time = 0, end_time = 0;
    size_t in_progress = 0, type = 0, space = 0, subsegments = 0, links = 0, cause = 0;
    size_t http = 0, sql = 0, service = 0, aws = 0, annotations = 0, metadata = 0;
    size_t fault = 0, error = 0, throttle = 0;
  };
  // An embedded subsegment still to be decoded.
  struct Open {
    size_t token;
    SpanId parent;
  };

  void DecodeTop(size_t token, std::vector<Refusal>* refusals);
  const char* DecodeTree(size_t token);
  const char* DecodeRoot(size_t token, const Members& members);
  const char* DecodeEmbedded(const Open& open);
  const char* AddRecord(size_t token, const Members& members, SpanId parent);
  const char* ReadIdentity(const Members& members, SpanId* id, std::string_view* name);
  const char* ReadTimes(const Members& members, Record* record, bool* backwards);
  const char* PushSubsegments(size_t list, SpanId parent);
  void AddAttributes(size_t token, const Members& members);
  const char* AddLinks(size_t list, size_t owner);
  Members Find(size_t token);
  bool IsTrue(size_t token) const;
  std::string_view Text(size_t token) { return token == 0 ? "" : attributes_.Text(token); }

  RecordBatch* const batch_;
  const Limits& limits_;
  JsonTape tape_;
  AttributeWriter attributes_;
  CauseWriter causes_;

  // Of the document at hand.
  size_t top_ = 0;
  Entity entity_ = Entity::kSegment;  // of the record at hand
  TraceId trace_id_;
  std::string_view dataset_;
  SharedSet shared_;
  std::vector<Open> open_;
};

}  // namespace skep::xray
