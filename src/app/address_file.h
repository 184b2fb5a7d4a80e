// SPDX-License-Identifier: Apache-2.0
// The address file: what listens where, as one JSON object, for scripts and tests. It appears whole
// or not at all.
#pragma once

#include <string>

#include "app/instance.h"
#include "base/result.h"

namespace skep::app {

Status WriteAddressFile(const std::string& path, const Addresses& addresses);

}  // namespace skep::app
