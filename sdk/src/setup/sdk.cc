// SPDX-License-Identifier: Apache-2.0
#include "skep/sdk/sdk.h"

#include <atomic>

#include "core/run_all.h"
#include "setup/at_exit.h"

namespace skep::sdk {
namespace {

using std::chrono::milliseconds;
using Part = std::function<bool()>;

TracerProviderOptions ProviderOptions(const SdkOptions& options) {
  TracerProviderOptions provider;
  provider.resource = options.resource;
  provider.sampler = options.disabled ? AlwaysOffSampler() : options.sampler;
  provider.limits = options.span_limits;
  return provider;
}

CounterSnapshot Snapshot(const std::string& name, const ExportCounters& counters) {
  return {name,
          counters.accepted,
          counters.sent,
          counters.rejected,
          counters.dropped_full,
          counters.dropped_shutdown,
          counters.retries};
}

}  // namespace

struct Sdk::Impl {
  explicit Impl(SdkOptions options)
      : exit_timeout(options.exit_timeout),
        traces(ProviderOptions(options)),
        logs(options.resource),
        propagator(options.propagator
                       ? std::move(options.propagator)
                       : CompositePropagator({TraceContextPropagator(), BaggagePropagator()})) {
    if (options.disabled) {
      LeaveOff(options);
    } else {
      AddExporters(options);
    }
    if (options.xray) xray = std::make_unique<xray::Recorder>(std::move(*options.xray));
    if (options.rollbar) rollbar = std::make_unique<rollbar::Reporter>(std::move(*options.rollbar));
    if (rollbar && !options.disabled) counters.emplace_back("rollbar", rollbar->Counters());
  }

  static void LeaveOff(SdkOptions& options) {
    if (options.xray) options.xray->enabled = false;
    if (options.rollbar) options.rollbar->enabled = false;
  }

  void AddExporters(SdkOptions& options) {
    if (options.otlp_traces) {
      auto exporter = std::make_unique<otlp::SpanExporter>(std::move(*options.otlp_traces));
      counters.emplace_back("otlp-traces", exporter->Counters());
      traces.AddProcessor(std::move(exporter));
    }
    if (options.otlp_logs) {
      auto exporter = std::make_unique<otlp::LogExporter>(std::move(*options.otlp_logs));
      counters.emplace_back("otlp-logs", exporter->Counters());
      logs.AddProcessor(std::move(exporter));
    }
    if (options.cloudwatch_logs) {
      auto exporter =
          std::make_unique<cloudwatch::LogExporter>(std::move(*options.cloudwatch_logs));
      counters.emplace_back("cloudwatch-logs", exporter->Counters());
      logs.AddProcessor(std::move(exporter));
    }
  }

  bool Shutdown(milliseconds timeout) {
    std::vector<Part> parts = {[this, timeout] { return traces.Shutdown(timeout); },
                               [this, timeout] { return logs.Shutdown(timeout); }};
    if (xray) parts.push_back([this, timeout] { return xray->Flush(timeout); });
    if (rollbar) parts.push_back([this, timeout] { return rollbar->Shutdown(timeout); });
    return RunAll(parts);
  }

  const milliseconds exit_timeout;
  TracerProvider traces;
  LoggerProvider logs;
  const std::shared_ptr<const Propagator> propagator;  // with the options it came from
  std::unique_ptr<xray::Recorder> xray;
  std::unique_ptr<rollbar::Reporter> rollbar;
  // With the exporters that count.
  std::vector<std::pair<std::string, std::shared_ptr<const ExportCounters>>> counters;
  std::atomic<bool> shut_down{false};
  const AtExit at_exit{[this] {
    if (!shut_down.exchange(true)) Shutdown(exit_timeout);
  }};
};

std::unique_ptr<Sdk> Sdk::FromEnvironment() {
  return std::make_unique<Sdk>(SdkOptions::FromEnvironment());
}

Sdk::Sdk(SdkOptions options) : impl_(std::make_unique<Impl>(std::move(options))) {}

Sdk::~Sdk() {
  if (!impl_->shut_down.exchange(true)) impl_->Shutdown(impl_->exit_timeout);
}

TracerProvider& Sdk::Traces() { return impl_->traces; }
LoggerProvider& Sdk::Logs() { return impl_->logs; }
xray::Recorder* Sdk::Xray() { return impl_->xray.get(); }
rollbar::Reporter* Sdk::Rollbar() { return impl_->rollbar.get(); }
const Propagator& Sdk::GetPropagator() const { return *impl_->propagator; }

bool Sdk::Flush(milliseconds timeout) {
  Impl& impl = *impl_;
  std::vector<Part> parts = {[&impl, timeout] { return impl.traces.ForceFlush(timeout); },
                             [&impl, timeout] { return impl.logs.ForceFlush(timeout); }};
  if (impl.xray) parts.push_back([&impl, timeout] { return impl.xray->Flush(timeout); });
  if (impl.rollbar) parts.push_back([&impl, timeout] { return impl.rollbar->Flush(timeout); });
  return RunAll(parts);
}

bool Sdk::Shutdown(milliseconds timeout) {
  impl_->shut_down = true;
  return impl_->Shutdown(timeout);
}

std::vector<CounterSnapshot> Sdk::Counters() const {
  std::vector<CounterSnapshot> snapshots;
  for (const auto& [name, counters] : impl_->counters)
    snapshots.push_back(Snapshot(name, *counters));
  if (impl_->xray) snapshots.push_back(Snapshot("xray", impl_->xray->Counters()));
  return snapshots;
}

}  // namespace skep::sdk
