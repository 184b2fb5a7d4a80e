// SPDX-License-Identifier: Apache-2.0
// Recovery: what a start finds in the journal's directory. ReadJournal looks at every file, cuts a
// torn tail and sets damaged bytes aside; ReplayJournal forms the blocks that may not be in the
// store again, sealed ones exactly as they were and under the same token, the rest as new blocks.
// Nothing is deleted before it is in the store, so that a crash in here costs nothing. Thread-
// compatible.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "ingest/block_commit.h"
#include "ingest/dedup_window.h"
#include "ingest/journal.h"
#include "ingest/recent_spans.h"

namespace skep {

// A request that may not be in the store yet.
struct OpenEntry {
  uint64_t sequence = 0;
  size_t offset = 0;  // in its segment
};
struct OpenSegment {
  uint64_t number = 0;
  std::vector<OpenEntry> entries;
};

struct JournalFindings {
  JournalStart start;
  std::vector<OpenSegment> open;
  std::map<uint64_t, SealNote> seals;  // by last sequence; only blocks without a commit note
  uint64_t committed = 0;
  uint64_t torn_bytes = 0;
  uint64_t corrupt_entries = 0;
};

Result<JournalFindings> ReadJournal(JournalIo& io, const std::string& directory, int64_t now_ns,
                                    DedupWindow* dedup);

struct ReplayOptions {
  std::string directory;
  size_t block_rows_max;
  size_t block_bytes_max;
  BlockCommit::WaitBeforeRetry wait;
};
struct ReplayCounts {
  uint64_t requests = 0;
  uint64_t blocks = 0;
  uint64_t unknown_entries = 0;  // set aside in FILE.unknown
};

Result<ReplayCounts> ReplayJournal(JournalIo& io, const ReplayOptions& options,
                                   const JournalFindings& findings, const Sink::Parts& parts,
                                   RecentSpans& recent_spans, BlockCommit& commit);

}  // namespace skep
