// SPDX-License-Identifier: Apache-2.0
// SHA-256 (FIPS 180-4) as hex digits, for what must be recognised and not be kept: secrets. Pure.
#pragma once

#include <string>
#include <string_view>

namespace skep {

// 64 small hex digits.
std::string Sha256Hex(std::string_view text);

}  // namespace skep
