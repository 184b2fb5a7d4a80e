// SPDX-License-Identifier: Apache-2.0
// The ClickHouse HTTP interface over the store, for Grafana, DBeaver, clickhouse-connect and
// notebooks: https://clickhouse.com/docs/interfaces/http. A router of its own: its path is `/`.
// Answers only loopback and only reads, unless it is opened for the tests of the cluster store.
#pragma once

#include <functional>

#include "base/result.h"
#include "net/router.h"
#include "store/store.h"

namespace skep::sql_endpoint {

struct EndpointOptions {
  bool read_only = true;
  size_t query_bytes_max = 1u << 20;
  size_t insert_bytes_max = 512u << 20;  // only if not read-only
  // Before each query: has what was acknowledged until now committed. Unset: what is visible will
  // do.
  std::function<Status()> refresh;
};

// `store` must outlive the router.
void Register(net::Router& router, Store& store, const EndpointOptions& options);

}  // namespace skep::sql_endpoint
