// SPDX-License-Identifier: Apache-2.0
// What the joiner keeps of a record that could belong together with one of another door: requests
// (OTLP server spans, X-Ray segments), log lines and error occurrences. Small copies, because
// batches are gone once they are committed. Values.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "model/ids.h"
#include "model/record.h"

namespace skep::join {

// One request as one door saw it.
struct RequestCandidate {
  Door door = Door::kOtlp;
  TraceId trace_id;
  SpanId span_id;
  int64_t start_ns = 0;
  int64_t end_ns = 0;
  std::string service;
  std::string method;  // upper case
  std::string path;    // without the query
  int64_t status = 0;  // HTTP status; 0 unknown
  std::string client;  // numeric address; empty unknown
  std::string host;    // of the process, where said
  int64_t pid = 0;
  uint64_t process = 0;    // hash of what names the process: service, instance, host, pid
  uint64_t exception = 0;  // hash of type and message; 0 none
  int64_t exception_ns = 0;
};

struct LineCandidate {
  Door door = Door::kCloudWatch;
  TraceId trace_id;  // empty: to be joined; else a line that another may be the twin of
  SpanId span_id;    // the span it was written in
  int64_t time_ns = 0;
  uint64_t event_id = 0;
  uint64_t text = 0;     // hash of the line
  uint64_t process = 0;  // as in RequestCandidate; for CloudWatch of group and stream
};

struct ErrorCandidate {
  int64_t time_ns = 0;     // as the client says, often whole seconds
  int64_t receive_ns = 0;  // clients send at once, so this is the better clock
  uint64_t event_id = 0;
  std::string method;
  std::string path;
  std::string client;
  std::string host;
  int64_t pid = 0;
  uint64_t exception = 0;
};

struct Candidates {
  std::string project;
  int64_t receive_ns = 0;
  std::vector<RequestCandidate> requests;
  std::vector<LineCandidate> lines;
  std::vector<ErrorCandidate> errors;

  bool empty() const { return requests.empty() && lines.empty() && errors.empty(); }
};

enum class JoinKind { kSameRecord, kEvidence };

// Two records belong together: `trace_id` is the trace that the other one is shown in.
struct Join {
  JoinKind kind = JoinKind::kEvidence;
  Door door = Door::kXRay;  // of the record that joins
  TraceId trace_id;
  SpanId span_id;          // under which it hangs; may be empty
  int64_t root_ns = 0;     // start of the request
  TraceId other_trace_id;  // of the record that joins, if it has one
  SpanId other_span_id;
  uint64_t event_id = 0;  // of the line or occurrence that joins
  int64_t event_ns = 0;
  std::string evidence;  // a sentence for people
};

}  // namespace skep::join
