// SPDX-License-Identifier: Apache-2.0
// LogExporter: sends log records to CloudWatch Logs, or to what speaks its protocol, as one stream
// of one group. Source: the API reference of CloudWatch Logs (2014-03-28) and Signature Version 4.
//
//   LoggerProvider provider(Resource::FromEnvironment());
//   provider.AddProcessor(std::make_unique<cloudwatch::LogExporter>(
//       cloudwatch::LogExporterOptions::FromEnvironment()));
//
// OnEmit formats the line and puts it into a buffer, under a lock that threads share an eighth of
// the time; a thread of its own sends. Group and stream are created when the receiver says that
// they do not exist. Batches keep AWS's limits: 10,000 events, 1 MiB with 26 bytes for each event,
// 24 hours, in the order of time. Network errors, throttling and 5xx are retried with back-off;
// refused credentials once a minute, with a diagnostic that says why; what AWS will never take is
// counted as rejected. All tries of a batch have one amz-sdk-invocation-id, by which Skep stores it
// once. Thread-safe.
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "skep/sdk/clock.h"
#include "skep/sdk/diagnostics.h"
#include "skep/sdk/logger.h"
#include "skep/sdk/processor.h"

namespace skep::sdk {
class HttpClient;
}

namespace skep::sdk::cloudwatch {

struct Credentials {
  std::string access_key_id;
  std::string secret_access_key;
  std::string session_token;  // of temporary ones
};

// What a line looks like. A body that is no UTF-8 has its bad bytes replaced (U+FFFD).
enum class LineFormat : uint8_t {
  kText,  // the body
  kJson,  // an object: time, level, logger, message, trace_id, span_id, the attributes
};

struct LogExporterOptions {
  std::string region = "us-east-1";
  std::string endpoint;  // empty: https://logs.REGION.amazonaws.com
  std::string group;     // 1-512 of A-Z a-z 0-9 . - _ / #
  std::string stream;    // 1-512, no : or *; one process should write it
  Credentials credentials;
  // Asked before each request, on the sending thread, instead of `credentials`: for ones that
  // expire.
  std::function<Credentials()> credentials_provider;
  bool create = true;      // group and stream when they are missing
  int retention_days = 0;  // of a group that is created here; one of AWS's figures; 0: for ever
  LineFormat format = LineFormat::kText;
  bool append_ids = false;  // kText: " trace_id=... span_id=..." behind the body if there is a span
  // A longer line is cut and ends in "[cut: N bytes]". AWS takes 1 MiB - 26 (256 KiB - 26 before
  // 2025).
  size_t event_bytes_max = 1048576 - 26;
  std::chrono::milliseconds schedule_delay{5000};  // how long a line waits for company at most
  std::chrono::milliseconds timeout{10000};        // of one request
  size_t buffer_bytes_max = 8 << 20;               // of lines not yet in a batch
  size_t queue_bytes_max = 32 << 20;               // of batches not yet acknowledged
  std::string ca_file;                             // empty: the system's
  const Clock* clock = nullptr;                    // null: the machine's
  bool start_thread = true;                        // false: tests drive it

  // AWS_REGION, AWS_DEFAULT_REGION or the profile's region; AWS_ENDPOINT_URL_CLOUDWATCH_LOGS, or
  // AWS_ENDPOINT_URL_LOGS for short, or AWS_ENDPOINT_URL; LOG_GROUP; LOG_STREAM, by default
  // HOST/PROGRAM/PID; APP_JOIN=ids sets append_ids; AWS_CA_BUNDLE. Keys are looked for before each
  // request, where AWS's SDKs look: AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN;
  // the profile AWS_PROFILE in AWS_SHARED_CREDENTIALS_FILE and AWS_CONFIG_FILE (~/.aws); the
  // container's credentials (AWS_CONTAINER_CREDENTIALS_RELATIVE_URI or _FULL_URI); the machine's
  // role (IMDSv2, unless AWS_EC2_METADATA_DISABLED=true), which only an endpoint of AWS itself
  // makes it ask.
  static LogExporterOptions FromEnvironment();
};

class LogExporter : public LogProcessor {
 public:
  explicit LogExporter(LogExporterOptions options);
  // With the client given: for tests.
  LogExporter(LogExporterOptions options, std::unique_ptr<HttpClient> client);
  ~LogExporter() override;  // Shutdown with 0 s if nobody did before

  void OnEmit(const LogRecord& record) noexcept override;
  bool ForceFlush(std::chrono::milliseconds timeout) noexcept override;
  bool Shutdown(std::chrono::milliseconds timeout) noexcept override;

  // accepted counts lines once they are in a batch.
  std::shared_ptr<const ExportCounters> Counters() const;
  uint64_t CutLines() const;
  int64_t RunOnce();  // without a thread: Delivery::RunOnce

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace skep::sdk::cloudwatch
