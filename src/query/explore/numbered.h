// SPDX-License-Identifier: Apache-2.0
// The aliases that the statements of this folder use: a letter says what, a number which. Pure.
#pragma once

#include <cstddef>
#include <string>

namespace skep {

// Numbered('k', 0) is k1.
inline std::string Numbered(char letter, size_t i) { return letter + std::to_string(i + 1); }

}  // namespace skep
