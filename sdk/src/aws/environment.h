// SPDX-License-Identifier: Apache-2.0
// A variable of the environment, read each time: what AWS's tools set may change while a program
// runs.
#pragma once

#include <cstdlib>
#include <string>

namespace skep::sdk::aws {

// Empty if it is not set.
inline std::string Env(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? "" : value;
}

}  // namespace skep::sdk::aws
