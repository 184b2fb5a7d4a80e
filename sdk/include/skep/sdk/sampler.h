// SPDX-License-Identifier: Apache-2.0
// Samplers: which spans are recorded, as in OpenTelemetry's trace SDK. The ratio sampler writes its
// threshold into `tracestate` (ot=th:...), so that a server can weigh what it gets by how much was
// left out. Thread-safe.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "skep/sdk/attribute.h"
#include "skep/sdk/span.h"
#include "skep/sdk/span_context.h"

namespace skep::sdk {

struct SamplingRequest {
  const SpanContext* parent;  // null for a root
  TraceId trace_id;
  std::string_view name;
  SpanKind kind;
  Attributes attributes;  // those given at the start
};

struct SamplingResult {
  bool sampled = false;
  std::string trace_state;  // of the new span
  // Of the new span, if it is sampled: why, such as the rule that decided.
  std::vector<std::pair<std::string, std::string>> attributes = {};
};

class Sampler {
 public:
  virtual ~Sampler() = default;
  virtual SamplingResult ShouldSample(const SamplingRequest& request) = 0;
};

std::shared_ptr<Sampler> AlwaysOnSampler();
std::shared_ptr<Sampler> AlwaysOffSampler();
// Keeps `ratio` (0 to 1) of the traces, the same ones in every process: decides by the trace id's
// last 56 bits against a threshold (opentelemetry.io/docs/specs/otel/trace/tracestate-probability-
// sampling).
std::shared_ptr<Sampler> TraceIdRatioSampler(double ratio);
// Roots ask `root`; children do as their parent.
std::shared_ptr<Sampler> ParentBasedSampler(std::shared_ptr<Sampler> root);

}  // namespace skep::sdk
