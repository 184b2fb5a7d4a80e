// SPDX-License-Identifier: Apache-2.0
// Base64 (RFC 4648). Output has the standard alphabet and padding; input may use either alphabet,
// padded or not.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace skep {

std::string EncodeBase64(std::string_view bytes);

// Empty for text that is no base64: other characters, wrong padding, an impossible length.
std::optional<std::string> DecodeBase64(std::string_view text);

}  // namespace skep
