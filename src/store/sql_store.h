// SPDX-License-Identifier: Apache-2.0
// SqlStore: what every kind of store does alike, given that it can run SQL: migrations, answers
// decoded, promotions, statistics. Thread-safe.
#pragma once

#include <atomic>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/bytes.h"
#include "store/bound_values.h"
#include "store/promotions.h"
#include "store/store.h"

namespace skep {

class SqlStore : public Store {
 public:
  Status Migrate() override;
  Result<ResultTable> Query(const Statement& statement, const QueryOptions& options,
                            const CancelToken& cancel) override;
  using Store::Query;
  Result<StoreStats> Stats() override;
  Status PromoteScanned(const PromotionRules& rules) override;

 protected:
  // Runs one statement of ours; its answer in Native form. `values` are bound as they are.
  virtual Result<EngineAnswer> Run(const std::string& sql, const BoundValues& values,
                                   const QueryOptions& options, const CancelToken& cancel) = 0;
  // Makes the database itself, from a connection that may not be in it yet.
  virtual Status CreateDatabase() = 0;

 private:
  Result<uint32_t> MigratedTo();
  Status RunOnly(const std::string& sql, const QueryOptions& options);
  Status FindPromotions();
  Status Promote(const TypedAttribute& attribute);

  Promotions promotions_;
  std::atomic<uint64_t> queries_{0};
  std::atomic<int64_t> query_ns_{0};
};

}  // namespace skep
