// SPDX-License-Identifier: Apache-2.0
// The cluster store: ClickHouse servers over their HTTP interface. The same blocks and the same SQL
// as the embedded one. What is lost on the way is asked again once, which is safe: questions change
// nothing, tables are made if they do not exist, and an insert has its token. A query is looked at
// while it runs, and killed, by its `log_comment`: the address must be that of one server, as
// behind a balancer another one would be asked.
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "base/result.h"
#include "store/store.h"

namespace skep {

struct ClusterOptions {
  std::string url;  // http://host:8123
  std::string user = "default";
  std::string password;
  std::string database = "skep";
  int64_t connect_timeout_ms = 3'000;
  int64_t insert_timeout_ms = 60'000;
};

// Opens no connection yet: Migrate does.
Result<std::unique_ptr<Store>> OpenClusterStore(const ClusterOptions& options);

}  // namespace skep
