// SPDX-License-Identifier: Apache-2.0
#include "base/free_memory.h"

#include <malloc.h>

namespace skep {

void GiveBackFreeMemory() { malloc_trim(0); }

}  // namespace skep
