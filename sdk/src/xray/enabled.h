// SPDX-License-Identifier: Apache-2.0
// AWS_XRAY_SDK_ENABLED: what its text says, in the words that aws_xray_sdk takes. Pure.
#pragma once

#include <optional>
#include <string_view>

namespace skep::sdk::xray {

// "true", "yes", "on", "1" and their opposites, in any case; nothing for another word.
std::optional<bool> ReadEnabled(std::string_view text);

}  // namespace skep::sdk::xray
