// SPDX-License-Identifier: Apache-2.0
// Whether text is UTF-8 (RFC 3629): receivers refuse a whole request for one string that is not.
#pragma once

#include <string_view>

namespace skep::sdk::otlp {

bool IsUtf8(std::string_view text);
// Copies `text` to `to`, each byte that is no part of UTF-8 as '?'; as long as `text`.
void CopyAsUtf8(std::string_view text, char* to);

}  // namespace skep::sdk::otlp
