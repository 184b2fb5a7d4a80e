// SPDX-License-Identifier: Apache-2.0
#include "query/reader.h"

namespace skep {

Status Reader::Refresh(Freshness freshness, int64_t deadline_ms) {
  if (freshness == Freshness::kRecent) return {};
  return sink_->Barrier(deadline_ms);
}

Result<ResultTable> Reader::Run(const Statement& statement, const QueryOptions& options,
                                const CancelToken& cancel) {
  return store_->Query(statement, options, cancel);
}

}  // namespace skep
