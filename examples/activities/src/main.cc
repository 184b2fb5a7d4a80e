// SPDX-License-Identifier: Apache-2.0
// The sample backend: reads what it is told, starts what reports to the four services, serves until
// a signal, and ends when everything is sent.
#include <skep/sdk/http/server.h>
#include <skep/sdk/sdk.h>
#include <skep/sdk/stack_trace.h>

#include <chrono>
#include <cinttypes>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <thread>
#include <utility>

#include "backend.h"
#include "config.h"
#include "console_log.h"
#include "http_server.h"
#include "page.h"
#include "router.h"
#include "telemetry.h"

namespace activities {
namespace {

namespace sdk = skep::sdk;

constexpr std::chrono::milliseconds kFlush(5000);

// What the environment says of the four services, and what this program decides itself. Recorder
// and reporter are always there: without a daemon's address segments go to this machine's, without
// a token nothing is reported.
sdk::SdkOptions OptionsOf(const Config& config) {
  sdk::SdkOptions options = sdk::SdkOptions::From([](const char* name) {
    const char* value = std::getenv(name);
    // Lines go both ways, as the Flask app's do, if nothing else is said.
    if (value == nullptr && std::string_view(name) == "OTEL_LOGS_EXPORTER" &&
        std::getenv("LOG_GROUP") != nullptr) {
      value = "otlp,cloudwatch";
    }
    return value == nullptr ? std::nullopt : std::optional<std::string>(value);
  });
  if (!options.xray) options.xray.emplace();
  options.xray->service = options.resource.ServiceName();
  options.xray->dynamic_naming = config.segment_names;
  options.xray->sampling = false;
  if (!options.rollbar) options.rollbar = sdk::rollbar::ReporterOptions::FromEnvironment();
  options.rollbar->capture_username = true;
  options.rollbar->capture_email = true;
  options.rollbar->carry_ids = config.share_ids;
  options.rollbar->items_per_minute = 0;  // any number, as the Flask app's pyrollbar sends
  return options;
}

// What became of everything that was recorded.
void PrintCounters(const sdk::Sdk& sdk) {
  for (const sdk::CounterSnapshot& of : sdk.Counters()) {
    std::printf("activities: %s accepted=%" PRIu64 " sent=%" PRIu64 " rejected=%" PRIu64
                " full=%" PRIu64 " shutdown=%" PRIu64 " retries=%" PRIu64 "\n",
                of.exporter.c_str(), of.accepted, of.sent, of.rejected, of.dropped_full,
                of.dropped_shutdown, of.retries);
  }
}

int Run(const Config& config) {
  // Taken by the thread below; every thread that is started from here on leaves them alone.
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGTERM);
  sigaddset(&signals, SIGINT);
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);

  // [set-up]
  sdk::RecordThrowSites();
  sdk::Sdk sdk(OptionsOf(config));
  sdk.Logs().AddProcessor(std::make_unique<ConsoleLog>());
  const Telemetry telemetry{sdk.Traces().GetTracer("home.activities"), *sdk.Xray(),
                            sdk.Logs().GetLogger("backend"), *sdk.Rollbar()};
  // [/set-up]

  Backend backend(config, telemetry);
  Router router;
  AddPageRoutes(router);
  backend.AddRoutes(router);
  const sdk::http::ServerMiddleware middleware(sdk.Traces().GetTracer("skep.sdk.http"),
                                               &sdk.GetPropagator(), sdk.Xray(),
                                               {.share_ids = config.share_ids});
  HttpServer server(router, telemetry, middleware);
  const int port = server.Bind(config.host, config.port);
  if (port == 0) {
    std::fprintf(stderr, "activities: cannot listen on %s:%d\n", config.host.c_str(), config.port);
    return 1;
  }
  std::printf("activities: http://%s:%d/\n", config.host.c_str(), port);
  std::fflush(stdout);
  std::thread waiting([&] {
    int signal = 0;
    sigwait(&signals, &signal);
    server.Stop();
  });
  server.Serve();
  waiting.join();
  sdk.Shutdown(kFlush);
  PrintCounters(sdk);
  return 0;
}

}  // namespace
}  // namespace activities

int main(int count, char** words) {
  const activities::CommandLine line = activities::ReadCommandLine(count, words);
  if (!line.error.empty()) {
    std::fprintf(stderr, "activities: %s; --help says more\n", line.error.c_str());
    return 2;
  }
  if (line.help) {
    std::fputs(activities::HelpText().c_str(), stdout);
    return 0;
  }
  return activities::Run(line.config);
}
