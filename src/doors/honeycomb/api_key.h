// SPDX-License-Identifier: Apache-2.0
// Keys of calls. There are none that a server must know: any key is taken, a missing one is
// refused. But a key that was made over version 2 is known (known_keys.h): it answers for what it
// is, with another secret or disabled it is refused. Pure but for the catalog.
#pragma once

#include "doors/honeycomb/api_call.h"

namespace skep::honeycomb {

// Refuses the call, or fills its api_key.
Status CheckKey(ApiCall* call);

}  // namespace skep::honeycomb
