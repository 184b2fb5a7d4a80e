// SPDX-License-Identifier: Apache-2.0
// A process that forks with everything at work: what its children do, and that they end.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <functional>
#include <mutex>
#include <stdexcept>

#include "delivery/test_server.h"
#include "skep/sdk/diagnostics.h"
#include "skep/sdk/sdk.h"
#include "skep/sdk/xray/rule_sampler.h"

namespace skep::sdk {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

constexpr unsigned kChildSeconds = 60;  // then it hangs, and the alarm ends it

class Documents : public xray::Emitter {
 public:
  void Send(std::string_view document, uint32_t records) noexcept override {
    counters_->accepted += records;
    counters_->sent += records;
    const std::lock_guard lock(mutex_);
    all_.emplace_back(document);
  }
  bool Flush(std::chrono::milliseconds) noexcept override { return true; }
  const std::shared_ptr<ExportCounters>& Counters() const noexcept override { return counters_; }
  std::vector<std::string> All() const {
    const std::lock_guard lock(mutex_);
    return all_;
  }

 private:
  mutable std::mutex mutex_;  // guards all_
  std::vector<std::string> all_;
  std::shared_ptr<ExportCounters> counters_ = std::make_shared<ExportCounters>();
};

class ForkTest : public testing::Test {
 protected:
  ForkTest() {
    SetDiagnosticHandler([](DiagnosticLevel, std::string_view) {});
  }
  ~ForkTest() override {
    done_ = true;
    done_.notify_all();
    SetDiagnosticHandler(nullptr);
  }

  std::unique_ptr<Sdk> Make() {
    SdkOptions options;
    options.otlp_traces = otlp::ExporterOptions{.url = server_.Url() + "/v1/traces"};
    options.otlp_logs = otlp::ExporterOptions{.url = server_.Url() + "/v1/logs"};
    options.cloudwatch_logs.emplace();
    options.cloudwatch_logs->endpoint = server_.Url();
    options.cloudwatch_logs->group = "g";
    options.cloudwatch_logs->stream = "s";
    options.rollbar.emplace().access_token = "any";
    options.rollbar->endpoint = server_.Url();
    options.xray.emplace().service = "svc";
    options.xray->emitter = documents_;
    xray::RuleSamplerOptions rules;
    rules.daemon_address = server_.Address();
    options.xray->sampler = std::make_shared<xray::RuleSampler>(std::move(rules));
    options.exit_timeout = std::chrono::milliseconds(1);
    return std::make_unique<Sdk>(std::move(options));
  }

  // A child that does `work`, and whether it came to its end and was content.
  static bool InChild(const std::function<bool()>& work) {
    const pid_t child = fork();
    if (child == 0) {
      alarm(kChildSeconds);
      _exit(work() ? 0 : 1);
    }
    int status = -1;
    return waitpid(child, &status, 0) == child && status == 0;
  }

  static void SayEverything(Sdk& sdk) {
    ActiveSpan span = sdk.Traces().GetTracer("t").StartActiveSpan("span");
    const std::runtime_error error("an error");
    span->RecordException(error);
    auto segment = sdk.Xray()->InSegment("segment", {.sampled = true});
    auto part = sdk.Xray()->InSubsegment("part");
    sdk.Logs().GetLogger("l").Info("a line");
    sdk.Rollbar()->AddTelemetry(rollbar::Level::kInfo, "before");
    sdk.Rollbar()->Report(error);
  }

  // A receiver that hangs keeps the sending threads where they are.
  std::atomic<bool> done_{false};
  TestServer server_{[this](const std::string&) {
    done_.wait(false);
    return std::string();
  }};
  std::shared_ptr<Documents> documents_ = std::make_shared<Documents>();
};

#if !defined(__SANITIZE_THREAD__)  // TSan does not follow threads of a forked child
TEST_F(ForkTest, AChildCountsWhatItHasNoThreadToSendAndEnds) {
  std::unique_ptr<Sdk> sdk = Make();
  SayEverything(*sdk);
  EXPECT_TRUE(InChild([&sdk] {
    int said = 0;
    SetDiagnosticHandler([&said](DiagnosticLevel, std::string_view line) {
      if (line.find("forked") != std::string_view::npos) ++said;
    });
    const std::vector<CounterSnapshot> before = sdk->Counters();
    SayEverything(*sdk);
    bool good = said == 1;
    good = good && !sdk->Flush(std::chrono::milliseconds(10));
    const std::vector<CounterSnapshot> after = sdk->Counters();
    for (size_t i = 0; i < after.size(); ++i) {
      const uint64_t counted = after[i].exporter == "xray"
                                   ? after[i].sent - before[i].sent - 1
                                   : after[i].dropped_shutdown - before[i].dropped_shutdown;
      good = good && counted == 1;
    }
    sdk.reset();
    return good;
  }));
  EXPECT_TRUE(InChild([&sdk] {
    sdk.reset();
    return true;
  }));
}

TEST_F(ForkTest, ASegmentIsTheParentsAlone) {
  const std::unique_ptr<Sdk> sdk = Make();
  {
    auto segment = sdk->Xray()->InSegment("parents", {.sampled = true});
    EXPECT_TRUE(InChild([&] {
      segment->PutAnnotation("in", "child");
      xray::Subsegment part = segment->BeginSubsegment("childs");
      part.End();
      segment->End();
      const bool open = segment->IsOpen();
      return documents_->All().empty() && !part.IsSampled() && !open;
    }));
    segment->PutAnnotation("in", "parent");
  }
  EXPECT_THAT(documents_->All(), ElementsAre(HasSubstr(R"("in":"parent")")));
}
#endif

}  // namespace
}  // namespace skep::sdk
