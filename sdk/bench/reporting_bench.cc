// SPDX-License-Identifier: Apache-2.0
// What logging and throwing cost the thread that does it: a record to CloudWatch Logs (formatted
// and buffered; a receiver in this process takes the batches), an exception with and without its
// place noted, and a report of one.
#include <benchmark/benchmark.h>

#include <stdexcept>

#include "delivery/http_client.h"
#include "skep/sdk/cloudwatch/log_exporter.h"
#include "skep/sdk/logger.h"
#include "skep/sdk/rollbar/reporter.h"
#include "skep/sdk/stack_trace.h"

namespace skep::sdk {
namespace {

class YesClient : public HttpClient {
 public:
  HttpResponse Do(const HttpRequest&) override {
    HttpResponse response;
    response.status = 200;
    response.body = "{}";
    return response;
  }
};

void BM_Log(benchmark::State& state) {
  static std::unique_ptr<LoggerProvider> provider;
  static std::shared_ptr<const ExportCounters> counters;
  if (state.thread_index() == 0) {
    cloudwatch::LogExporterOptions options;
    options.group = "g";
    options.stream = "s";
    options.buffer_bytes_max = 512 << 20;
    options.queue_bytes_max = 512 << 20;
    provider = std::make_unique<LoggerProvider>(Resource::FromEnvironment());
    auto exporter =
        std::make_unique<cloudwatch::LogExporter>(options, std::make_unique<YesClient>());
    counters = exporter->Counters();
    provider->AddProcessor(std::move(exporter));
  }
  std::unique_ptr<Logger> logger;
  for (auto _ : state) {  // its first pass begins when all threads are here, and the provider is
    if (!logger) logger = std::make_unique<Logger>(provider->GetLogger("bench"));
    logger->Info(
        "a line of about a hundred bytes, as programs write them when something happens to them "
        "all");
  }
  if (state.thread_index() == 0) {
    provider->Shutdown(std::chrono::seconds(30));
    state.counters["dropped"] = static_cast<double>(counters->Dropped());
    provider.reset();
  }
}

[[gnu::noinline]] void Throw() { throw std::runtime_error("boom"); }

void ThrowAndCatch(benchmark::State& state) {
  for (auto _ : state) {
    try {
      Throw();
    } catch (const std::exception& e) {
      benchmark::DoNotOptimize(e.what());
    }
  }
}

void BM_Throw(benchmark::State& state) { ThrowAndCatch(state); }

void BM_ThrowNoted(benchmark::State& state) {
  RecordThrowSites();
  ThrowAndCatch(state);
}

void BM_ThrowAndReport(benchmark::State& state) {
  RecordThrowSites();
  rollbar::ReporterOptions options;
  options.access_token = "token";
  options.items_per_minute = 0;
  options.pending_items_max = 1 << 20;
  options.queue_bytes_max = 1 << 30;
  rollbar::Reporter reporter(options, std::make_unique<YesClient>());
  for (auto _ : state) {
    try {
      Throw();
    } catch (const std::exception& e) {
      reporter.Report(e);
    }
  }
  reporter.Shutdown(std::chrono::seconds(60));
  state.counters["dropped"] = static_cast<double>(reporter.Counters()->Dropped());
}

BENCHMARK(BM_Log)->ThreadRange(1, 8)->UseRealTime();
BENCHMARK(BM_Throw);  // before the others: nothing switches noting off again
BENCHMARK(BM_ThrowNoted);
BENCHMARK(BM_ThrowAndReport)->Iterations(20000);

}  // namespace
}  // namespace skep::sdk

BENCHMARK_MAIN();
