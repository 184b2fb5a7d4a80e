// SPDX-License-Identifier: Apache-2.0
// LoggerProvider and Logger, as in OpenTelemetry's logs API: a record has the time, a severity, a
// body, attributes, and the ids of the span that is current. Thread-safe; emitting never blocks and
// never throws.
#pragma once

#include <chrono>
#include <cstdint>
#include <initializer_list>
#include <memory>
#include <string>
#include <string_view>

#include "skep/sdk/attribute.h"
#include "skep/sdk/clock.h"
#include "skep/sdk/processor.h"
#include "skep/sdk/resource.h"
#include "skep/sdk/span_context.h"
#include "skep/sdk/span_data.h"

namespace skep::sdk {

// The numbers of OpenTelemetry's SeverityNumber.
enum class Severity : uint8_t {
  kTrace = 1,
  kDebug = 5,
  kInfo = 9,
  kWarn = 13,
  kError = 17,
  kFatal = 21
};
std::string_view SeverityText(Severity severity);  // "INFO"

// What a processor sees: a view, valid during OnEmit.
class LogRecord {
 public:
  int64_t time_unix_ns = 0;
  Severity severity = Severity::kInfo;
  std::string_view body;
  std::span<const Attribute> attributes;
  SpanContext span_context;  // of the current span, if there is one
  const InstrumentationScope* scope = nullptr;
  const Resource* resource = nullptr;
};

class Logger {
 public:
  void Emit(Severity severity, std::string_view body,
            std::initializer_list<Attribute> attributes = {}) const;
  void Debug(std::string_view body, std::initializer_list<Attribute> attributes = {}) const;
  void Info(std::string_view body, std::initializer_list<Attribute> attributes = {}) const;
  void Warn(std::string_view body, std::initializer_list<Attribute> attributes = {}) const;
  void Error(std::string_view body, std::initializer_list<Attribute> attributes = {}) const;

 private:
  friend class LoggerProvider;
  struct Shared;
  explicit Logger(std::shared_ptr<const Shared> shared) : shared_(std::move(shared)) {}
  std::shared_ptr<const Shared> shared_;  // shared with the provider
};

class LoggerProvider {
 public:
  explicit LoggerProvider(Resource resource, const Clock* clock = nullptr);
  ~LoggerProvider();
  LoggerProvider(const LoggerProvider&) = delete;
  LoggerProvider& operator=(const LoggerProvider&) = delete;

  // Before the first record.
  void AddProcessor(std::unique_ptr<LogProcessor> processor);
  // Records below it are not emitted.
  void SetMinimumSeverity(Severity severity);
  Logger GetLogger(std::string_view name);
  bool ForceFlush(std::chrono::milliseconds timeout);
  bool Shutdown(std::chrono::milliseconds timeout);

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace skep::sdk
