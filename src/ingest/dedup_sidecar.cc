// SPDX-License-Identifier: Apache-2.0
#include "ingest/dedup_sidecar.h"

#include <cstring>

#include "ingest/crc32c.h"

namespace skep {
namespace {

constexpr std::string_view kMagic = "SKEPKEY1";
static_assert(sizeof(TimedKey) == 24);

}  // namespace

std::string EncodeSidecar(const std::vector<TimedKey>& keys) {
  std::string bytes(kMagic);
  bytes.append(reinterpret_cast<const char*>(keys.data()), keys.size() * sizeof(TimedKey));
  const uint32_t crc = Crc32c(0, bytes);
  bytes.append(reinterpret_cast<const char*>(&crc), sizeof crc);
  return bytes;
}

Result<std::vector<TimedKey>> DecodeSidecar(std::string_view bytes) {
  uint32_t crc = 0;
  if (bytes.size() < kMagic.size() + sizeof crc || bytes.substr(0, kMagic.size()) != kMagic)
    return Error(Code::kDataLoss, "not a file of keys");
  std::memcpy(&crc, bytes.data() + bytes.size() - sizeof crc, sizeof crc);
  bytes.remove_suffix(sizeof crc);
  if (Crc32c(0, bytes) != crc) return Error(Code::kDataLoss, "a damaged file of keys");
  bytes.remove_prefix(kMagic.size());
  if (bytes.size() % sizeof(TimedKey) != 0) return Error(Code::kDataLoss, "a damaged file of keys");
  std::vector<TimedKey> keys(bytes.size() / sizeof(TimedKey));
  if (!keys.empty()) std::memcpy(keys.data(), bytes.data(), bytes.size());
  return keys;
}

}  // namespace skep
