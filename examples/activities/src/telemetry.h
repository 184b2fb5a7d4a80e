// SPDX-License-Identifier: Apache-2.0
// Telemetry: what the backend reports to, one member for each of the four services. A view: the Sdk
// that main owns outlives it. Thread-safe.
#pragma once

#include <skep/sdk/logger.h>
#include <skep/sdk/rollbar/reporter.h>
#include <skep/sdk/tracer.h>
#include <skep/sdk/xray/recorder.h>

namespace activities {

struct Telemetry {
  skep::sdk::Tracer tracer;              // spans: Honeycomb, or any receiver of OTLP
  skep::sdk::xray::Recorder& segments;   // X-Ray
  skep::sdk::Logger log;                 // OTLP and CloudWatch Logs
  skep::sdk::rollbar::Reporter& errors;  // Rollbar
};

}  // namespace activities
