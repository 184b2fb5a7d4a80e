// SPDX-License-Identifier: Apache-2.0
// The history of runs: every query that the page ran, newest first, kept in the catalog as
// documents whose id is the run's. One that is run again stands once. Bounded. Thread-safe.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "catalog/documents.h"
#include "query/explore/query_runs.h"

namespace skep::ui {

inline constexpr size_t kHistoryMax = 1000;

struct PastRun {
  std::string id;
  std::string dataset;
  std::string query;  // JSON
  int64_t ran_ns = 0;
  int64_t elapsed_ms = 0;
  uint64_t rows_read = 0;
  std::string state;
};

std::string_view NameOf(RunState state);

// `spec` as the person asked it.
Status Remember(Documents& documents, const std::string& project, const std::string& dataset,
                const QuerySpec& spec, const std::string& run_id, int64_t now_ns);
// What came of a run, if it is remembered and that is not known yet. An answer is worth more than a
// line of the history: what goes wrong here is logged.
void NoteOutcome(Documents& documents, const std::string& project, const RunStatus& run);
// Newest first; those with `text` in their query or dataset, case aside.
Result<std::vector<PastRun>> ListPastRuns(const Documents& documents, const std::string& project,
                                          std::string_view text, size_t limit);

}  // namespace skep::ui
