// SPDX-License-Identifier: Apache-2.0
// RunAll: several things that each may wait for a receiver, at once, so that one receiver that
// hangs costs the others none of their time. Thread-safe.
#pragma once

#include <functional>
#include <vector>

namespace skep::sdk {

// Returns when all have, and whether all returned true. A single one runs on the calling thread.
bool RunAll(const std::vector<std::function<bool()>>& parts);

}  // namespace skep::sdk
