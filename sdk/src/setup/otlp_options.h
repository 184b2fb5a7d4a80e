// SPDX-License-Identifier: Apache-2.0
// The options of the OTLP exporters from OTEL_EXPORTER_OTLP_*, OTEL_BSP_*, OTEL_BLRP_* and
// HONEYCOMB_* (opentelemetry.io/docs/specs/otel/protocol/exporter).
#pragma once

#include "setup/environment.h"

namespace skep::sdk {

otlp::ExporterOptions OtlpTracesOptions(const EnvironmentReader& environment);
otlp::ExporterOptions OtlpLogsOptions(const EnvironmentReader& environment);

}  // namespace skep::sdk
