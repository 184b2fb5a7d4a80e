// SPDX-License-Identifier: Apache-2.0
// RuleSampler: X-Ray's sampling rules, for spans (as a Sampler) and for segments (as a
// SegmentSampler). A thread of its own fetches the rules every 5 minutes and reports statistics for
// new targets every 10 seconds (POST /GetSamplingRules and /SamplingTargets at the daemon's TCP
// port; docs.aws.amazon.com/xray/latest/devguide/xray-api-sampling.html). The rules are tried by
// priority, then name. A rule takes from its reservoir, or borrows one a second while it has no
// quota, and beyond that keeps its fixed rate. Without rules, or when they are more than an hour
// old, one request a second and 5 % of the others are sampled. Deciding is thread-safe, takes one
// short lock and does no I/O. A forked child has no such thread, and decides as without rules.
//
// For spans: wrap it in ParentBasedSampler, so that it is asked for roots alone. It reads
// http.request.method, url.path (or the path of url.full), server.address and their older names
// http.method, http.target, http.url, http.host, net.host.name from the attributes given at the
// start; from the resource service.name, cloud.platform and the ARNs. What a rule asks for and a
// span does not have does not match. Sampled spans get the attribute aws.xray.sampling_rule_name.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>

#include "skep/sdk/clock.h"
#include "skep/sdk/resource.h"
#include "skep/sdk/sampler.h"
#include "skep/sdk/xray/sampling.h"

namespace skep::sdk {
class HttpClient;  // src/delivery/http_client.h
}

namespace skep::sdk::xray {

struct RuleSamplerOptions {
  // as for UdpEmitter, its TCP part; AWS_XRAY_DAEMON_ADDRESS wins; default 127.0.0.1:2000
  std::string daemon_address = {};
  Resource resource = {};  // of the spans
  std::chrono::milliseconds rules_interval{300'000};
  std::chrono::milliseconds targets_interval{10'000};
  // of one request; the destructor waits that long at most
  std::chrono::milliseconds timeout{2'000};
  const Clock* clock = nullptr;  // null: the machine's
  bool start_thread = true;      // false: tests call RunOnce with a clock of their own
};

class RuleSampler : public Sampler, public SegmentSampler {
 public:
  explicit RuleSampler(RuleSamplerOptions options);
  RuleSampler(RuleSamplerOptions options, std::unique_ptr<HttpClient> client);
  ~RuleSampler() override;
  RuleSampler(const RuleSampler&) = delete;
  RuleSampler& operator=(const RuleSampler&) = delete;

  SamplingResult ShouldSample(const SamplingRequest& request) override;
  SamplingDecision Decide(const SamplingQuery& query) override;

  // Does what is due by the clock, and returns the SteadyNanos at which something is due next.
  int64_t RunOnce();

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace skep::sdk::xray
