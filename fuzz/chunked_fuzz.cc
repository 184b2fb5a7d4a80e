// SPDX-License-Identifier: Apache-2.0
// link: net
#include "net_properties.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  const std::string whole = skep::net::DecodeChunksInPieces(bytes, size);
  for (const size_t piece : {size_t{1}, size_t{3}})
    SKEP_CHECK(skep::net::DecodeChunksInPieces(bytes, piece) == whole);
  return 0;
}
