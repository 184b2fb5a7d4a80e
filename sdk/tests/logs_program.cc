// SPDX-License-Identifier: Apache-2.0
// What tests/e2e/test_sdk_logs.py runs: a program that logs to CloudWatch Logs, by the lines of its
// input; each has one line of output. Where to and as whom say AWS's variables.
#include <algorithm>
#include <cinttypes>
#include <cstdio>
#include <cstdlib>
#include <iostream>
#include <memory>
#include <string>

#include "skep/sdk/cloudwatch/log_exporter.h"
#include "skep/sdk/logger.h"
#include "skep/sdk/tracer.h"

namespace {

using namespace skep::sdk;
using std::chrono::milliseconds;

std::string Rest(const std::string& line) {
  const size_t blank = line.find(' ');
  return blank == std::string::npos ? "" : line.substr(blank + 1);
}

void PrintCounters(const cloudwatch::LogExporter& exporter) {
  const ExportCounters& c = *exporter.Counters();
  std::printf("{\"accepted\":%" PRIu64 ",\"sent\":%" PRIu64 ",\"rejected\":%" PRIu64
              ",\"dropped_full\":%" PRIu64 ",\"dropped_shutdown\":%" PRIu64 ",\"retries\":%" PRIu64
              ",\"cut\":%" PRIu64 "}\n",
              c.accepted.load(), c.sent.load(), c.rejected.load(), c.dropped_full.load(),
              c.dropped_shutdown.load(), c.retries.load(), exporter.CutLines());
}

}  // namespace

int main(int argc, char** argv) {
  auto options = cloudwatch::LogExporterOptions::FromEnvironment();
  options.schedule_delay = milliseconds(200);
  options.timeout = milliseconds(5000);
  options.retention_days = 30;
  // So that a role's credentials, which are for AWS alone, can be tried here.
  if (const char* endpoint = std::getenv("E2E_ENDPOINT_IN_PLACE_OF_AWS"))
    options.endpoint = endpoint;
  if (argc > 1 && std::string(argv[1]) == "json") options.format = cloudwatch::LineFormat::kJson;
  auto owned = std::make_unique<cloudwatch::LogExporter>(options);
  cloudwatch::LogExporter* exporter = owned.get();
  LoggerProvider provider(Resource::FromEnvironment());
  provider.AddProcessor(std::move(owned));
  TracerProvider tracers({.resource = Resource::FromEnvironment()});
  const Logger logger = provider.GetLogger("e2e");
  std::string line;
  while (std::getline(std::cin, line)) {
    const std::string command = line.substr(0, line.find(' '));
    if (command == "log") {
      logger.Info(Rest(line), {{"app.size", line.size()}});
      std::puts("ok");
    } else if (command == "span") {  // in a span, whose ids are the answer
      const ActiveSpan span = tracers.GetTracer("e2e").StartActiveSpan("work");
      logger.Warn(Rest(line));
      const SpanContext context = Span::Current().GetContext();
      std::printf("%s %s\n", context.trace_id.Hex().c_str(), context.span_id.Hex().c_str());
    } else if (command == "many") {  // many COUNT
      for (int i = 0; i < std::stoi(Rest(line)); ++i) logger.Info("line " + std::to_string(i));
      std::puts("ok");
    } else if (command == "long") {
      logger.Info(std::string(static_cast<size_t>(std::stoul(Rest(line))), 'x'));
      std::puts("ok");
    } else if (command == "flush") {  // flush MILLISECONDS
      std::puts(provider.ForceFlush(milliseconds(std::stoi(Rest(line)))) ? "true" : "false");
    } else if (command == "counters") {
      PrintCounters(*exporter);
    } else {
      std::puts("what?");
    }
    std::fflush(stdout);
  }
  provider.Shutdown(milliseconds(20000));
  PrintCounters(*exporter);
  return 0;
}
