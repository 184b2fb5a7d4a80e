// SPDX-License-Identifier: Apache-2.0
// The CloudWatch Logs door: AWS JSON 1.1 by the header `X-Amz-Target: Logs_20140328.OPERATION`.
// Events go to the sink, groups and streams to the catalog, and both are read back. README.md in
// this folder says what the door speaks. Handlers are thread-safe; what Register is given must
// outlive the router.
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "base/clock.h"
#include "base/counters.h"
#include "base/limits.h"
#include "catalog/log_groups.h"
#include "ingest/sink.h"
#include "net/router.h"
#include "query/reader.h"

namespace skep::cloudwatch {

struct DoorOptions {
  Limits limits;
  std::string account_id = "123456789012";  // in ARNs
  std::string region = "us-east-1";         // in ARNs of requests that do not say theirs
  // Events of before that are rejected as too old, as AWS does; 0: none are.
  int64_t too_old_days = 14;
};

struct Parts {
  Sink* sink = nullptr;
  Counters* counters = nullptr;
  LogGroups* groups = nullptr;
  Reader* reader = nullptr;
  DoorOptions options{};
};

void Register(net::Router& router, const Parts& parts);

// How the sink decodes this door's journal entries again.
std::vector<std::pair<WireFormat, DecodeFunction>> Formats(const Limits& limits = {});

}  // namespace skep::cloudwatch
