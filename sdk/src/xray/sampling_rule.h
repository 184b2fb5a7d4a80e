// SPDX-License-Identifier: Apache-2.0
// SamplingRule: one of X-Ray's rules with its reservoir and statistics; and the daemon's answers
// read. Plain data, guarded by the sampler that owns it.
// docs.aws.amazon.com/xray/latest/api/API_SamplingRule.html
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "skep/sdk/attribute.h"
#include "skep/sdk/xray/sampling.h"

namespace skep::sdk::xray {

struct SamplingRule {
  std::string name;
  int64_t priority = 0;
  double fixed_rate = 0;
  int64_t reservoir_size = 0;
  std::string host = "*";
  std::string method = "*";
  std::string url_path = "*";
  std::string service = "*";
  std::string service_type = "*";
  std::string resource_arn = "*";
  std::map<std::string, std::string, std::less<>> attributes;

  bool IsDefault() const { return name == "Default"; }
};

// How a rule is asked. Segments: what is not known fits (aws_xray_sdk). Spans: only "*" fits it,
// and the rule's attributes must be among the span's (AWS's sampler for OpenTelemetry).
struct RuleQuery {
  SamplingQuery query;
  bool unknown_fits = true;
  Attributes attributes;  // of a span
};
bool Matches(const SamplingRule& rule, const RuleQuery& query);

// What changes of a rule while it is in use; kept when the rules are fetched again.
struct RuleState {
  double rate = 0;               // the target's, first the rule's
  std::optional<int64_t> quota;  // a second, of this process
  int64_t quota_until_unix_s = 0;
  int64_t second = 0;  // in which `used` were taken or borrowed
  int64_t used = 0;
  int64_t next_report_ns = 0;  // by the steady clock
  int64_t interval_ns = 10'000'000'000;
  uint64_t requests = 0;
  uint64_t sampled = 0;
  uint64_t borrowed = 0;
};

struct SamplingTarget {
  std::string rule;
  double fixed_rate = 0;
  std::optional<int64_t> quota;
  std::optional<int64_t> quota_until_unix_s;
  std::optional<int64_t> interval_s;
};

struct TargetsAnswer {
  std::vector<SamplingTarget> targets;
  double last_modified_unix_s = 0;
};

// Rules of version 1 with a name, by priority and name; nothing if the body is none of
// GetSamplingRules.
std::optional<std::vector<SamplingRule>> ParseRules(std::string_view body);
std::optional<TargetsAnswer> ParseTargets(std::string_view body);

}  // namespace skep::sdk::xray
