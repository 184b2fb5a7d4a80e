// SPDX-License-Identifier: Apache-2.0
// CRC32C (Castagnoli), which guards every byte of the journal. Uses the processor's instruction
// where it has one. Pure; thread-safe.
#pragma once

#include <cstdint>
#include <string_view>

namespace skep {

// The checksum of `bytes` after those whose checksum is `before` (0 for none).
uint32_t Crc32c(uint32_t before, std::string_view bytes);

// The same without the instruction, so that tests can hold one against the other.
uint32_t Crc32cPortable(uint32_t before, std::string_view bytes);

}  // namespace skep
