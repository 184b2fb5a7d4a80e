// SPDX-License-Identifier: Apache-2.0
// SpanProcessor and LogProcessor: what happens to a span when it ends, and to a log record when it
// is emitted. They are called on the application's own threads, many at once: they must not block,
// throw, or take a lock that is contended.
#pragma once

#include <chrono>

namespace skep::sdk {

class SpanData;   // skep/sdk/span_data.h
class LogRecord;  // skep/sdk/logger.h

class SpanProcessor {
 public:
  virtual ~SpanProcessor() = default;
  // `span` is a view, valid during the call.
  virtual void OnEnd(const SpanData& span) noexcept = 0;
  // Sends what it holds; returns whether everything was delivered in time. Blocks, so it is called
  // by those who want that.
  virtual bool ForceFlush(std::chrono::milliseconds timeout) noexcept = 0;
  // The last flush; later calls of OnEnd count as dropped.
  virtual bool Shutdown(std::chrono::milliseconds timeout) noexcept = 0;
};

class LogProcessor {
 public:
  virtual ~LogProcessor() = default;
  virtual void OnEmit(const LogRecord& record) noexcept = 0;
  virtual bool ForceFlush(std::chrono::milliseconds timeout) noexcept = 0;
  virtual bool Shutdown(std::chrono::milliseconds timeout) noexcept = 0;
};

}  // namespace skep::sdk
