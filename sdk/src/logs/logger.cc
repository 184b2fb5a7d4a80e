// SPDX-License-Identifier: Apache-2.0
#include "skep/sdk/logger.h"

#include <algorithm>
#include <atomic>
#include <functional>
#include <vector>

#include "core/run_all.h"
#include "skep/sdk/context.h"
#include "skep/sdk/span.h"

namespace skep::sdk {
namespace {

// What provider and loggers share. Loggers may be used while the provider shuts down.
struct Pipeline {
  Resource resource;
  const Clock* clock;
  std::vector<std::unique_ptr<LogProcessor>> processors;  // complete before the first record
  std::atomic<Severity> minimum{Severity::kTrace};
};

}  // namespace

struct Logger::Shared {
  std::shared_ptr<const Pipeline> pipeline;  // with the provider and the other loggers
  InstrumentationScope scope;
};

struct LoggerProvider::Impl {
  std::shared_ptr<Pipeline> pipeline;
  std::atomic<bool> shut_down{false};
};

void Logger::Emit(Severity severity, std::string_view body,
                  std::initializer_list<Attribute> attributes) const {
  const Pipeline& pipeline = *shared_->pipeline;
  if (severity < pipeline.minimum.load(std::memory_order_relaxed)) return;
  LogRecord record;
  record.time_unix_ns = pipeline.clock->UnixNanos();
  record.severity = severity;
  record.body = body;
  record.attributes = {attributes.begin(), attributes.size()};
  try {
    record.span_context = Span::Current().GetContext();
  } catch (...) {  // no memory for its tracestate: the line stands alone
  }
  record.scope = &shared_->scope;
  record.resource = &pipeline.resource;
  for (const auto& processor : pipeline.processors) processor->OnEmit(record);
}

void Logger::Debug(std::string_view body, std::initializer_list<Attribute> attributes) const {
  Emit(Severity::kDebug, body, attributes);
}

void Logger::Info(std::string_view body, std::initializer_list<Attribute> attributes) const {
  Emit(Severity::kInfo, body, attributes);
}

void Logger::Warn(std::string_view body, std::initializer_list<Attribute> attributes) const {
  Emit(Severity::kWarn, body, attributes);
}

void Logger::Error(std::string_view body, std::initializer_list<Attribute> attributes) const {
  Emit(Severity::kError, body, attributes);
}

LoggerProvider::LoggerProvider(Resource resource, const Clock* clock)
    : impl_(std::make_unique<Impl>()) {
  impl_->pipeline = std::make_shared<Pipeline>();
  impl_->pipeline->resource = std::move(resource);
  impl_->pipeline->clock = clock == nullptr ? &Clock::System() : clock;
}

LoggerProvider::~LoggerProvider() { Shutdown(std::chrono::seconds(5)); }

void LoggerProvider::AddProcessor(std::unique_ptr<LogProcessor> processor) {
  if (processor != nullptr) impl_->pipeline->processors.push_back(std::move(processor));
}

void LoggerProvider::SetMinimumSeverity(Severity severity) {
  impl_->pipeline->minimum.store(severity, std::memory_order_relaxed);
}

Logger LoggerProvider::GetLogger(std::string_view name) {
  auto shared = std::make_shared<Logger::Shared>();
  shared->pipeline = impl_->pipeline;
  shared->scope.name = name;
  return Logger(std::move(shared));
}

namespace {

using Call = bool (LogProcessor::*)(std::chrono::milliseconds);

// Asks all processors at once, so that each has all of the time.
bool AskAll(const Pipeline& pipeline, std::chrono::milliseconds timeout, Call call) {
  timeout = std::max(timeout, std::chrono::milliseconds(0));
  std::vector<std::function<bool()>> parts;
  for (const auto& processor : pipeline.processors) {
    parts.emplace_back([&processor, timeout, call] { return (*processor.*call)(timeout); });
  }
  return RunAll(parts);
}

}  // namespace

bool LoggerProvider::ForceFlush(std::chrono::milliseconds timeout) {
  return AskAll(*impl_->pipeline, timeout, &LogProcessor::ForceFlush);
}

bool LoggerProvider::Shutdown(std::chrono::milliseconds timeout) {
  if (impl_->shut_down.exchange(true)) return true;
  return AskAll(*impl_->pipeline, timeout, &LogProcessor::Shutdown);
}

}  // namespace skep::sdk
