// SPDX-License-Identifier: Apache-2.0
// Pipeline: what span and log exporters have in common: chunks, and the delivery that sends them.
// Thread-safe.
#pragma once

#include "delivery/delivery.h"
#include "delivery/http_client.h"
#include "otlp/chunks.h"
#include "skep/sdk/otlp/exporter.h"

namespace skep::sdk::otlp {

class Pipeline {
 public:
  // `name` is of the thread and in diagnostics. `client` is null but in tests, which may also do
  // without the thread and call RunOnce.
  Pipeline(std::string name, const ExporterOptions& options,
           std::unique_ptr<HttpClient> client = nullptr, bool start_thread = true);
  ~Pipeline();
  Pipeline(const Pipeline&) = delete;
  Pipeline& operator=(const Pipeline&) = delete;

  Chunks& Records() { return *chunks_; }
  Delivery& GetDelivery() { return *delivery_; }
  std::shared_ptr<const ExportCounters> Counters() const { return counters_; }
  bool Flush(std::chrono::milliseconds timeout);
  bool Shutdown(std::chrono::milliseconds timeout);

 private:
  const std::shared_ptr<ExportCounters> counters_;  // with those who read them
  const std::shared_ptr<Chunks> chunks_;            // for a moment with threads that end
  std::unique_ptr<Delivery> delivery_;
};

}  // namespace skep::sdk::otlp
