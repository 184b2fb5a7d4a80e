// SPDX-License-Identifier: Apache-2.0
// Run: sends a load over several connections, one thread and one request in flight on each, and
// measures the answers.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace skep::load {

enum class Protocol {
  kOtlpHttp,
  kOtlpGrpc,
  kXray,
  kXrayUdp,
  kCloudWatch,
  kRollbar,
  kHoneycomb,
  kHoneycombMsgpack
};
enum class Records { kSpans, kLines };  // over OTLP; the other doors take one sort

struct RunOptions {
  Protocol protocol = Protocol::kOtlpHttp;
  Records records = Records::kSpans;
  std::string host = "127.0.0.1";
  uint16_t port = 0;  // 0: the protocol's own
  size_t count = 1'000'000;
  size_t per_request = 512;
  size_t connections = 4;
  size_t per_second = 0;  // records, all connections together; 0: as fast as they are answered
  uint64_t seed = 1;
  size_t tries_max = 60;  // of one request
};

struct RunResult {
  size_t records = 0;   // accepted
  size_t requests = 0;  // accepted
  size_t bytes = 0;     // of accepted bodies
  size_t retries = 0;
  size_t failed = 0;       // requests given up
  int64_t started_ns = 0;  // since 1970: first request, last answer
  int64_t ended_ns = 0;
  std::map<std::string, size_t> statuses;
  std::vector<double> latencies_ms;  // of accepted answers, sorted

  double LatencyMs(double quantile) const;
};

RunResult Run(const RunOptions& options);

}  // namespace skep::load
