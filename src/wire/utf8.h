// SPDX-License-Identifier: Apache-2.0
// UTF-8, strictly as RFC 3629: no overlong forms, no surrogates, nothing beyond U+10FFFF. Pure.
#pragma once

#include <cstddef>
#include <string_view>

namespace skep {

// Length of the valid sequence at the start of `text`, or 0.
size_t Utf8Length(std::string_view text);

}  // namespace skep
