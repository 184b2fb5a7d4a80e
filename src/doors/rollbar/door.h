// SPDX-License-Identifier: Apache-2.0
// The Rollbar door: POST /api/1/item/, where Rollbar's SDKs send errors and messages. An item is
// decoded on the worker that read it, given to the sink, and answered when the sink has it on disk.
// README.md in this folder says what the door speaks. Handlers are thread-safe; what Register is
// given must outlive the router.
#pragma once

#include <cstddef>
#include <utility>
#include <vector>

#include "base/counters.h"
#include "base/limits.h"
#include "ingest/sink.h"
#include "net/router.h"

namespace skep::rollbar {

// An item's body at most, sixteen times what Rollbar takes: its parsed form is up to twenty times
// as large.
inline constexpr size_t kBodyBytesMax = 8u << 20;

struct DoorOptions {
  Limits limits;
  int retry_after_s = 1;  // said with every throttle reply
};

void Register(net::Router& router, Sink& sink, Counters& counters, const DoorOptions& options = {});

// How the sink decodes this door's journal entries again.
std::vector<std::pair<WireFormat, DecodeFunction>> Formats(const Limits& limits = {});

}  // namespace skep::rollbar
