// SPDX-License-Identifier: Apache-2.0
// The load of the Honeycomb door: batches of spans of web requests as a beeline sends them,
// nineteen fields each, as JSON or as MessagePack. Users, routes and durations are drawn as for
// spans. Used by one thread.
#pragma once

#include <memory>

#include "load/shape.h"

namespace skep::load {

// Bodies of POST /1/batch/{dataset}.
std::unique_ptr<Load> MakeEventLoad(const LoadOptions& options, bool msgpack);

}  // namespace skep::load
