// SPDX-License-Identifier: Apache-2.0
#include "skep/sdk/sdk.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <cstdlib>

#include "delivery/test_server.h"
#include "skep/sdk/diagnostics.h"

namespace skep::sdk {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using testing::HasSubstr;

constexpr seconds kPatience{60};

SdkOptions To(const std::string& url) {
  SdkOptions options;
  options.resource.attributes["service.name"] = "svc";
  options.otlp_traces = otlp::ExporterOptions{.url = url + "/v1/traces"};
  options.otlp_logs = otlp::ExporterOptions{.url = url + "/v1/logs"};
  options.exit_timeout = kPatience;
  return options;
}

std::string Taken(const std::string&) { return TestServer::Answer("200 OK", "", ""); }

TEST(Sdk, SendsTracesAndLogsAndCounts) {
  TestServer server(&Taken);  // each keeps its one connection
  TestServer logs(&Taken);
  SdkOptions options = To(server.Url());
  options.otlp_logs->url = logs.Url() + "/v1/logs";
  Sdk sdk(std::move(options));
  {
    ActiveSpan span = sdk.Traces().GetTracer("t").StartActiveSpan("work");
    sdk.Logs().GetLogger("l").Info("a line");
  }
  EXPECT_TRUE(sdk.Flush(kPatience));
  std::string all;
  for (const std::string& request : server.Requests()) all += request;
  for (const std::string& request : logs.Requests()) all += request;
  EXPECT_THAT(all, HasSubstr("POST /v1/traces"));
  EXPECT_THAT(all, HasSubstr("POST /v1/logs"));
  EXPECT_THAT(all, HasSubstr("work"));
  EXPECT_THAT(all, HasSubstr("a line"));
  const std::vector<CounterSnapshot> counters = sdk.Counters();
  ASSERT_EQ(counters.size(), 2u);
  EXPECT_EQ(counters[0].exporter, "otlp-traces");
  EXPECT_EQ(counters[0].sent, 1u);
  EXPECT_EQ(counters[1].exporter, "otlp-logs");
  EXPECT_EQ(counters[1].sent, 1u);
  EXPECT_TRUE(sdk.Shutdown(kPatience));
  EXPECT_TRUE(sdk.Shutdown(kPatience));
}

TEST(Sdk, FlushesWhenItGoes) {
  TestServer server(&Taken);
  {
    Sdk sdk(To(server.Url()));
    sdk.Traces().GetTracer("t").StartSpan("last").End();
  }
  ASSERT_EQ(server.Requests().size(), 1u);
}

TEST(Sdk, OneThatHangsCostsTheOthersNothing) {
  SetDiagnosticHandler([](DiagnosticLevel, std::string_view) {});
  std::atomic<bool> done{false};
  TestServer stuck([&done](const std::string&) {
    done.wait(false);
    return std::string();
  });
  TestServer server(&Taken);
  SdkOptions options = To(server.Url());
  options.otlp_traces->url = stuck.Url();
  Sdk sdk(std::move(options));
  sdk.Traces().GetTracer("t").StartSpan("stuck").End();
  sdk.Logs().GetLogger("l").Info("a line");
  EXPECT_FALSE(sdk.Shutdown(seconds(5)));  // hangs for ever if it is not bounded
  EXPECT_EQ(sdk.Counters()[0].dropped_shutdown, 1u);
  EXPECT_EQ(sdk.Counters()[1].sent, 1u);
  done = true;
  done.notify_all();
  SetDiagnosticHandler(nullptr);
}

TEST(Sdk, DisabledRecordsNothing) {
  TestServer server(&Taken);
  SdkOptions options = To(server.Url());
  options.disabled = true;
  options.xray.emplace();
  options.rollbar.emplace().access_token = "any";
  options.rollbar->endpoint = server.Url();
  Sdk sdk(std::move(options));
  Span span = sdk.Traces().GetTracer("t").StartSpan("s");
  EXPECT_FALSE(span.IsRecording());
  span.End();
  sdk.Logs().GetLogger("l").Info("a line");
  {
    auto segment = sdk.Xray()->InSegment({});
  }
  EXPECT_EQ(sdk.Rollbar()->Message("a message"), "");
  EXPECT_TRUE(sdk.Flush(kPatience));
  for (const CounterSnapshot& counter : sdk.Counters()) EXPECT_EQ(counter.accepted, 0u);
  EXPECT_TRUE(server.Requests().empty());
}

// In a process of its own: exit() leaves what lives on the stack alone, so that only the exit
// handler can flush. That process runs this test anew, but sends to the server of this one.
TEST(SdkDeathTest, FlushesAtExit) {
  testing::FLAGS_gtest_death_test_style = "threadsafe";
  TestServer server(&Taken);
  setenv("SKEP_TEST_URL", server.Url().c_str(), 0);
  EXPECT_EXIT(
      {
        Sdk sdk(To(std::getenv("SKEP_TEST_URL")));
        sdk.Traces().GetTracer("t").StartSpan("before exit").End();
        std::exit(0);
      },
      testing::ExitedWithCode(0), "");
  ASSERT_EQ(server.Requests().size(), 1u);
  EXPECT_THAT(server.Requests()[0], HasSubstr("before exit"));
}

}  // namespace
}  // namespace skep::sdk
