// SPDX-License-Identifier: Apache-2.0
// The Honeycomb door: what its SDKs send (POST /1/events, /1/batch, /1/kinesis_events). Events are
// decoded on the worker that read them, given to the sink, and answered when the sink has them on
// disk. README.md in this folder says what the door speaks. Handlers are thread-safe; what Register
// is given must outlive the router.
#pragma once

#include <utility>
#include <vector>

#include "base/counters.h"
#include "base/limits.h"
#include "doors/honeycomb/datasets.h"
#include "doors/honeycomb/known_keys.h"
#include "ingest/sink.h"
#include "net/router.h"

namespace skep::honeycomb {

struct DoorOptions {
  Limits limits;
  int retry_after_s = 1;  // said with every throttle reply
};

struct Parts {
  Sink* sink = nullptr;
  Counters* counters = nullptr;
  Datasets* datasets = nullptr;
  KnownKeys* keys = nullptr;
  DoorOptions options{};
};

void Register(net::Router& router, const Parts& parts);

// How the sink decodes this door's journal entries again.
std::vector<std::pair<WireFormat, DecodeFunction>> Formats(const Limits& limits = {});

}  // namespace skep::honeycomb
