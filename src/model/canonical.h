// SPDX-License-Identifier: Apache-2.0
// The canonical text of records, for golden cases and messages of tests: every field that is set,
// attributes in order of name, so that two batches with the same text hold the same records.
// Described in tests/golden/README.md. Pure.
#pragma once

#include <string>

#include "model/record_batch.h"

namespace skep {

void AppendCanonical(const RecordBatch& batch, const Record& record, std::string* out);

// All records in order; `rejected N: reason` first if there were any.
std::string Canonical(const RecordBatch& batch);

// RFC 3339 in UTC with nine decimals, and back (up to nine decimals, `Z` only). False for text that
// is no time.
std::string FormatTime(int64_t time_ns);
bool ParseTime(std::string_view text, int64_t* time_ns);

}  // namespace skep
