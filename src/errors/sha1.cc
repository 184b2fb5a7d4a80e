// SPDX-License-Identifier: Apache-2.0
#include "errors/sha1.h"

#include <openssl/sha.h>

#include "base/hex.h"

namespace skep {

Sha1Digest Sha1(std::string_view text) {
  Sha1Digest digest;
  SHA1(reinterpret_cast<const unsigned char*>(text.data()), text.size(), digest.data());
  return digest;
}

std::string Sha1Hex(std::string_view text) {
  const Sha1Digest digest = Sha1(text);
  std::string hex;
  AppendHex(digest.data(), digest.size(), &hex);
  return hex;
}

uint64_t Sha1Id(std::string_view text) {
  const Sha1Digest digest = Sha1(text);
  uint64_t id = 0;
  for (int i = 0; i < 8; ++i) id = id << 8 | digest[static_cast<size_t>(i)];
  return id == 0 ? 1 : id;
}

}  // namespace skep
