// SPDX-License-Identifier: Apache-2.0
#include "xray/enabled.h"

#include <strings.h>

#include <algorithm>
#include <array>
#include <string>

namespace skep::sdk::xray {
namespace {

constexpr std::array<const char*, 6> kYes{"true", "t", "yes", "y", "on", "1"};
constexpr std::array<const char*, 6> kNo{"false", "f", "no", "n", "off", "0"};

}  // namespace

std::optional<bool> ReadEnabled(std::string_view text) {
  const std::string word(text);
  const auto same = [&word](const char* known) { return strcasecmp(known, word.c_str()) == 0; };
  if (std::ranges::any_of(kYes, same)) return true;
  if (std::ranges::any_of(kNo, same)) return false;
  return std::nullopt;
}

}  // namespace skep::sdk::xray
