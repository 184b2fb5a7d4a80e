// SPDX-License-Identifier: Apache-2.0
// ServiceMap: who calls whom in a range of time, under the same filter as the list of requests:
// services and what they call that tells nothing itself (databases, queues, hosts), each with its
// spread of lengths: a service's as it served, an edge's as its caller saw it. Counts are weighted
// by sample rate. Counted over all spans of the range; what takes too much memory is an error.
// Thread-safe, as the Reader is.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "query/condition.h"
#include "query/reader.h"

namespace skep {

// Lengths in eighths of an octave: bucket n begins at 2^(n/8) ns.
struct LengthSpread {
  struct Bucket {
    double count = 0;
    double errors = 0;
  };
  std::map<uint32_t, Bucket> buckets;

  double Count() const;
  double Errors() const;
  // Within a ninth of the length; 0 where there is none.
  uint64_t Quantile(double share) const;
};

enum class MapNodeKind : uint8_t { kService, kDatabase, kQueue, kHost };

struct MapNode {
  std::string name;
  MapNodeKind kind = MapNodeKind::kService;
  LengthSpread spread;  // empty for what tells nothing itself
};

struct MapEdge {
  std::string from;
  std::string to;
  LengthSpread spread;
};

struct ServiceMap {
  std::vector<MapNode> nodes;  // by name
  std::vector<MapEdge> edges;
};

struct MapQuestion {
  FilterScope scope;
  Filter filter;  // of the requests; empty: all spans of the range
};

// What services served: service, bucket, count, errors.
Result<Statement> PlanMapNodes(const MapQuestion& question, size_t* error_position);
// Calls between services: caller, callee, bucket, count, errors.
Result<Statement> PlanMapEdges(const MapQuestion& question, size_t* error_position);
// Calls that no span answers: caller, callee, kind, bucket, count, errors.
Result<Statement> PlanMapPeers(const MapQuestion& question, size_t* error_position);

// Spans behind a part of a spread: of a node (`from` empty) or an edge. Times in ns, the upper one
// exclusive.
struct MapExamples {
  MapQuestion question;
  std::string from;
  std::string to;
  uint64_t shortest_ns = 0;
  uint64_t longest_ns = 0;
  size_t limit = 20;
};
struct MapExample {
  TraceId trace_id;
  SpanId span_id;
  int64_t time_ns = 0;
  uint64_t duration_ns = 0;
  std::string name;
  bool error = false;
};
// The newest: trace, span, time, length, name, failed.
Result<Statement> PlanMapExamples(const MapExamples& examples, size_t* error_position);
Result<std::vector<MapExample>> ReadMapExamples(Reader& reader, const MapExamples& examples,
                                                const CancelToken& cancel, size_t* error_position);

// The reader must have been refreshed. kInvalidArgument with the place in the filter's text.
Result<ServiceMap> ReadServiceMap(Reader& reader, const MapQuestion& question,
                                  const CancelToken& cancel, size_t* error_position);

}  // namespace skep
