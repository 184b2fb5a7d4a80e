// SPDX-License-Identifier: Apache-2.0
// The configuration file that the embedded engine starts with: caches and thread pools of the size
// that a small server needs. Pure.
#pragma once

#include <string>

#include "store/embedded/embedded_store.h"

namespace skep {

std::string EngineConfigXml(const EmbeddedOptions& options);

}  // namespace skep
