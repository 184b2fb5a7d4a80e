// SPDX-License-Identifier: Apache-2.0
// Sdk: everything a program needs to be seen, from the environment variables of OpenTelemetry,
// Honeycomb, AWS and Rollbar (sdk/README.md has them all):
//
//   int main() {
//     const auto sdk = skep::sdk::Sdk::FromEnvironment();
//     const Tracer tracer = sdk->Traces().GetTracer("home.activities");
//     ...
//   }                                                        // flushes, for at most 5 s
//
// It owns the providers, exporters, recorder and reporter. A part that the environment does not ask
// for is off; a value that cannot be used is a diagnostic and its default, never a crash.
//
// When the program ends by exit() while the Sdk still lives, it is shut down then, likewise within
// SdkOptions::exit_timeout. Thread-safe. Make it after a fork, not before: in a child, what was
// made in the parent counts what it is given as dropped; only X-Ray segments that begin there are
// sent.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "skep/sdk/cloudwatch/log_exporter.h"
#include "skep/sdk/logger.h"
#include "skep/sdk/otlp/exporter.h"
#include "skep/sdk/propagation.h"
#include "skep/sdk/resource.h"
#include "skep/sdk/rollbar/reporter.h"
#include "skep/sdk/sampler.h"
#include "skep/sdk/tracer.h"
#include "skep/sdk/xray/recorder.h"

namespace skep::sdk {

struct SdkOptions {
  // Where the variables of OpenTelemetry and Honeycomb are read, but for the resource's, and which
  // parts are asked for: the value of a variable, or nothing. By default std::getenv, which AWS's,
  // Rollbar's and the resource's are always read by.
  using Environment = std::function<std::optional<std::string>(const char* name)>;
  static SdkOptions FromEnvironment();
  static SdkOptions From(const Environment& environment);

  bool disabled = false;  // nothing records, nothing is sent; the propagator still works
  Resource resource{};
  std::shared_ptr<Sampler> sampler{};  // null: ParentBased(AlwaysOn)
  SpanLimits span_limits{};
  std::shared_ptr<Propagator> propagator{};  // null: W3C trace context and baggage
  std::optional<otlp::ExporterOptions> otlp_traces{};
  std::optional<otlp::ExporterOptions> otlp_logs{};
  std::optional<cloudwatch::LogExporterOptions> cloudwatch_logs{};
  std::optional<xray::RecorderOptions> xray{};
  std::optional<rollbar::ReporterOptions> rollbar{};
  std::chrono::milliseconds exit_timeout{5000};
};

// What an exporter counted until now.
struct CounterSnapshot {
  std::string exporter;  // "otlp-traces", "otlp-logs", "cloudwatch-logs", "xray", "rollbar"
  uint64_t accepted = 0;
  uint64_t sent = 0;
  uint64_t rejected = 0;
  uint64_t dropped_full = 0;
  uint64_t dropped_shutdown = 0;
  uint64_t retries = 0;
};

class Sdk {
 public:
  // The resource is Resource::FromEnvironment().
  static std::unique_ptr<Sdk> FromEnvironment();
  explicit Sdk(SdkOptions options);
  ~Sdk();
  Sdk(const Sdk&) = delete;
  Sdk& operator=(const Sdk&) = delete;

  TracerProvider& Traces();
  LoggerProvider& Logs();
  xray::Recorder* Xray();        // null if the options have none
  rollbar::Reporter* Rollbar();  // likewise
  const Propagator& GetPropagator() const;

  // Both try all parts at once and return whether everything was delivered in time.
  bool Flush(std::chrono::milliseconds timeout);
  bool Shutdown(std::chrono::milliseconds timeout);
  std::vector<CounterSnapshot> Counters() const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace skep::sdk
