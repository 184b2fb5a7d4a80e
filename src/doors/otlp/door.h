// SPDX-License-Identifier: Apache-2.0
// The OTLP door: POST /v1/traces, /v1/logs, /v1/metrics in protobuf and JSON, and the three gRPC
// Export methods. A request is decoded on the worker that read it, given to the sink, and answered
// when the sink has it on disk. README.md in this folder says what the door speaks. Handlers are
// thread-safe; what Register is given must outlive the router.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/counters.h"
#include "base/limits.h"
#include "base/result.h"
#include "ingest/sink.h"
#include "model/record_batch.h"
#include "net/router.h"

namespace skep::otlp {

struct DoorOptions {
  Limits limits;
  int retry_after_s = 1;  // said with every throttle reply
  // What a key in `x-honeycomb-team` must not do: send at all (kUnauthenticated,
  // kPermissionDenied), or send what its request was decoded to (kNotFound: to a dataset that is
  // not there). Other errors are trouble of the server's. Null: every key may. Called from workers;
  // must be thread-safe.
  std::function<Status(const std::string& project, std::string_view key)> check_key{};
  std::function<Status(const std::string& project, std::string_view key, const RecordBatch& batch)>
      check_datasets{};
};

void Register(net::Router& router, Sink& sink, Counters& counters, const DoorOptions& options = {});

// How the sink decodes this door's journal entries again.
std::vector<std::pair<WireFormat, DecodeFunction>> Formats(const Limits& limits = {});

}  // namespace skep::otlp
