// SPDX-License-Identifier: Apache-2.0
// What the grammars of headers share. Pure functions.
#pragma once

#include <string_view>
#include <type_traits>

namespace skep::sdk {

// Without blanks and tabs at both ends.
inline std::string_view TrimBlanks(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
  return text;
}

// Calls `each` for each part of `text` between separators, the empty ones too; an `each` that
// returns false ends it.
template <typename Each>
void Split(std::string_view text, char separator, Each each) {
  while (true) {
    const size_t end = text.find(separator);
    if constexpr (std::is_void_v<decltype(each(text))>) {
      each(text.substr(0, end));
    } else if (!each(text.substr(0, end))) {
      return;
    }
    if (end == std::string_view::npos) return;
    text.remove_prefix(end + 1);
  }
}

}  // namespace skep::sdk
