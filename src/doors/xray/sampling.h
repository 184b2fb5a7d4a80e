// SPDX-License-Identifier: Apache-2.0
// Central sampling as X-Ray's SDKs ask for it: one rule, Default, that samples every request. AWS's
// own default (one a second and 5 %) keeps a bill small; here a request without its segment would
// be a trace with a hole. Pure; thread-safe.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.h"

namespace skep::xray {

// GetSamplingRules: the body may be empty (ADOT sends none).
Result<std::string> SamplingRules(std::string_view body);
// GetSamplingTargets: a target for each rule that a client reports about.
Result<std::string> SamplingTargets(std::string_view body, int64_t now_ns);

}  // namespace skep::xray
