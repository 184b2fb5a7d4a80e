// SPDX-License-Identifier: Apache-2.0
// What tests/e2e/test_sdk_rollbar.py runs: a program that reports to Rollbar, by the lines of its
// input; each has one line of output, but those that crash it. Where to and as whom say ROLLBAR_*.
#include <cinttypes>
#include <csignal>
#include <cstdio>
#include <iostream>
#include <stdexcept>
#include <string>
#include <thread>

#include "skep/sdk/rollbar/reporter.h"
#include "skep/sdk/stack_trace.h"
#include "skep/sdk/tracer.h"

namespace {

using namespace skep::sdk;
using std::chrono::milliseconds;

std::string Rest(const std::string& line) {
  const size_t blank = line.find(' ');
  return blank == std::string::npos ? "" : line.substr(blank + 1);
}

[[gnu::noinline]] void FailDeepDown(const std::string& what) { throw std::runtime_error(what); }

[[gnu::noinline]] void CreateActivity(const std::string& what) {
  try {
    FailDeepDown(what);
  } catch (...) {
    std::throw_with_nested(std::logic_error("activity not created"));
  }
}

[[gnu::noinline]] void WriteToNothing(volatile int* where) { *where = 5; }

[[gnu::noinline]] int Overflow(int depth) {  // NOLINT(misc-no-recursion): the point of it
  volatile char room[4096];
  room[depth % 4096] = static_cast<char>(depth);
  if (depth < 0) return 0;
  return Overflow(depth + 1) + room[(depth + 1) % 4096];
}

void Crash(const std::string& how) {
  if (how == "segv") WriteToNothing(reinterpret_cast<volatile int*>(0x10));
  if (how == "abort") std::abort();
  if (how == "fpe") raise(SIGFPE);
  if (how == "overflow") Overflow(1);
  if (how == "uncaught") std::thread([] { FailDeepDown("nobody catches this"); }).join();
}

rollbar::Request SomeRequest() {
  rollbar::Request request;
  request.method = "POST";
  request.url = "http://shop.test/api/activities?ttl=7-days&access_token=hush";
  request.headers = {{"User-Agent", "curl/8"},
                     {"Authorization", "Bearer hush"},
                     {"Content-Type", "application/json"}};
  request.post = {{"message", "hi"}, {"password", "hush"}};
  request.user_ip = "203.0.113.7";
  return request;
}

std::string Report(rollbar::Reporter& reporter, const std::string& command,
                   const std::string& rest) {
  try {
    if (command == "nested") CreateActivity(rest);
    FailDeepDown(rest);
  } catch (const std::exception& e) {
    return reporter.Report(e, {.custom = {{"order", 7}, {"ratio", 0.5}, {"api_key", "hush"}},
                               .context = "activities#create"});
  }
  return "";
}

void PrintCounters(const rollbar::Reporter& reporter) {
  const ExportCounters& c = *reporter.Counters();
  std::printf("{\"accepted\":%" PRIu64 ",\"sent\":%" PRIu64 ",\"rejected\":%" PRIu64
              ",\"dropped_full\":%" PRIu64 ",\"dropped_shutdown\":%" PRIu64 ",\"retries\":%" PRIu64
              ",\"rate_limited\":%" PRIu64 "}\n",
              c.accepted.load(), c.sent.load(), c.rejected.load(), c.dropped_full.load(),
              c.dropped_shutdown.load(), c.retries.load(), reporter.RateLimited());
}

void Answer(rollbar::Reporter& reporter, TracerProvider& tracers, const std::string& line) {
  const std::string command = line.substr(0, line.find(' '));
  const std::string rest = Rest(line);
  if (command == "message") {
    std::puts(reporter.Message(rest, {.level = rollbar::Level::kWarning}).c_str());
  } else if (command == "exception" || command == "nested") {
    std::puts(Report(reporter, command, rest).c_str());
  } else if (command ==
             "request") {  // in a request of a person, in a span, whose ids are the answer
    const ContextScope request(
        rollbar::WithPerson(rollbar::WithRequest(Context::Current(), SomeRequest()),
                            {"worf", "worf", "worf@example.com"}));
    const ActiveSpan span = tracers.GetTracer("e2e").StartActiveSpan("work");
    reporter.AddTelemetry(rollbar::Level::kInfo, "before it failed");
    Report(reporter, command, rest);
    const SpanContext context = Span::Current().GetContext();
    std::printf("%s %s\n", context.trace_id.Hex().c_str(), context.span_id.Hex().c_str());
  } else if (command == "install") {
    std::puts(reporter.InstallCrashHandlers(rest) ? "true" : "false");
  } else if (command == "crash") {
    const ActiveSpan span = tracers.GetTracer("e2e").StartActiveSpan("work");
    Crash(rest);
    std::puts("did not crash");
  } else if (command == "flush") {
    std::puts(reporter.Flush(milliseconds(std::stoi(rest))) ? "true" : "false");
  } else if (command == "counters") {
    PrintCounters(reporter);
  } else {
    std::puts("what?");
  }
}

}  // namespace

int main() {
  RecordThrowSites();
  auto options = rollbar::ReporterOptions::FromEnvironment();
  options.code_version = "1.0";
  options.root = "/srv/activities";
  options.branch = "main";
  options.framework = "skep-http";
  options.capture_username = true;
  options.capture_email = true;
  options.items_per_minute = 10000;
  rollbar::Reporter reporter(options);
  TracerProvider tracers({.resource = Resource::FromEnvironment()});
  std::string line;
  while (std::getline(std::cin, line)) {
    Answer(reporter, tracers, line);
    std::fflush(stdout);
  }
  reporter.Shutdown(milliseconds(20000));
  PrintCounters(reporter);
  return 0;
}
