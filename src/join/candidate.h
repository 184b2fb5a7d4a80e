// SPDX-License-Identifier: Apache-2.0
// What the joiner keeps of a record that could belong together with one of another door: requests
// (OTLP server spans, X-Ray segments), log lines and error occurrences. Small copies, because
// batches are gone once they are committed. Nothing here is app data but the text of a line, which
// is compared with the same line only. Values.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "model/ids.h"
#include "model/record.h"

namespace skep::join {

// One request as one door saw it. Empty and zero fields were not said.
struct RequestCandidate {
  Door door = Door::kOtlp;
  TraceId trace_id;
  SpanId span_id;
  int64_t start_ns = 0;
  int64_t end_ns = 0;
  int64_t receive_ns = 0;
  std::string service;
  std::string method;     // upper case
  std::string path;       // decoded, without the query
  std::string query;      // as sent
  std::string authority;  // HOST:PORT of the URL, lower case
  int64_t status = 0;     // of HTTP
  std::string client;     // numeric address, as a proxy forwarded it where it did
  std::string peer;       // numeric address of the connection, where said besides
  std::string host;       // of the process
  int64_t pid = 0;
  uint64_t process = 0;    // hash of what names the process: service, instance, host, pid
  uint64_t exception = 0;  // hash of type and message
  int64_t exception_ns = 0;
};

struct LineCandidate {
  Door door = Door::kCloudWatch;
  TraceId trace_id;  // empty: to be joined, or an OTLP line that was written outside any span
  SpanId span_id;    // the span it was written in
  int64_t time_ns = 0;
  int64_t receive_ns = 0;
  uint64_t event_id = 0;
  std::string text;      // its first kTextMax bytes
  std::string message;   // of a line that is JSON: its message field
  uint64_t process = 0;  // as in RequestCandidate; for CloudWatch of group and stream

  static constexpr size_t kTextMax = 2048;
};

struct ErrorCandidate {
  int64_t time_ns = 0;     // as the client says, often whole seconds
  int64_t receive_ns = 0;  // clients send at once, so this is the better clock
  uint64_t event_id = 0;
  std::string method;
  std::string path;
  std::string query;
  std::string authority;
  std::string client;
  std::string host;
  int64_t pid = 0;
  uint64_t exception = 0;
};

// Of one batch, or of some minutes read back from the store.
struct Candidates {
  std::vector<RequestCandidate> requests;
  std::vector<LineCandidate> lines;
  std::vector<ErrorCandidate> errors;
  // OTLP processes whose spans came, and when: what they had finished before that is here.
  std::vector<std::pair<uint64_t, int64_t>> heard;

  bool empty() const {
    return requests.empty() && lines.empty() && errors.empty() && heard.empty();
  }
  size_t size() const { return requests.size() + lines.size() + errors.size(); }
};

enum class JoinKind : uint8_t { kSameRecord = 1, kEvidence = 2 };

// Two records belong together: the other one is shown in the trace `trace_id`, the host.
struct Join {
  JoinKind kind = JoinKind::kEvidence;
  Door door = Door::kXRay;  // of the record that joins
  TraceId trace_id;
  SpanId span_id;          // under which it hangs; may be empty
  int64_t root_ns = 0;     // start of the host's request
  TraceId guest_trace_id;  // of the record that joins, if it has one
  SpanId guest_span_id;
  uint64_t event_id = 0;  // of the line or occurrence that joins
  int64_t event_ns = 0;
  std::string evidence;  // a sentence for people

  bool operator==(const Join&) const = default;
};

}  // namespace skep::join
