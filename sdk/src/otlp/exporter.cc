// SPDX-License-Identifier: Apache-2.0
#include "skep/sdk/otlp/exporter.h"

#include "otlp/pipeline.h"
#include "skep/sdk/logger.h"
#include "skep/sdk/span_data.h"

namespace skep::sdk::otlp {

SpanExporter::SpanExporter(ExporterOptions options)
    : pipeline_(std::make_shared<Pipeline>("otlp-traces", options)) {}
SpanExporter::SpanExporter(std::shared_ptr<Pipeline> pipeline) : pipeline_(std::move(pipeline)) {}
SpanExporter::~SpanExporter() { pipeline_->Shutdown(std::chrono::milliseconds(0)); }

void SpanExporter::OnEnd(const SpanData& span) noexcept { pipeline_->Records().Add(span); }
bool SpanExporter::ForceFlush(std::chrono::milliseconds timeout) noexcept {
  return pipeline_->Flush(timeout);
}
bool SpanExporter::Shutdown(std::chrono::milliseconds timeout) noexcept {
  return pipeline_->Shutdown(timeout);
}
std::shared_ptr<const ExportCounters> SpanExporter::Counters() const {
  return pipeline_->Counters();
}

LogExporter::LogExporter(ExporterOptions options)
    : pipeline_(std::make_shared<Pipeline>("otlp-logs", options)) {}
LogExporter::LogExporter(std::shared_ptr<Pipeline> pipeline) : pipeline_(std::move(pipeline)) {}
LogExporter::~LogExporter() { pipeline_->Shutdown(std::chrono::milliseconds(0)); }

void LogExporter::OnEmit(const LogRecord& record) noexcept { pipeline_->Records().Add(record); }
bool LogExporter::ForceFlush(std::chrono::milliseconds timeout) noexcept {
  return pipeline_->Flush(timeout);
}
bool LogExporter::Shutdown(std::chrono::milliseconds timeout) noexcept {
  return pipeline_->Shutdown(timeout);
}
std::shared_ptr<const ExportCounters> LogExporter::Counters() const {
  return pipeline_->Counters();
}

}  // namespace skep::sdk::otlp
