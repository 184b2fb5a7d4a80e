// SPDX-License-Identifier: Apache-2.0
// Exporters over OTLP/HTTP with protobuf bodies (opentelemetry.io/docs/specs/otlp): spans to
// .../v1/traces, log records to .../v1/logs, of Honeycomb, Skep, a collector or anyone else who
// speaks it. A span is encoded when it ends, into a chunk of its thread's own; a thread of the
// exporter sends what has gathered, with retries (429, 502, 503, 504, no answer) until the receiver
// took or refused it.
//
// Thread-safe; OnEnd and OnEmit take no lock that is contended but for a moment's hand-over, never
// wait for the network, and drop and count what does not fit. One exporter belongs to one provider:
// all it sends carries the resource of the first record.
//
// Limits: queue_bytes_max of memory in all. A process that forks sends from the parent alone.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "skep/sdk/clock.h"
#include "skep/sdk/diagnostics.h"
#include "skep/sdk/processor.h"

namespace skep::sdk::otlp {

struct ExporterOptions {
  std::string url{};  // the whole of it: "https://api.honeycomb.io/v1/traces"
  // Such as {"x-honeycomb-team", key}; for Honeycomb's classic keys (and for logs without a
  // service.name) also {"x-honeycomb-dataset", dataset}.
  std::vector<std::pair<std::string, std::string>> headers{};
  std::chrono::milliseconds timeout{10000};        // of one attempt
  std::chrono::milliseconds schedule_delay{5000};  // how long a record waits for company at most
  uint32_t batch_records_max = 0;                  // of one request; 0: up to 1 MiB
  uint32_t queue_records_max = 0;                  // 0: bytes alone count
  size_t queue_bytes_max = 32 << 20;
  bool gzip = false;
  std::string ca_file{};           // empty: the system's certificates
  std::string client_cert_file{};  // with its key, for mutual TLS
  std::string client_key_file{};
  const Clock* clock = nullptr;  // null: the machine's; must outlive the exporter
};

class Pipeline;  // src/otlp/pipeline.h

class SpanExporter : public SpanProcessor {
 public:
  explicit SpanExporter(ExporterOptions options);
  explicit SpanExporter(std::shared_ptr<Pipeline> pipeline);  // tests
  ~SpanExporter() override;                                   // Shutdown(0) if nobody did before

  void OnEnd(const SpanData& span) noexcept override;
  bool ForceFlush(std::chrono::milliseconds timeout) noexcept override;
  bool Shutdown(std::chrono::milliseconds timeout) noexcept override;
  std::shared_ptr<const ExportCounters> Counters() const;

 private:
  std::shared_ptr<Pipeline> pipeline_;
};

class LogExporter : public LogProcessor {
 public:
  explicit LogExporter(ExporterOptions options);
  explicit LogExporter(std::shared_ptr<Pipeline> pipeline);  // tests
  ~LogExporter() override;

  void OnEmit(const LogRecord& record) noexcept override;
  bool ForceFlush(std::chrono::milliseconds timeout) noexcept override;
  bool Shutdown(std::chrono::milliseconds timeout) noexcept override;
  std::shared_ptr<const ExportCounters> Counters() const;

 private:
  std::shared_ptr<Pipeline> pipeline_;
};

}  // namespace skep::sdk::otlp
