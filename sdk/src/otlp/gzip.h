// SPDX-License-Identifier: Apache-2.0
// Gzip (RFC 1952) by zlib at its fastest level.
#pragma once

#include <string>
#include <string_view>

namespace skep::sdk::otlp {

std::string Gzip(std::string_view bytes);

}  // namespace skep::sdk::otlp
