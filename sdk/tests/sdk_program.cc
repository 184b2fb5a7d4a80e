// SPDX-License-Identifier: Apache-2.0
// What tests/e2e/test_sdk_otlp.py runs: a program that says everything a span can say, and a log
// line, to where the environment points. Prints the trace's id, then each exporter's counters.
#include <cinttypes>
#include <cstdio>
#include <cstdlib>
#include <stdexcept>
#include <string>
#include <vector>

#include "skep/sdk/sdk.h"

namespace {

using namespace skep::sdk;

std::string Work(Sdk& sdk, int spans) {
  const Tracer tracer = sdk.Traces().GetTracer("e2e.program", "1.2.3");
  SpanContext caller;
  caller.trace_id = *TraceId::FromHex("5759e988bd862e3fe1be46a994272793");
  caller.span_id = *SpanId::FromHex("53995c3f42cd8ad8");
  caller.sampled = true;
  const SpanLink link{caller, {}};
  StartOptions options;
  options.kind = SpanKind::kServer;
  options.links = std::span(&link, 1);
  ActiveSpan root = tracer.StartActiveSpan("root", options);
  const std::vector<int64_t> numbers = {1, -2, 9'007'199'254'740'993};
  const std::vector<double> reals = {0.5, -1.25};
  const std::vector<std::string> texts = {"a", "\xC3\xBC"};
  const bool truths[] = {true, false};
  root->SetAttribute("app.text",
                     "\xC3\xBCn\xC3\xAF"
                     "code")
      .SetAttribute("app.number", int64_t{-5})
      .SetAttribute("app.real", 2.5)
      .SetAttribute("app.yes", true)
      .SetAttribute("app.numbers", std::span<const int64_t>(numbers))
      .SetAttribute("app.reals", std::span<const double>(reals))
      .SetAttribute("app.texts", std::span<const std::string>(texts))
      .SetAttribute("app.truths", std::span<const bool>(truths));
  root->AddEvent("event", {{"n", 7}});
  for (int i = 0; i < spans; ++i) {
    ActiveSpan part = tracer.StartActiveSpan("part");
    part->SetAttribute("app.i", i);
  }
  try {
    throw std::runtime_error("as the test says");
  } catch (const std::exception& error) {
    root->RecordException(error);
    root->SetStatus(StatusCode::kError, error.what());
  }
  sdk.Logs().GetLogger("e2e.log").Warn("a line", {{"app.n", 3}});
  return root->GetContext().trace_id.Hex();
}

}  // namespace

int main(int argc, char** argv) {
  const int spans = argc > 1 ? std::atoi(argv[1]) : 3;
  const std::unique_ptr<Sdk> sdk = Sdk::FromEnvironment();
  std::printf("%s\n", Work(*sdk, spans).c_str());
  sdk->Flush(std::chrono::seconds(30));
  for (const CounterSnapshot& c : sdk->Counters()) {
    std::printf("%s accepted=%" PRIu64 " sent=%" PRIu64 " rejected=%" PRIu64 " full=%" PRIu64 "\n",
                c.exporter.c_str(), c.accepted, c.sent, c.rejected, c.dropped_full);
  }
  return 0;
}
