// SPDX-License-Identifier: Apache-2.0
#include "wire/sha256.h"

#include <openssl/sha.h>

#include <array>
#include <cstdint>

#include "base/hex.h"

namespace skep {

std::string Sha256Hex(std::string_view text) {
  std::array<uint8_t, SHA256_DIGEST_LENGTH> digest{};
  SHA256(reinterpret_cast<const uint8_t*>(text.data()), text.size(), digest.data());
  std::string hex;
  AppendHex(digest.data(), digest.size(), &hex);
  return hex;
}

}  // namespace skep
