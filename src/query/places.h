// SPDX-License-Identifier: Apache-2.0
// Places that a few letters may mean: traces by the start of their id, routes and users by a part
// of their name. Routes and users are those of the newest requests. Thread-safe, as the Reader is.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "query/reader.h"
#include "query/time_range.h"

namespace skep {

struct TracePlace {
  TraceId trace_id;
  int64_t time_ns = 0;
  std::string service;
  std::string name;
};

struct NamedPlace {
  std::string name;
  uint64_t requests = 0;
};

enum class PlaceKind { kRoute, kUser };

// Hex digits that a trace id begins with, lower case, from text that may be a part of X-Ray's
// spelling; empty if it is none or has fewer than 6.
std::string TraceIdPrefix(std::string_view text);

// trace_id, time, service, name of its first record; newest first.
Statement PlanTracePlaces(std::string_view project, const TimeRange& range,
                          std::string_view prefix);
// name, how many of the newest requests; most first.
Statement PlanNamedPlaces(std::string_view project, const TimeRange& range, PlaceKind kind,
                          std::string_view part);

Result<std::vector<TracePlace>> FindTracePlaces(Reader& reader, const std::string& project,
                                                const TimeRange& range, std::string_view prefix,
                                                const CancelToken& cancel);
Result<std::vector<NamedPlace>> FindNamedPlaces(Reader& reader, const std::string& project,
                                                const TimeRange& range, PlaceKind kind,
                                                std::string_view part, const CancelToken& cancel);

}  // namespace skep
