// SPDX-License-Identifier: Apache-2.0
// The OTLP door: POST /v1/traces, /v1/logs, /v1/metrics in protobuf and JSON, and the three gRPC
// Export methods. A request is decoded on the worker that read it, given to the sink, and answered
// when the sink has it on disk. README.md in this folder says what the door speaks. Handlers are
// thread-safe; what Register is given must outlive the router.
#pragma once

#include <utility>
#include <vector>

#include "base/counters.h"
#include "base/limits.h"
#include "ingest/sink.h"
#include "net/router.h"

namespace skep::otlp {

struct DoorOptions {
  Limits limits;
  int retry_after_s = 1;  // said with every throttle reply
};

void Register(net::Router& router, Sink& sink, Counters& counters, const DoorOptions& options = {});

// How the sink decodes this door's journal entries again.
std::vector<std::pair<WireFormat, DecodeFunction>> Formats(const Limits& limits = {});

}  // namespace skep::otlp
