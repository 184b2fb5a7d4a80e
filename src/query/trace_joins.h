// SPDX-License-Identifier: Apache-2.0
// DescribeJoins: says of a trace's rows, door by door, how they came to be in it. Pure.
#pragma once

#include <map>
#include <string>
#include <unordered_map>
#include <vector>

#include "query/trace.h"

namespace skep {

// Joins by the trace, or by the event id of the line or occurrence, that they brought in.
using GuestJoins = std::map<TraceId, const JoinRecord*>;
using EventJoins = std::unordered_map<uint64_t, const JoinRecord*>;

// A line that is shown by its twin.
struct TwinJoin {
  EventRow event;
  std::string row;   // id of the row that shows it
  std::string text;  // the evidence, where there was a join
};

std::vector<TraceJoin> DescribeJoins(const Trace& trace, const std::vector<TwinJoin>& twins,
                                     const GuestJoins& guests, const EventJoins& events);

}  // namespace skep
