// SPDX-License-Identifier: Apache-2.0
// The list of doors: what each adds to the routers, and how the sink decodes its journal entries
// again. A new door is named here and nowhere else.
#pragma once

#include <utility>
#include <vector>

#include "base/counters.h"
#include "catalog/documents.h"
#include "catalog/log_groups.h"
#include "doors/honeycomb/datasets.h"
#include "doors/honeycomb/dependency_runs.h"
#include "doors/honeycomb/known_keys.h"
#include "fields/catalogue.h"
#include "ingest/sink.h"
#include "net/router.h"
#include "net/server.h"
#include "query/explore/query_runs.h"
#include "query/reader.h"

namespace skep::app {

struct DoorParts {
  Sink* sink;
  Counters* counters;
  Reader* reader;
  LogGroups* log_groups;
  Documents* documents;
  honeycomb::Datasets* honeycomb_datasets;
  honeycomb::KnownKeys* honeycomb_keys;
  const fields::Catalogue* field_catalogue;
  QueryRuns* query_runs;
  const FieldTypes* field_types;  // what those were made with
  honeycomb::DependencyRuns* dependency_runs;
};

// Which paths answer where.
struct DoorRouters {
  net::Router* everything;  // the main port
  net::Router* otlp;        // where SDKs look for a collector
  net::Router* xray;        // where X-Ray SDKs look for the daemon
};

std::vector<std::pair<WireFormat, DecodeFunction>> DoorFormats();
void RegisterDoors(const DoorRouters& routers, const DoorParts& parts);
// For the daemon's UDP port.
net::DatagramHandler XRayDatagrams(const DoorParts& parts);

}  // namespace skep::app
