// SPDX-License-Identifier: Apache-2.0
#include "doors/honeycomb/door.h"

namespace skep::honeycomb {

void Register(net::Router&, const Parts&) {}

std::vector<std::pair<WireFormat, DecodeFunction>> Formats(const Limits&) { return {}; }

}  // namespace skep::honeycomb
