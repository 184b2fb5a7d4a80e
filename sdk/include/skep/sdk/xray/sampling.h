// SPDX-License-Identifier: Apache-2.0
// SegmentSampler: who decides whether a segment is recorded when no caller has decided it.
#pragma once

#include <string>
#include <string_view>

namespace skep::sdk::xray {

// What X-Ray's sampling rules look at. What is empty is not known, and then any rule fits in that
// respect, as in X-Ray's SDKs.
struct SamplingQuery {
  std::string_view service = {};       // the segment's name
  std::string_view service_type = {};  // its origin: "AWS::EC2::Instance"
  std::string_view host = {};
  std::string_view method = {};
  std::string_view url_path = {};
  std::string_view resource_arn = {};
};

struct SamplingDecision {
  bool sampled = false;
  std::string rule;  // the rule that decided; empty for the fallback
};

class SegmentSampler {
 public:
  virtual ~SegmentSampler() = default;
  virtual SamplingDecision Decide(const SamplingQuery& query) = 0;  // thread-safe
};

}  // namespace skep::sdk::xray
