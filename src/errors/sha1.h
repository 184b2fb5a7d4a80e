// SPDX-License-Identifier: Apache-2.0
// SHA-1, the hash that Rollbar names its groups by; not for secrets. OpenSSL stands behind it.
// Thread-safe.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

namespace skep {

using Sha1Digest = std::array<uint8_t, 20>;

Sha1Digest Sha1(std::string_view text);
std::string Sha1Hex(std::string_view text);  // 40 lower-case digits
// The first eight bytes as a number, never 0.
uint64_t Sha1Id(std::string_view text);

}  // namespace skep
