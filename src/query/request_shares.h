// SPDX-License-Identifier: Apache-2.0
// AddShares: fills in what each door says in the traces of some requests, the traces and records
// that were joined to them included. Thread-safe, as the Reader is.
#pragma once

#include <string>
#include <vector>

#include "query/reader.h"
#include "query/request_summary.h"

namespace skep {

Status AddShares(Reader& reader, const std::string& project, bool by_evidence,
                 const CancelToken& cancel, std::vector<RequestSummary>* requests);

}  // namespace skep
