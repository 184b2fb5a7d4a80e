// SPDX-License-Identifier: Apache-2.0
// Hash128: sixteen bytes that stand for a text of any length, the same on every machine and for
// ever: they may be stored. Not for secrets. Pure.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

namespace skep {

std::array<uint8_t, 16> Hash128(std::string_view text);

}  // namespace skep
