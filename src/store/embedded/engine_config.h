// SPDX-License-Identifier: Apache-2.0
// The configuration files that the embedded engine starts with: caches and thread pools of the size
// that a small server needs, and a user who may do what Skep does and no more. Pure.
#pragma once

#include <string>

#include "store/embedded/embedded_store.h"

namespace skep {

// `users_path`: where EngineUsersXml is written.
std::string EngineConfigXml(const EmbeddedOptions& options, const std::string& users_path);
std::string EngineUsersXml();

}  // namespace skep
