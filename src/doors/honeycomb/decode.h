// SPDX-License-Identifier: Apache-2.0
// RequestBody: the body of one request to the write paths, as one record for each event. In two
// steps, because it is read before a dataset is made for it: Parse says whether it can be read at
// all, Decode makes the records. What is wrong with one event of a batch is said in its place and
// the others are taken. DecodeRequest does both, for the journal. Pure: the same body and context
// give the same batch. One thread, one request.
#pragma once

#include <string_view>
#include <variant>
#include <vector>

#include "base/bytes.h"
#include "base/limits.h"
#include "base/result.h"
#include "doors/honeycomb/event_context.h"
#include "doors/honeycomb/event_source.h"
#include "ingest/sink.h"
#include "model/record_batch.h"

namespace skep::honeycomb {

// A body at most, three times what Honeycomb takes: its parsed form is many times as large.
inline constexpr size_t kBodyBytesMax = 16u << 20;
// One event at most, four times what Honeycomb takes.
inline constexpr size_t kEventBytesMax = 4u << 20;
// An event of later than that is taken for one of now.
inline constexpr int64_t kAheadNsMax = 3'600'000'000'000;

struct DecodedRequest {
  RecordBatch batch;
  // For each event in order why it was not taken; nullptr: it was.
  std::vector<const char*> problems;
  // No client sends these very bytes as something new: an event of them has a span id, or a time
  // finer than a millisecond. Else two requests that are alike are two.
  bool unmistakable = false;
};

class RequestBody {
 public:
  // kInvalidArgument, in Honeycomb's words.
  Status Parse(WireFormat format, Bytes body, const Limits& limits);
  // Once, after Parse.
  DecodedRequest Decode(const EventContext& context, int64_t receive_time_ns);

 private:
  WireFormat format_ = WireFormat::kHoneycombBatchJson;
  Limits limits_;
  RecordBatch batch_;
  std::variant<JsonSource, MsgpackSource> source_;
};

// context.context is FormatContext's.
Result<RecordBatch> DecodeRequest(WireFormat format, Bytes body, const DecodeContext& context,
                                  const Limits& limits);

}  // namespace skep::honeycomb
