// SPDX-License-Identifier: Apache-2.0
// The page's API under /api/ui/, as openapi.yaml in this folder describes it. Register adds its
// routes; each question is answered on the query worker that read it, within a deadline, and given
// up when the browser goes away. Handlers are thread-safe; what Parts names must outlive the
// router.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "base/clock.h"
#include "base/counters.h"
#include "catalog/documents.h"
#include "catalog/items.h"
#include "fields/catalogue.h"
#include "ingest/sink.h"
#include "net/router.h"
#include "query/bubbleup/bubbleup_runs.h"
#include "query/explore/query_runs.h"
#include "query/reader.h"
#include "query/trace/trace_cache.h"

namespace skep::ui {

struct Parts {
  Reader* reader = nullptr;
  Items* items = nullptr;
  Documents* documents = nullptr;
  const fields::Catalogue* field_catalogue = nullptr;
  const FieldTypes* field_types = nullptr;
  QueryRuns* query_runs = nullptr;
  BubbleUpRuns* bubbleup_runs = nullptr;
  const Counters* counters = nullptr;
  Sink* sink = nullptr;
  // Name as in openapi.yaml and URL, or HOST:PORT for UDP; asked anew each time.
  std::function<std::vector<std::pair<std::string, std::string>>()> addresses;
  // Datagrams that the kernel threw away before the X-Ray door saw them; unset: nothing listens for
  // any.
  std::function<uint64_t()> datagrams_dropped;
  // Shared: by the routes, which the parts are copied to.
  std::shared_ptr<TraceCache> traces = std::make_shared<TraceCache>();
  std::string version;
  std::string project = "default";
  Clock clock = WallClockNs;
};

void Register(net::Router& router, Parts parts);

}  // namespace skep::ui
