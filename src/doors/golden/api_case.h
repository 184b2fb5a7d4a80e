// SPDX-License-Identifier: Apache-2.0
// The family `api`: plays a script of requests against a door's routes. See tests/golden/README.md.
// Only tests use it.
#pragma once

#include "base/result.h"
#include "doors/golden/case_file.h"
#include "doors/golden/runner.h"

namespace skep::golden {

// The case with its `response` and `stored` sections as they came out.
Result<CaseFile> PlayApiCase(const CaseFile& file, const Harness& harness);

}  // namespace skep::golden
