// SPDX-License-Identifier: Apache-2.0
// For tests of this folder: keeps the spans that ended and the segments that were sent.
#pragma once

#include <chrono>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "skep/sdk/processor.h"
#include "skep/sdk/propagation.h"
#include "skep/sdk/span_data.h"
#include "skep/sdk/tracer.h"
#include "skep/sdk/xray/recorder.h"

namespace skep::sdk::http {

struct RecordedSpan {
  std::string name;
  SpanKind kind = SpanKind::kInternal;
  SpanContext context;
  SpanId parent_id;
  StatusCode status = StatusCode::kUnset;
  std::string description;
  std::map<std::string, std::string> attributes;  // values as text
  size_t events = 0;
};

inline std::string TextOf(const AttributeValue& value) {
  if (const auto* text = std::get_if<std::string_view>(&value.Get())) return std::string(*text);
  if (const auto* number = std::get_if<int64_t>(&value.Get())) return std::to_string(*number);
  return "?";
}

class RecordingProcessor : public SpanProcessor {
 public:
  explicit RecordingProcessor(std::vector<RecordedSpan>& spans) : spans_(spans) {}
  void OnEnd(const SpanData& span) noexcept override {
    RecordedSpan recorded{.name = std::string(span.name),
                          .kind = span.kind,
                          .context = *span.context,
                          .parent_id = span.parent_id,
                          .status = span.status,
                          .description = std::string(span.status_description),
                          .attributes = {},
                          .events = span.events.size()};
    for (const auto& [key, value] : span.attributes) {
      recorded.attributes.emplace(key, TextOf(value));
    }
    spans_.push_back(std::move(recorded));
  }
  bool ForceFlush(std::chrono::milliseconds) noexcept override { return true; }
  bool Shutdown(std::chrono::milliseconds) noexcept override { return true; }

 private:
  std::vector<RecordedSpan>& spans_;
};

class RecordingEmitter : public xray::Emitter {
 public:
  void Send(std::string_view document, uint32_t) noexcept override {
    documents.emplace_back(document);
  }
  bool Flush(std::chrono::milliseconds) noexcept override { return true; }
  const std::shared_ptr<ExportCounters>& Counters() const noexcept override { return counters_; }

  std::vector<std::string> documents;

 private:
  std::shared_ptr<ExportCounters> counters_ = std::make_shared<ExportCounters>();
};

// A provider, a recorder and what came of them.
struct Recording {
  Recording() { provider.AddProcessor(std::make_unique<RecordingProcessor>(spans)); }

  std::vector<RecordedSpan> spans;
  std::shared_ptr<RecordingEmitter> emitter = std::make_shared<RecordingEmitter>();
  TracerProvider provider{TracerProviderOptions{}};
  std::shared_ptr<const Propagator> propagator = TraceContextPropagator();
  Tracer tracer = provider.GetTracer("test");
  xray::Recorder recorder{Options()};

 private:
  xray::RecorderOptions Options() const {
    xray::RecorderOptions options;
    options.service = "backend";
    options.dynamic_naming = "*.example.com*";
    options.sampling = false;
    options.emitter = emitter;
    return options;
  }
};

}  // namespace skep::sdk::http
