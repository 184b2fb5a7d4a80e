// SPDX-License-Identifier: Apache-2.0
// The name of the program that an item comes from. Rollbar has no such field; the folder that the
// program lies in tells most. Pure.
#pragma once

#include <string_view>

namespace skep::rollbar {

inline constexpr std::string_view kUnknownProgram = "unknown_service";

// The last part of a path that names something: not `current`, `app.git/releases/20261124` and the
// like. Empty if there is none.
std::string_view ProgramNameOf(std::string_view root);

// The host of a URL, without user and port; empty if it has none.
std::string_view HostOf(std::string_view url);
// Its path, without query and fragment; empty if it has none.
std::string_view PathOf(std::string_view url);

}  // namespace skep::rollbar
