// SPDX-License-Identifier: Apache-2.0
// Own code: whether a frame is the program's own or a library's, runtime's or framework's, told by
// where its file lies. Pure.
#pragma once

#include <string_view>

#include "errors/occurrence.h"

namespace skep {

bool IsOwnCode(const ErrorFrame& frame, std::string_view source_root);

// Whether `filename` lies below the folder `source_root`; never where there is no root.
bool IsBelowRoot(std::string_view filename, std::string_view source_root);

}  // namespace skep
