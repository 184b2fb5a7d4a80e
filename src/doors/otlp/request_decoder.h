// SPDX-License-Identifier: Apache-2.0
// RequestDecoder: walks an Export*ServiceRequest, whose outer three layers (resource, scope, items)
// are alike for traces, logs and metrics, and gives each item to the signal's own decoder. Makes
// the shared attribute sets and settles what happens to an item with a problem: refused alone, or
// the whole request with it. One thread, one request.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string_view>

#include "base/bytes.h"
#include "base/limits.h"
#include "base/result.h"
#include "doors/otlp/attributes.h"
#include "ingest/sink.h"
#include "model/record_batch.h"

namespace skep::otlp {

// What the records of one scope have in common.
struct ScopeContext {
  SharedSet shared;
  std::string_view dataset;
  std::optional<double> sample_rate;
};

class RequestDecoder {
 public:
  RequestDecoder(Bytes body, int64_t receive_time_ns, const Limits& limits);
  virtual ~RequestDecoder() = default;

  // `message` is the request in protobuf: the body, or text in the batch's arena. Called once.
  Result<RecordBatch> Decode(std::string_view message);
  RecordBatch& batch() { return batch_; }
  const RecordBatch& batch() const { return batch_; }

 protected:
  // Adds the records of one span, log record or metric. False: attributes().problem() says why not.
  virtual bool DecodeItem(std::string_view item, const ScopeContext& scope) = 0;

  // Begins a record with what every record of the scope has; nullptr when there are too many (see
  // problem()).
  Record* BeginRecord(const ScopeContext& scope);
  // Takes back all records beyond the first `keep`, and counts one item as refused.
  void Reject(size_t keep);
  // A time on the wire; what no clock can have said (none, or beyond 2262) becomes `otherwise`.
  static int64_t TimeOr(uint64_t time_ns, int64_t otherwise) {
    return time_ns == 0 || time_ns > INT64_MAX ? otherwise : static_cast<int64_t>(time_ns);
  }

  AttributeDecoder& attributes() { return attributes_; }
  int64_t receive_time_ns() const { return receive_time_ns_; }
  const Limits& limits() const { return limits_; }
  bool Malformed();

 private:
  bool DecodeResource(std::string_view message);
  bool DecodeScope(std::string_view message, SharedSet resource, ScopeContext context);
  bool DecodeScopeItems(std::string_view message, const ScopeContext& context);

  const Limits limits_;
  const int64_t receive_time_ns_;
  RecordBatch batch_;
  AttributeDecoder attributes_;
};

// One for each kind of request.
std::unique_ptr<RequestDecoder> MakeTraceDecoder(Bytes body, int64_t receive_time_ns,
                                                 const Limits& limits);
std::unique_ptr<RequestDecoder> MakeLogDecoder(Bytes body, int64_t receive_time_ns,
                                               const Limits& limits);
std::unique_ptr<RequestDecoder> MakeMetricDecoder(Bytes body, int64_t receive_time_ns,
                                                  const Limits& limits);

}  // namespace skep::otlp
