// SPDX-License-Identifier: Apache-2.0
#include "base/check.h"

#include <cstdio>
#include <cstdlib>

namespace skep {

void CheckFailed(const char* expression, const char* file, int line) {
  std::fprintf(stderr, "skep: invariant broken at %s:%d: %s\n", file, line, expression);
  std::abort();
}

}  // namespace skep
