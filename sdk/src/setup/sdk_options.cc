// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cstdlib>

#include "setup/environment.h"
#include "setup/otlp_options.h"
#include "skep/sdk/diagnostics.h"
#include "skep/sdk/sdk.h"
#include "skep/sdk/xray/rule_sampler.h"
#include "xray/enabled.h"

namespace skep::sdk {
namespace {

// OTEL_LOG_LEVEL: what the library says of itself, to stderr.
void SetLogLevel(const EnvironmentReader& environment) {
  const std::string level = environment.Text("OTEL_LOG_LEVEL");
  if (level.empty()) return;
  constexpr std::pair<const char*, DiagnosticLevel> kLevels[] = {
      {"error", DiagnosticLevel::kError},
      {"warn", DiagnosticLevel::kWarn},
      {"info", DiagnosticLevel::kInfo},
      {"debug", DiagnosticLevel::kDebug}};
  if (level == "none") return SetDiagnosticHandler([](DiagnosticLevel, std::string_view) {});
  for (const auto& [name, value] : kLevels) {
    if (level == name) return SetDiagnosticHandler(nullptr, value);
  }
  EnvironmentReader::Complain("OTEL_LOG_LEVEL", level, "none of error, warn, info, debug, none",
                              "warn");
}

std::shared_ptr<Sampler> SamplerOf(const EnvironmentReader& environment, const Resource& resource) {
  const std::string name = environment.Text("OTEL_TRACES_SAMPLER");
  const char* const kArgument = "OTEL_TRACES_SAMPLER_ARG";
  if (name == "always_on") return AlwaysOnSampler();
  if (name == "always_off") return AlwaysOffSampler();
  if (name == "traceidratio") return TraceIdRatioSampler(environment.Ratio(kArgument, 1));
  if (name == "parentbased_always_off") return ParentBasedSampler(AlwaysOffSampler());
  if (name == "parentbased_traceidratio") {
    return ParentBasedSampler(TraceIdRatioSampler(environment.Ratio(kArgument, 1)));
  }
  if (name == "xray" || name == "parentbased_xray") {
    xray::RuleSamplerOptions options;
    options.resource = resource;
    return ParentBasedSampler(std::make_shared<xray::RuleSampler>(std::move(options)));
  }
  if (!name.empty() && name != "parentbased_always_on") {
    EnvironmentReader::Complain("OTEL_TRACES_SAMPLER", name, "no sampler known here",
                                "parentbased_always_on");
  }
  return ParentBasedSampler(AlwaysOnSampler());
}

std::shared_ptr<Propagator> PropagatorOf(const EnvironmentReader& environment) {
  std::vector<std::string> names = environment.List("OTEL_PROPAGATORS");
  if (names.empty()) names = {"tracecontext", "baggage"};
  std::vector<std::shared_ptr<Propagator>> parts;
  for (auto name = names.begin(); name != names.end(); ++name) {
    if (std::find(names.begin(), name, *name) != name) continue;  // each once, as the standard says
    if (*name == "tracecontext") {
      parts.push_back(TraceContextPropagator());
    } else if (*name == "baggage") {
      parts.push_back(BaggagePropagator());
    } else if (*name == "xray") {
      parts.push_back(XrayPropagator());
    } else if (*name != "none") {
      EnvironmentReader::Complain("OTEL_PROPAGATORS", *name, "no propagator known here",
                                  "the others");
    }
  }
  return CompositePropagator(std::move(parts));
}

SpanLimits LimitsOf(const EnvironmentReader& environment) {
  SpanLimits limits;
  // The span's own variable, else that for all attributes.
  auto number = [&](const char* name, const char* general, uint32_t otherwise, uint64_t max) {
    const char* const used = environment.Has(name) || general == nullptr ? name : general;
    return static_cast<uint32_t>(environment.Number(used, otherwise, 0, max));
  };
  constexpr uint64_t kCountMax = 10'000;
  constexpr uint64_t kBytesMax = 16 << 20;
  limits.attributes_max = number("OTEL_SPAN_ATTRIBUTE_COUNT_LIMIT", "OTEL_ATTRIBUTE_COUNT_LIMIT",
                                 limits.attributes_max, kCountMax);
  limits.value_bytes_max =
      number("OTEL_SPAN_ATTRIBUTE_VALUE_LENGTH_LIMIT", "OTEL_ATTRIBUTE_VALUE_LENGTH_LIMIT",
             limits.value_bytes_max, kBytesMax);
  limits.events_max = number("OTEL_SPAN_EVENT_COUNT_LIMIT", nullptr, limits.events_max, kCountMax);
  limits.links_max = number("OTEL_SPAN_LINK_COUNT_LIMIT", nullptr, limits.links_max, kCountMax);
  limits.attributes_per_event_max =
      number("OTEL_EVENT_ATTRIBUTE_COUNT_LIMIT", "OTEL_LINK_ATTRIBUTE_COUNT_LIMIT",
             limits.attributes_per_event_max, kCountMax);
  return limits;
}

// The exporters that a variable names, of those that are known; `otherwise` if it names none.
std::vector<std::string> Exporters(const EnvironmentReader& environment, const char* name,
                                   const std::vector<std::string>& known,
                                   const std::string& otherwise) {
  std::vector<std::string> exporters;
  bool none = false;
  for (const std::string& exporter : environment.List(name)) {
    if (exporter == "none") {
      none = true;
    } else if (std::find(known.begin(), known.end(), exporter) != known.end()) {
      exporters.push_back(exporter);
    } else {
      EnvironmentReader::Complain(name, exporter, "no exporter known here",
                                  "the others, or " + otherwise);
    }
  }
  if (exporters.empty() && !none) exporters.push_back(otherwise);
  return exporters;
}

bool Contains(const std::vector<std::string>& list, const char* what) {
  return std::find(list.begin(), list.end(), what) != list.end();
}

std::optional<xray::RecorderOptions> XrayOf(const EnvironmentReader& environment,
                                            const Resource& resource) {
  const bool asked =
      environment.Has("AWS_XRAY_DAEMON_ADDRESS") || environment.Has("AWS_XRAY_TRACING_NAME");
  const std::string said = environment.Text("AWS_XRAY_SDK_ENABLED");
  const std::optional<bool> enabled = xray::ReadEnabled(said);
  if (!said.empty() && !enabled) {
    EnvironmentReader::Complain("AWS_XRAY_SDK_ENABLED", said, "neither true nor false",
                                asked ? "true" : "false");
  }
  if (!enabled.value_or(asked)) return std::nullopt;
  xray::RecorderOptions options;  // reads the other variables itself
  options.service = resource.ServiceName();
  return options;
}

}  // namespace

SdkOptions SdkOptions::From(const Environment& get) {
  const EnvironmentReader environment(get);
  SdkOptions options;
  SetLogLevel(environment);
  options.propagator = PropagatorOf(environment);
  options.disabled = environment.Truth("OTEL_SDK_DISABLED", false);
  options.resource = Resource::FromEnvironment();
  if (options.disabled) return options;
  options.sampler = SamplerOf(environment, options.resource);
  options.span_limits = LimitsOf(environment);
  const std::vector<std::string> traces =
      Exporters(environment, "OTEL_TRACES_EXPORTER", {"otlp"}, "otlp");
  if (Contains(traces, "otlp")) options.otlp_traces = OtlpTracesOptions(environment);
  // Log lines go to CloudWatch Logs where a group is named, and not twice unless that is asked for.
  const std::vector<std::string> logs =
      Exporters(environment, "OTEL_LOGS_EXPORTER", {"otlp", "cloudwatch"},
                environment.Has("LOG_GROUP") ? "cloudwatch" : "otlp");
  if (Contains(logs, "otlp")) options.otlp_logs = OtlpLogsOptions(environment);
  if (Contains(logs, "cloudwatch"))
    options.cloudwatch_logs = cloudwatch::LogExporterOptions::FromEnvironment();
  options.xray = XrayOf(environment, options.resource);
  if (environment.Has("ROLLBAR_ACCESS_TOKEN"))
    options.rollbar = rollbar::ReporterOptions::FromEnvironment();
  return options;
}

SdkOptions SdkOptions::FromEnvironment() {
  return From([](const char* name) -> std::optional<std::string> {
    const char* const value = std::getenv(name);
    return value == nullptr ? std::nullopt : std::optional<std::string>(value);
  });
}

}  // namespace skep::sdk
