// SPDX-License-Identifier: Apache-2.0
// The management half of Honeycomb's API: /1/... (datasets, columns, queries and their results,
// boards, markers, triggers, SLOs ...) and /2/... (environments and keys, JSON:API). What people
// make is kept as documents of the catalog. README.md in this folder says what is spoken. Handlers
// are thread-safe; what RegisterApi is given must outlive the router.
#pragma once

#include <cstddef>
#include <functional>
#include <string>

#include "base/clock.h"
#include "base/counters.h"
#include "catalog/documents.h"
#include "doors/honeycomb/datasets.h"
#include "doors/honeycomb/dependency_runs.h"
#include "doors/honeycomb/known_keys.h"
#include "fields/catalogue.h"
#include "net/router.h"
#include "query/explore/query_runs.h"

namespace skep::honeycomb {

// Random letters and digits.
std::string RandomText(size_t length);

struct ApiOptions {
  std::string project = "default";
  // What keys answer that nothing is known of.
  std::string team_name = "Team";
  std::string team_slug = "team";
  std::function<std::string(size_t length)> random_text = RandomText;  // of ids and secrets
};

struct ApiParts {
  Counters* counters = nullptr;
  Documents* documents = nullptr;
  Datasets* datasets = nullptr;
  KnownKeys* keys = nullptr;
  const fields::Catalogue* catalogue = nullptr;
  QueryRuns* runs = nullptr;
  const FieldTypes* types = nullptr;  // what those were made with
  DependencyRuns* dependencies = nullptr;
  ApiOptions options{};
};

// Takes every path below /1/ and /2/ that the router has no longer match for.
void RegisterApi(net::Router& router, const ApiParts& parts);

}  // namespace skep::honeycomb
