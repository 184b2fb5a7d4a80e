// SPDX-License-Identifier: Apache-2.0
// The embedded store: ClickHouse as a library in this process (libchdb). One engine a process; its
// folder belongs to it alone. See docs/adr/0002-events-table.md for what it costs.
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "base/result.h"
#include "store/store.h"

namespace skep {

struct EmbeddedOptions {
  std::string directory;
  // libchdb.so; empty: $SKEP_CHDB_LIB, else beside the executable, else where the system looks.
  std::string library_path;
  std::string database = "skep";
  int connections = 4;  // queries that may run at once
  // What the engine takes in all before it refuses queries.
  uint64_t memory_bytes_max = 2048ull << 20;
};

// The tables are made by Migrate. kFailedPrecondition: no library, a folder that cannot be used, or
// one that another process has open.
Result<std::unique_ptr<Store>> OpenEmbeddedStore(const EmbeddedOptions& options);

}  // namespace skep
