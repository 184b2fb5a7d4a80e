// SPDX-License-Identifier: Apache-2.0
// What X-Ray's rules look at, read from a span's attributes and its resource by the names of
// OpenTelemetry's semantic conventions (opentelemetry.io/docs/specs/semconv/http/http-spans), the
// older ones included. Pure.
#pragma once

#include <string>
#include <string_view>

#include "skep/sdk/attribute.h"
#include "skep/sdk/resource.h"
#include "xray/sampling_rule.h"

namespace skep::sdk::xray {

// Of the resource: the service, its type in X-Ray's words, and its ARN.
struct SpanResource {
  std::string service;
  std::string service_type;
  std::string arn;
  static SpanResource Of(const Resource& resource);
};

// The attributes and the resource must live as long as this.
class SpanQuery {
 public:
  SpanQuery(const SpanResource& resource, Attributes attributes);
  const RuleQuery& Asked() const { return asked_; }

 private:
  RuleQuery asked_;
};

}  // namespace skep::sdk::xray
