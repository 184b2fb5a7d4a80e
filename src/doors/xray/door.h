// SPDX-License-Identifier: Apache-2.0
// The X-Ray door: segment documents by datagram and by PutTraceSegments, and what SDKs and the
// daemon ask besides (sampling, telemetry). The same routes serve the API and the daemon's TCP
// port, which proxies it. README.md in this folder says what the door speaks. Handlers are
// thread-safe; what they are given must outlive them.
#pragma once

#include <utility>
#include <vector>

#include "base/clock.h"
#include "base/counters.h"
#include "base/limits.h"
#include "ingest/sink.h"
#include "net/router.h"
#include "net/server.h"

namespace skep::xray {

struct DoorOptions {
  Limits limits;
  Clock clock = WallClockNs;  // datagrams have no time of their own
  // The OTLP door's decoder of WireFormat::kOtlpTracesProto, for OTLP inside X-Ray's protocol;
  // without it such documents are refused.
  DecodeFunction otlp_traces;
};

void Register(net::Router& router, Sink& sink, Counters& counters, const DoorOptions& options = {});

// For the daemon's UDP port. There is no answer: what is not taken is counted as dropped.
net::DatagramHandler MakeDatagramHandler(Sink& sink, Counters& counters,
                                         const DoorOptions& options = {});

// How the sink decodes this door's journal entries again.
std::vector<std::pair<WireFormat, DecodeFunction>> Formats(const Limits& limits = {});

}  // namespace skep::xray
