// SPDX-License-Identifier: Apache-2.0
// The engine's note of which tokens it has stored, `deduplication_logs/*.txt` beside a table's
// parts: a line `1 TAB PART TAB TOKEN'S HASH` for each insert. The engine writes the line before
// the part gets its name, and never syncs it. Killed in between, it would believe a token whose
// rows it does not have, and a block sent again would be lost. So lines without a part are taken
// out before the engine starts, and the file is synced after each insert.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace skep {

// `log` without a torn last line and without insertions whose part is neither in `directories` nor
// merged into one of them.
std::string KnownInsertions(std::string_view log, const std::vector<std::string>& directories);

// All tables below the engine's folder. The engine must not run.
Status RepairDedupLogs(const std::string& engine_directory);

// The log of the table that keeps its parts in `table_directory`.
Status SyncDedupLog(const std::string& table_directory);

}  // namespace skep
