// SPDX-License-Identifier: Apache-2.0
// SKEP_CHECK: an invariant that is broken only by a bug of ours. Always on; logs the place and
// aborts, which is safe because what was acknowledged is in the journal.
#pragma once

namespace skep {
[[noreturn]] void CheckFailed(const char* expression, const char* file, int line);
}  // namespace skep

#define SKEP_CHECK(expression)                                               \
  do {                                                                       \
    if (!(expression)) ::skep::CheckFailed(#expression, __FILE__, __LINE__); \
  } while (false)
