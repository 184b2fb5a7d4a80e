// SPDX-License-Identifier: Apache-2.0
// Percent-encoding (RFC 3986, 2.1), as W3C Baggage and OTEL_RESOURCE_ATTRIBUTES have it. Pure
// functions.
#pragma once

#include <string>
#include <string_view>

namespace skep::sdk {

// %XX become bytes; a % that is not followed by two hex digits stays as it is.
std::string PercentDecode(std::string_view text);

// Bytes for which `plain` is false become %XX.
template <typename Plain>
std::string PercentEncode(std::string_view text, Plain plain) {
  std::string encoded;
  for (const char c : text) {
    if (plain(c)) {
      encoded += c;
    } else {
      constexpr char kHex[] = "0123456789ABCDEF";
      const auto byte = static_cast<unsigned char>(c);
      encoded += {'%', kHex[byte >> 4U], kHex[byte & 15U]};
    }
  }
  return encoded;
}

}  // namespace skep::sdk
