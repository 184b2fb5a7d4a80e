// SPDX-License-Identifier: Apache-2.0
// Exceptions as X-Ray's `cause` has them. Thread-safe; looks up names and lines, so not under a
// lock.
#pragma once

#include <cstddef>
#include <exception>
#include <vector>

#include "xray/node.h"

namespace skep::sdk::xray {

// The exception and what is nested in it, outermost first, at most eight; each names the next as
// its cause. Frames are where each was thrown; where that is not known the outermost has those of
// the caller.
std::vector<ExceptionRecord> RecordException(const std::exception& exception, bool remote,
                                             size_t frames_max);
// The same for whatever was thrown; empty for null.
std::vector<ExceptionRecord> RecordException(const std::exception_ptr& exception, bool remote,
                                             size_t frames_max);

}  // namespace skep::sdk::xray
