// SPDX-License-Identifier: Apache-2.0
// EngineConnection: one session with the embedded engine. Its settings are kept between queries and
// only what changes is set again. Used by one thread at a time.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "store/bound_values.h"
#include "store/embedded/chdb_api.h"
#include "store/store.h"

namespace skep {

class EngineConnection {
 public:
  // `arguments` as on a command line: `--path=...`, `--SETTING=VALUE`.
  static Result<std::unique_ptr<EngineConnection>> Open(const ChdbApi& api,
                                                        std::vector<std::string> arguments);
  ~EngineConnection();
  EngineConnection(const EngineConnection&) = delete;
  EngineConnection& operator=(const EngineConnection&) = delete;

  // Errors are as QueryError makes them.
  Result<EngineAnswer> Run(std::string_view sql, const BoundValues& values,
                           std::string_view format);
  // `SET settings`, unless they were the last ones already.
  Status Set(const std::string& settings);
  // `sql` is the INSERT without its data and without FORMAT. Errors are as InsertError makes them.
  // Gives the number of rows stored.
  Result<uint64_t> Insert(std::string_view sql, std::string_view data, std::string_view format);
  ChdbQueryAnalysis Classify(std::string_view sql);

 private:
  EngineConnection(const ChdbApi& api, ChdbConnection** connection)
      : api_(api), connection_(connection) {}
  std::string FeedInsert(ChdbInsert* stream, std::string_view data, uint64_t* rows);

  const ChdbApi& api_;
  ChdbConnection** connection_;
  std::string settings_;
};

}  // namespace skep
