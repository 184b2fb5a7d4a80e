// SPDX-License-Identifier: Apache-2.0
#include "skep/sdk/logger.h"

#include <gtest/gtest.h>

#include <string>
#include <thread>
#include <vector>

#include "skep/sdk/span.h"

namespace skep::sdk {
namespace {

using std::chrono::milliseconds;

struct Seen {
  std::vector<std::string> lines;
  std::vector<SpanContext> contexts;
  std::vector<int64_t> times;
  std::string attribute;
  std::string scope;
  std::string service;
  std::vector<milliseconds> timeouts;
  int shutdowns = 0;
};

class Recorder : public LogProcessor {
 public:
  explicit Recorder(Seen& seen, bool answer = true) : seen_(seen), answer_(answer) {}
  void OnEmit(const LogRecord& record) noexcept override {
    seen_.lines.push_back(std::string(SeverityText(record.severity)) + " " +
                          std::string(record.body));
    seen_.contexts.push_back(record.span_context);
    seen_.times.push_back(record.time_unix_ns);
    for (const auto& [key, value] : record.attributes) seen_.attribute = key;
    seen_.scope = record.scope->name;
    seen_.service = record.resource->ServiceName();
  }
  bool ForceFlush(milliseconds timeout) noexcept override {
    seen_.timeouts.push_back(timeout);
    return answer_;
  }
  bool Shutdown(milliseconds timeout) noexcept override {
    seen_.timeouts.push_back(timeout);
    ++seen_.shutdowns;
    return answer_;
  }

 private:
  Seen& seen_;
  bool answer_;
};

class FakeClock : public Clock {
 public:
  int64_t UnixNanos() const override { return 1'700'000'000'000'000'000; }
  int64_t SteadyNanos() const override { return 5; }
};

Resource Named(const char* name) {
  Resource resource;
  resource.attributes["service.name"] = name;
  return resource;
}

TEST(LoggerTest, ARecordHasTimeSeverityBodyAttributesAndItsOrigin) {
  Seen seen;
  FakeClock clock;
  LoggerProvider provider(Named("shop"), &clock);
  provider.AddProcessor(std::make_unique<Recorder>(seen));
  const Logger logger = provider.GetLogger("home");
  logger.Info("in stock", {{"app.count", 3}});
  EXPECT_EQ(seen.lines, std::vector<std::string>{"INFO in stock"});
  EXPECT_EQ(seen.times.at(0), clock.UnixNanos());
  EXPECT_EQ(seen.attribute, "app.count");
  EXPECT_EQ(seen.scope, "home");
  EXPECT_EQ(seen.service, "shop");
  EXPECT_FALSE(seen.contexts.at(0).IsValid());
}

TEST(LoggerTest, TheCurrentSpanIsTheRecords) {
  Seen seen;
  LoggerProvider provider(Named("shop"));
  provider.AddProcessor(std::make_unique<Recorder>(seen));
  const Logger logger = provider.GetLogger("home");
  SpanContext context;
  context.trace_id = *TraceId::FromHex("5759e988bd862e3fe1be46a994272793");
  context.span_id = *SpanId::FromHex("53995c3f42cd8ad8");
  const Span span = Span::Remote(context);
  {
    const Scope scope(span);
    logger.Warn("inside");
  }
  logger.Warn("outside");
  EXPECT_EQ(seen.contexts.at(0).trace_id, context.trace_id);
  EXPECT_EQ(seen.contexts.at(0).span_id, context.span_id);
  EXPECT_FALSE(seen.contexts.at(1).IsValid());
}

TEST(LoggerTest, RecordsBelowTheMinimumAreNotEmitted) {
  Seen seen;
  LoggerProvider provider(Named("shop"));
  provider.AddProcessor(std::make_unique<Recorder>(seen));
  provider.SetMinimumSeverity(Severity::kWarn);
  const Logger logger = provider.GetLogger("home");
  logger.Debug("no");
  logger.Info("no");
  logger.Warn("yes");
  logger.Error("yes");
  logger.Emit(Severity::kFatal, "yes");
  EXPECT_EQ(seen.lines, (std::vector<std::string>{"WARN yes", "ERROR yes", "FATAL yes"}));
}

TEST(LoggerTest, EveryProcessorIsFlushedEvenIfOneFailsAndShutDownOnce) {
  Seen first;
  Seen second;
  {
    LoggerProvider provider(Named("shop"));
    provider.AddProcessor(std::make_unique<Recorder>(first, false));
    provider.AddProcessor(std::make_unique<Recorder>(second));
    EXPECT_FALSE(provider.ForceFlush(milliseconds(500)));
    EXPECT_EQ(second.timeouts.size(), 1u);
    EXPECT_EQ(second.timeouts[0], milliseconds(500));  // all of it: they are asked at once
    EXPECT_FALSE(provider.Shutdown(milliseconds(500)));
    EXPECT_TRUE(provider.Shutdown(milliseconds(500)));
  }
  EXPECT_EQ(first.shutdowns, 1);
  EXPECT_EQ(second.shutdowns, 1);
}

TEST(LoggerTest, ALoggerMayOutliveItsProviderAndSeverityHasWords) {
  std::unique_ptr<Logger> logger;
  {
    LoggerProvider provider(Named("shop"));
    logger = std::make_unique<Logger>(provider.GetLogger("late"));
  }
  logger->Info("nobody listens");
  EXPECT_EQ(SeverityText(Severity::kTrace), "TRACE");
  EXPECT_EQ(SeverityText(static_cast<Severity>(10)), "INFO");  // INFO2 of OpenTelemetry
  EXPECT_EQ(SeverityText(static_cast<Severity>(24)), "FATAL");
}

}  // namespace
}  // namespace skep::sdk
