// SPDX-License-Identifier: Apache-2.0
// RequestHistogram: how many requests there were over a time range, how many failed, and how long
// the slowest twentieth took. Counts are weighted by sample rate. Requests are those that the list
// shows; the filter holds for the entry alone. Thread-safe, as the Reader is.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "query/reader.h"
#include "query/requests_plan.h"

namespace skep {

struct RouteDuration {
  std::string method;
  std::string route;
  uint64_t p95_ns = 0;
};

struct RequestHistogram {
  TimeRange range;
  int64_t bucket_ns = 0;
  std::vector<double> counts;
  std::vector<double> errors;
  double total = 0;
  double total_errors = 0;
  uint64_t p95_ns = 0;
  std::vector<RouteDuration> routes;  // the most frequent ones of the newest requests
};

// `buckets` at least 1; the range must not be empty.
Result<Statement> PlanHistogram(const RequestsQuestion& question, int64_t bucket_ns,
                                size_t* error_position);
Result<Statement> PlanRouteDurations(const RequestsQuestion& question, size_t* error_position);

Result<RequestHistogram> CountRequests(Reader& reader, const RequestsQuestion& question,
                                       size_t buckets, const CancelToken& cancel,
                                       size_t* error_position);

}  // namespace skep
