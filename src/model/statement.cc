// SPDX-License-Identifier: Apache-2.0
#include "model/statement.h"

namespace skep {

std::string QuotedIdentifier(std::string_view name) {
  std::string quoted = "`";
  for (const char c : name) {
    if (c == '\0') {
      quoted += "\\0";
      continue;
    }
    if (c == '`' || c == '\\') quoted += '\\';
    quoted += c;
  }
  quoted += '`';
  return quoted;
}

}  // namespace skep
