// SPDX-License-Identifier: Apache-2.0
// Router: which handler answers a request. Doors add their routes at start; afterwards it is
// read-only and thread-safe. Matching order: a value of the x-amz-target header, exact method and
// path, longest path prefix, fallback.
#pragma once

#include <cstddef>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "net/http.h"

namespace skep::net {

// Ingest must not wait behind slow queries: each lane has its own workers and its own bounded
// queue.
enum class Lane { kIngest, kQuery };

struct Route {
  std::string method;  // empty: any
  std::string
      path;  // exact path, or a prefix when it ends with `*`; for targets the value's prefix
  Lane lane = Lane::kQuery;
  size_t body_bytes_max = 64u << 20;  // after decompression
  Handler handler;
  ErrorRenderer on_error;  // unset: plain text with ReplyFor(code).http
};

class Router {
 public:
  Router();
  Router(const Router&) = delete;
  Router& operator=(const Router&) = delete;

  void Add(Route route);
  // Requests whose x-amz-target starts with route.path, whatever their path.
  void AddTarget(Route route);
  // Answers what nothing else matches; else a plain 404.
  void SetFallback(Route route);

  // Never null. A path that exists with other methods gives a route that answers 405, a gRPC method
  // that does not exist one that answers UNIMPLEMENTED. HEAD is answered by a GET route where there
  // is no other; its body is left out.
  const Route* Match(const Request& request) const;

 private:
  // All routes of one path, and the route that answers other methods.
  struct Place {
    std::vector<Route> routes;
    Route method_not_allowed;
  };

  static const Route* Choose(const Place& place, std::string_view method);
  static void AddTo(Place* place, Route route);

  std::vector<Route> targets_;
  std::map<std::string, Place, std::less<>> exact_;
  std::vector<std::pair<std::string, Place>> prefixes_;  // longest first, without the `*`
  Route fallback_;
  Route unknown_grpc_method_;
};

}  // namespace skep::net
